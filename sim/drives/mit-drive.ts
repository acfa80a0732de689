/**
 * An AK drive of the first or second version, or a mini-cheetah: MIT frames, impedance closed in the drive on its own
 * motor-side encoder. It answers every frame addressed to it, also outside motor mode, and never moves by itself: after
 * power comes, after a watchdog trip and after a fault it stays out of motor mode until told to enter. It tells neither
 * its mode nor who it is, so a wrong identity cannot show.
 */
import type { MitDriveProfile } from '../../protocols/drive-profile.ts';
import { MIT_FRAME_BYTES, MIT_HOST_CAN_ID, MitCodec, emptyMitCommand, mitReplyBytes, mitSpecialOf, type MitSpecial } from '../../protocols/wire/mit.ts';
import { emptyCanFrame, type CanFrame } from '../../protocols/wire/slcan.ts';
import { AkDrive } from './ak-drive.ts';
import type { JointPort } from './device.ts';

/**
 * CubeMars AK80-9 (V1/V2) as delivered: ranges of its driver manual, and a CAN timeout of 0 cycles, which is none
 * (listing of `setup` in a user's terminal, forum.arduino.cc/t/1359855).
 */
export const bareMit = (address: number): MitDriveProfile => ({
  protocol: 'mit',
  model: 'AK80-9',
  link: 'bus',
  address,
  setPoint: 'impedance',
  watchdog: 'hubRelay',
  watchdogMs: 100,
  scaling: '2^n-1',
  positionRangeRad: 12.5,
  velocityRangeRadPerSec: 50,
  torqueRangeNm: 18,
  stiffnessMaxNmPerRad: 500,
  dampingMaxNmsPerRad: 5,
  direction: 1,
  zeroOffsetDeg: 0,
  continuousTorqueNm: 9,
  peakTorqueNm: 18,
  peakTimeSec: 10,
  tempWarnC: 75,
  tempLimitC: 90,
});

export class MitDrive extends AkDrive {
  readonly #codec: MitCodec;
  readonly #command = emptyMitCommand();
  readonly #answer = emptyCanFrame();

  constructor(
    private readonly drive: MitDriveProfile,
    joint: JointPort,
  ) {
    super(drive, joint);
    this.#codec = new MitCodec(drive);
    this.#answer.id = MIT_HOST_CAN_ID;
    this.#answer.length = mitReplyBytes(drive);
  }

  onCanFrame(frame: CanFrame, nowUs: number): void {
    const forMe = !frame.extended && !frame.remote && frame.id === this.drive.address && frame.length === MIT_FRAME_BYTES;
    if (!forMe) return;
    const special = mitSpecialOf(frame.data);
    if (special !== null) this.#onSpecial(special, nowUs);
    else if (this.motor.isOn) {
      if (!this.faults.ignoresCommands) this.#codec.decodeCommand(frame.data, this.#command);
      this.motor.feed(nowUs);
    }
    this.motor.look();
    this.#answer.data.fill(0);
    this.#codec.encodeReply(this.motor.report, this.#answer.data);
    this.transmit?.(this.#answer, nowUs);
  }

  step(nowUs: number, durationS: number): void {
    this.motor.beginStep(nowUs);
    this.motor.endStep(this.motor.impedanceNm(this.#command), durationS);
  }

  #onSpecial(special: MitSpecial, nowUs: number): void {
    if (special === 'zero') this.motor.setZero(true);
    else if (special === 'exit') this.motor.exit();
    else if (this.motor.enter(nowUs)) Object.assign(this.#command, emptyMitCommand());
  }
}
