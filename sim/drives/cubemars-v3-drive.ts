/**
 * An AK drive of the V3 series on its serial port (AK series module manual V3.0.1). The impedance command is closed in
 * the drive on its own encoder; a second one at the output shaft reads the same in this stiff joint.
 */
import { clamp } from '../../protocols/math.ts';
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';
import { radToDeg } from '../../protocols/units.ts';
import { CUBEMARS_V3, cubemarsRequests, CubemarsV3Splitter, decodeImpedance, emptyImpedanceCommand, encodeV3RotorPosition, encodeV3Status, type V3Extras } from '../../protocols/wire/cubemars.ts';
import { CubemarsDevice } from './cubemars-device.ts';
import type { JointPort, SendBytes } from './device.ts';
import { wrappedDeg } from './servo-device.ts';
import type { ServoMode } from './servo-motor.ts';

/** Section 4.2: ranges of the gains. */
const KP_MAX = 500;
const KD_MAX = 5;
/** The manual names no numbers for the control mode: those of VESC firmware (`mc_control_mode`), impedance by its command. */
const CONTROL_MODES: Readonly<Record<ServoMode, number>> = { duty: 0, speed: 1, current: 2, brake: 3, position: 4, hold: 5, off: 10, impedance: CUBEMARS_V3.impedance };

export class CubemarsV3Drive extends CubemarsDevice {
  readonly #command = emptyImpedanceCommand();
  readonly #extras: V3Extras = { controlMode: CONTROL_MODES.off, encoderDeg: 0, outerEncoderDeg: 0 };

  constructor(private readonly reading: DriveProfileOf<'cubemars-v3'>, joint: JointPort, send: SendBytes) {
    super(reading, joint, send, CUBEMARS_V3, (sink) => new CubemarsV3Splitter(sink, cubemarsRequests));
  }

  protected override onCommand(payload: Uint8Array): void {
    if (decodeImpedance(payload, this.#command)) this.setPoint(() => this.#obeyImpedance());
    else super.onCommand(payload);
  }

  protected override sendValues(): void {
    const values = this.values;
    if (!this.faults.frozenReport) {
      this.#extras.controlMode = CONTROL_MODES[this.mode];
      this.#extras.encoderDeg = wrappedDeg(this.motor.positionRad * this.reading.gearRatio);
      this.#extras.outerEncoderDeg = radToDeg(this.motor.positionRad);
    }
    this.send(this.out.subarray(0, encodeV3Status(this.reading, values, this.#extras, this.out, 0)));
  }

  protected override sendRotorPosition(): void {
    this.send(this.out.subarray(0, encodeV3RotorPosition(this.reading.positionType, this.values.positionDeg, this.out, 0)));
  }

  #obeyImpedance(): void {
    const { positionRad, velocityRadPerSec, currentA, kp, kd } = this.#command;
    const { torqueConstantNmPerA, gainUnit } = this.reading;
    const perGain = gainUnit === 'nmPerRad' ? 1 : torqueConstantNmPerA;
    if (this.faults.wrongMode) this.motor.position(positionRad);
    else this.motor.impedance(positionRad, velocityRadPerSec, currentA * torqueConstantNmPerA, perGain * clamp(kp, 0, KP_MAX), perGain * clamp(kd, 0, KD_MAX));
  }
}

/** An AK10-9 V3 as it leaves the factory, read as the manual's text has it: no command timeout. */
export const bareCubemarsV3 = (address: number): DriveProfileOf<'cubemars-v3'> => ({
  protocol: 'cubemars-v3',
  model: 'AK10-9 V3.0',
  link: 'bus',
  address,
  setPoint: 'impedance',
  watchdog: 'hubRelay',
  statusBytes: 85,
  positionType: 'float',
  gainUnit: 'nmPerRad',
  positionRangeRad: 12.56,
  velocityRangeRadPerSec: 28,
  torqueRangeNm: 54,
  stiffnessMaxNmPerRad: KP_MAX,
  dampingMaxNmsPerRad: KD_MAX,
  direction: 1,
  zeroOffsetDeg: 0,
  continuousTorqueNm: 18,
  peakTorqueNm: 48,
  peakTimeSec: 10,
  watchdogMs: 100,
  tempWarnC: 75,
  tempLimitC: 90,
  torqueConstantNmPerA: 1.43,
  gearRatio: 9,
  polePairs: 21,
});
