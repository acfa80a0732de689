/** What a virtual AK drive is to the simulator, whatever frames it speaks. */
import type { MitDriveProfile } from '../../protocols/drive-profile.ts';
import type { CanFrame } from '../../protocols/wire/slcan.ts';
import { AkMotor } from './ak-motor.ts';
import type { CanNode, CanTransmit, JointPort, VirtualDrive } from './device.ts';

export abstract class AkDrive implements CanNode, VirtualDrive {
  protected readonly motor: AkMotor;
  protected transmit: CanTransmit | null = null;

  constructor(drive: MitDriveProfile, joint: JointPort) {
    this.motor = new AkMotor(drive, joint);
  }

  abstract onCanFrame(frame: CanFrame, nowUs: number): void;

  /** Sets the torque of the coming physics step. */
  abstract step(nowUs: number, durationS: number): void;

  get faults(): AkMotor['faults'] {
    return this.motor.faults;
  }

  get energised(): boolean {
    return this.motor.isOn;
  }

  get canBitRate(): number {
    return this.motor.canBitRate;
  }

  attach(transmit: CanTransmit): void {
    this.transmit = transmit;
  }

  setPower(on: boolean, nowUs: number): void {
    this.motor.setPower(on, nowUs);
  }

  reset(nowUs: number): void {
    this.motor.reset(nowUs);
  }

  heatTo(tempC: number): void {
    this.motor.heatTo(tempC);
  }
}
