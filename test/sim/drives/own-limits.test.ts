/** What every virtual drive does against its host's wishes: its own torque, speed and temperature limits. */
import { describe, expect, test } from 'vitest';
import type { DriveProfile } from '../../../protocols/drive-profile.ts';
import { CIA402_ERROR } from '../../../protocols/wire/cia402.ts';
import { dxlHardwareErrors } from '../../../protocols/wire/dynamixel-table.ts';
import { EPOS4_DEVICE_ERROR } from '../../../protocols/wire/epos4.ts';
import { mitErrors } from '../../../protocols/wire/mit.ts';
import { MOTEUS_FAULT } from '../../../protocols/wire/moteus.ts';
import { unitreeErrors } from '../../../protocols/wire/unitree.ts';
import { servoFaults } from '../../../protocols/wire/vesc-values.ts';
import { bareAkV3 } from '../../../sim/drives/ak-v3-drive.ts';
import { bareCia402 } from '../../../sim/drives/cia402-drive.ts';
import { bareCubemarsV1 } from '../../../sim/drives/cubemars-v1-drive.ts';
import { bareCubemarsV3 } from '../../../sim/drives/cubemars-v3-drive.ts';
import { bareDynamixel } from '../../../sim/drives/dynamixel-drive.ts';
import { bareEpos4 } from '../../../sim/drives/epos4-drive.ts';
import { bareMit } from '../../../sim/drives/mit-drive.ts';
import { bareMoteus } from '../../../sim/drives/moteus-drive.ts';
import { bareOdrive } from '../../../sim/drives/odrive-drive.ts';
import { bareUnitree } from '../../../sim/drives/unitree-drive.ts';
import { bareVesc } from '../../../sim/drives/vesc-drive.ts';
import { createLineRig } from '../../hal/drives/line-rig.ts';

/** Motor over-temperature of ODrive firmware 0.5: `MOTOR_ERROR_MOTOR_THERMISTOR_OVER_TEMP`. */
const ODRIVE_HOT = 0x4_0000;

interface Case {
  readonly name: string;
  readonly drive: DriveProfile;
  readonly hotCode: number;
  /** Its manual takes torque back before it shuts off. */
  readonly derates: boolean;
}

const servoHot = servoFaults.indexOf('motorOverTemperature');
const mitHot = mitErrors.indexOf('motorOverTemperature');
const cases: readonly Case[] = [
  { name: 'MIT drive', drive: bareMit(1), hotCode: mitHot, derates: false },
  { name: 'AK drive V3 on CAN', drive: bareAkV3(1), hotCode: mitHot, derates: false },
  { name: 'CiA 402 drive', drive: bareCia402(1), hotCode: CIA402_ERROR.motorTemperature, derates: false },
  { name: 'CubeMars V1', drive: bareCubemarsV1(1), hotCode: servoHot, derates: true },
  { name: 'CubeMars V3', drive: bareCubemarsV3(1), hotCode: servoHot, derates: true },
  { name: 'VESC', drive: bareVesc(1), hotCode: servoHot, derates: true },
  { name: 'moteus', drive: bareMoteus(1), hotCode: MOTEUS_FAULT.overTemperature, derates: true },
  { name: 'ODrive', drive: bareOdrive(0), hotCode: ODRIVE_HOT, derates: true },
  { name: 'Dynamixel', drive: bareDynamixel(1), hotCode: dxlHardwareErrors.overheating, derates: false },
  { name: 'EPOS4', drive: bareEpos4(1), hotCode: EPOS4_DEVICE_ERROR.powerStageTemperature, derates: false },
  { name: 'Unitree motor', drive: bareUnitree(1), hotCode: unitreeErrors.indexOf('overTemperature'), derates: false },
];

describe.each(cases)('$name', ({ drive, hotCode, derates }) => {
  /** Enabled, and told to give all it has against a joint that stands. */
  const straining = async () => {
    const rig = createLineRig([drive]);
    rig.loads[0]!.held = true;
    await rig.enable();
    rig.set(0, { positionRad: 0, velocityRadPerSec: 0, stiffnessNmPerRad: 0, dampingNmsPerRad: 0, torqueNm: 10 * drive.peakTorqueNm });
    await rig.ticks(25);
    return rig;
  };
  const torqueNm = (rig: Awaited<ReturnType<typeof straining>>): number => Math.abs(rig.loads[0]!.torqueNm);

  test('never gives more than its peak torque, however much it is told', async () => {
    const rig = await straining();
    expect(torqueNm(rig)).toBeGreaterThan(0.3 * drive.peakTorqueNm);
    expect(torqueNm(rig)).toBeLessThanOrEqual(drive.peakTorqueNm * (1 + 1e-9));
  });

  test('drives no joint beyond the speed that its voltage allows', async () => {
    const rig = await straining();
    rig.loads[0]!.position = 0;
    rig.loads[0]!.velocity = 1.1 * drive.velocityRangeRadPerSec * Math.sign(rig.loads[0]!.torqueNm);
    rig.virtual.drives[0]!.step(rig.clock.nowUs(), 0.001);
    expect(rig.loads[0]!.torqueNm * rig.loads[0]!.velocity).toBeLessThanOrEqual(0);
  });

  test(`${derates ? 'takes torque back when it is hot, and ' : ''}shuts off at its limit with the code of its manual`, async () => {
    const rig = await straining();
    const coldNm = torqueNm(rig);
    rig.virtual.drives[0]!.heatTo((drive.tempWarnC + drive.tempLimitC) / 2);
    await rig.ticks(1);
    const share = torqueNm(rig) / coldNm;
    expect({ less: share < 0.8, full: share > 0.9 }).toEqual({ less: derates, full: !derates });
    rig.virtual.drives[0]!.heatTo(drive.tempLimitC + 10);
    await rig.ticks(10);
    expect(torqueNm(rig)).toBe(0);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
    await rig.until(() => rig.joint().driveErrorCode !== 0, 300);
    expect(rig.joint().driveErrorCode).toBe(hotCode);
  });
});
