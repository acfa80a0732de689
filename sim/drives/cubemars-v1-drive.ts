/** An AK drive of the V1/V2 series on its serial port (AK series module driver manual V1.0.8 … V1.0.18). */
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';
import { CUBEMARS_V1, CUBEMARS_V1_ROTOR_POSITION_SCALE, CUBEMARS_VALUES_MASK, cubemarsRequests } from '../../protocols/wire/cubemars.ts';
import { encodeRotorPosition, encodeValuesReply, VescSplitter } from '../../protocols/wire/vesc.ts';
import { CubemarsDevice } from './cubemars-device.ts';
import type { JointPort, SendBytes } from './device.ts';

export class CubemarsV1Drive extends CubemarsDevice {
  constructor(profile: DriveProfileOf<'cubemars-v1'>, joint: JointPort, send: SendBytes) {
    super(profile, joint, send, CUBEMARS_V1, (sink) => new VescSplitter(sink, cubemarsRequests));
  }

  protected override sendValues(): void {
    this.send(this.out.subarray(0, encodeValuesReply(CUBEMARS_V1, CUBEMARS_VALUES_MASK, this.values, this.out, 0)));
  }

  protected override sendRotorPosition(): void {
    this.send(this.out.subarray(0, encodeRotorPosition(CUBEMARS_V1, this.values.positionDeg * CUBEMARS_V1_ROTOR_POSITION_SCALE, this.out, 0)));
  }
}

/** An AK80-64 as it leaves the factory: no command timeout. */
export const bareCubemarsV1 = (address: number): DriveProfileOf<'cubemars-v1'> => ({
  protocol: 'cubemars-v1',
  model: 'AK80-64',
  link: 'bus',
  address,
  setPoint: 'torque',
  watchdog: 'hubRelay',
  positionRangeRad: 12.5,
  velocityRangeRadPerSec: 8,
  torqueRangeNm: 144,
  stiffnessMaxNmPerRad: 300,
  dampingMaxNmsPerRad: 10,
  direction: 1,
  zeroOffsetDeg: 0,
  continuousTorqueNm: 48,
  peakTorqueNm: 120,
  peakTimeSec: 10,
  watchdogMs: 100,
  tempWarnC: 75,
  tempLimitC: 90,
  torqueConstantNmPerA: 6.3,
  gearRatio: 64,
  polePairs: 21,
});
