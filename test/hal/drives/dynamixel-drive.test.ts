/** The host's servos against the virtual ones, and the bytes that the host sends. */
import { describe, expect, test } from 'vitest';
import { dxlTable as table } from '../../../protocols/wire/dynamixel-table.ts';
import { servo, rigOf, register, poke, instructionsIn } from './dynamixel-rig.ts';

describe('set-up', () => {
  test('identity is read, and watchdog and limits are set', async () => {
    const rig = rigOf([servo(1)]);
    await rig.until(() => rig.joint().driveState === 'disabled');
    expect(rig.drives[0]!.identity).toEqual({ model: 'XM430-W350', firmware: '45', serialNumber: '' });
    expect(register(rig, 0, table.busWatchdog)).toBe(5);
    expect(register(rig, 0, table.operatingMode)).toBe(0);
    expect(register(rig, 0, table.returnDelay)).toBe(0);
    expect(register(rig, 0, table.temperatureLimit)).toBe(80);
    // 4.1 Nm are 2.3 A: 855 units of 2.69 mA.
    expect(register(rig, 0, table.currentLimit)).toBe(855);
    expect(rig.drives[0]!.refusal).toBeNull();
    expect(rig.notices).toEqual([]);
  });

  test('what an earlier host left is put right: silent, armed by goals, reversed', async () => {
    const rig = rigOf([servo(1)]);
    await rig.ticks(60);
    rig.memory.device.unplug();
    await rig.ticks(5);
    poke(rig, 1, table.driveMode, 0x09);
    poke(rig, 1, table.homingOffset, 100);
    poke(rig, 1, table.statusReturnLevel, 0);
    rig.memory.device.plug();
    await rig.until(() => rig.joint().driveState === 'disabled');
    expect([table.driveMode, table.homingOffset, table.statusReturnLevel].map((item) => register(rig, 0, item))).toEqual([0, 0, 2]);
    expect(rig.joint().motorPositionRad).toBeCloseTo(0, 2);
  });

  test('another model is refused by name', async () => {
    const rig = rigOf([servo(1)], [servo(1, { modelNumber: 1_060 })]);
    await rig.ticks(400);
    expect(rig.joint().driveState).toBe('absent');
    expect(rig.drives[0]!.refusal).toMatch(/it is a XL430-W250 \(model number 1060\).*correct the profile\.$/);
    expect(rig.notices.map(({ code }) => code)).toContain('driveRefused');
  });

  test('a watchdog that the servo cannot count, and a model without current control, are refused before anything is sent', () => {
    expect(rigOf([servo(1, { watchdogMs: 90 })]).drives[0]!.refusal).toContain('steps of 20 ms');
    expect(rigOf([servo(1, { watchdogMs: 5_000 })]).drives[0]!.refusal).toContain('2540 ms');
    expect(rigOf([servo(1, { modelNumber: 1_060 })]).drives[0]!.refusal).toContain('XL430-W250 does not control its current');
  });

  test('a limit that the servo cannot take is refused', async () => {
    const rig = rigOf([servo(1, { peakTorqueNm: 5.8, torqueRangeNm: 6 })]);
    await rig.until(() => rig.drives[0]!.refusal !== null);
    expect(rig.drives[0]!.refusal).toMatch(/current limit cannot be set to 1209 \(the value is out of its range\)/);
  });

  test('EEPROM that is right is not written again', async () => {
    const rig = rigOf([servo(1)]);
    await rig.until(() => rig.joint().driveState === 'disabled');
    rig.memory.device.unplug();
    await rig.ticks(5);
    rig.memory.device.plug();
    rig.sent.length = 0;
    await rig.until(() => rig.joint().driveState === 'disabled');
    // Status return level and watchdog (RAM) and the layout; reads are 2.
    expect(instructionsIn(rig.sent).filter((instruction) => instruction === 0x03).length).toBeLessThanOrEqual(4);
  });
});

describe('in use', () => {
  test('an impedance is closed by the host and the servo is released again', async () => {
    const rig = rigOf([servo(1)]);
    await rig.enable();
    rig.set(0, { positionRad: 0.4, stiffnessNmPerRad: 8, dampingNmsPerRad: 0.5 });
    await rig.ticks(1_500);
    expect(rig.joint().motorPositionRad).toBeCloseTo(0.4, 1);
    expect(rig.joint().driveTempC).toBeGreaterThanOrEqual(25);
    rig.command.enable = false;
    await rig.ticks(4);
    expect(rig.joint().driveState).toBe('disabled');
    expect(rig.virtual.drives[0]!.energised).toBe(false);
    expect(rig.drives[0]!.statistics.refused).toBe(0);
  });

  test('a reversed joint moves as it is told', async () => {
    const rig = rigOf([servo(1, { direction: -1, zeroOffsetDeg: 180 })]);
    await rig.enable();
    rig.set(0, { torqueNm: 1 });
    await rig.ticks(20);
    expect(rig.loads[0]!.torqueNm).toBeCloseTo(1, 1);
    expect(rig.joint().motorTorqueNm).toBeCloseTo(1, 1);
    expect(rig.joint().motorVelocityRadPerSec).toBeGreaterThan(0);
  });

  test('a position set-point goes to the loop of the servo under its current limit', async () => {
    const rig = rigOf([servo(1, { setPoint: 'position' })]);
    await rig.enable();
    expect(register(rig, 0, table.operatingMode)).toBe(5);
    expect(rig.loads[0]!.position).toBeCloseTo(0, 2);
    rig.set(0, { positionRad: 0.3 });
    await rig.ticks(1_500);
    expect(rig.joint().motorPositionRad).toBeCloseTo(0.3, 1);
    expect(register(rig, 0, table.goalPosition)).toBe(2_048 + Math.round((0.3 * 4_096) / (2 * Math.PI)));
  });

  test('a command that is no number releases the servo', async () => {
    const rig = rigOf([servo(1)]);
    await rig.enable();
    rig.set(0, { torqueNm: NaN });
    await rig.ticks(4);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
    expect(rig.joint().driveState).toBe('disabled');
  });

  test('four servos are read in every cycle', async () => {
    const rig = rigOf([1, 2, 3, 4].map((id) => servo(id)));
    await rig.enable();
    const before = rig.inputs.joints.map((joint) => joint.driveSequence);
    await rig.ticks(100);
    expect(rig.inputs.joints.map((joint, i) => joint.driveSequence - before[i]!)).toEqual([100, 100, 100, 100]);
    expect(rig.link.stats.checksumErrors).toBe(0);
  });

  test('families with other tables share a bus by bulk reads', async () => {
    const rig = rigOf([servo(1), servo(2, { modelNumber: 1_200, currentUnitMa: 1, torqueConstantNmPerA: 0.35, peakTorqueNm: 0.5, torqueRangeNm: 0.6, continuousTorqueNm: 0.2 })]);
    await rig.enable();
    rig.sent.length = 0;
    await rig.tick();
    expect(instructionsIn(rig.sent).slice(0, 2)).toEqual([0x83, 0x92]);
    expect(rig.inputs.joints.map((joint) => joint.driveState)).toEqual(['enabled', 'enabled']);
  });
});

describe('when things go wrong', () => {
  test('a pause longer than the watchdog stops the servo; it stays released until it is disarmed and armed again', async () => {
    const rig = rigOf([servo(1)]);
    await rig.enable();
    rig.set(0, { torqueNm: 1 });
    rig.loads[0]!.held = true;
    await rig.ticks(10);
    rig.advance(110_000);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
    expect(rig.loads[0]!.torqueNm).toBe(0);
    await rig.ticks(50);
    expect(rig.joint().driveState).toBe('disabled');
    expect(rig.loads[0]!.torqueNm).toBe(0);
    expect(register(rig, 0, table.busWatchdog)).toBe(5);
    rig.command.enable = false;
    await rig.ticks(2);
    await rig.enable();
    await rig.ticks(3);
    expect(rig.loads[0]!.torqueNm).toBeCloseTo(1, 1);
  });

  test('a servo that resets in mid-run shows as not enabled at once, and does not move by itself afterwards', async () => {
    const rig = rigOf([servo(1), servo(2)]);
    await rig.enable();
    rig.set(0, { torqueNm: 1 });
    await rig.ticks(10);
    rig.virtual.drives[0]!.reset(rig.clock.nowUs());
    await rig.ticks(200);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
    expect(rig.joint(0).driveState).toBe('disabled');
    expect(rig.joint(1).driveState).toBe('enabled');
    expect(register(rig, 0, table.busWatchdog)).toBe(5);
  });

  test('a brown-out too short to be missed is seen by the watchdog that reads 0', async () => {
    const rig = rigOf([servo(1)]);
    await rig.enable();
    rig.virtual.drives[0]!.reset(rig.clock.nowUs());
    rig.advance(220_000);
    await rig.ticks(3);
    expect(rig.joint().driveState).toBe('absent');
    expect(rig.joint().driveAgeUs).toBe(Infinity);
    await rig.until(() => rig.joint().driveState === 'disabled');
    await rig.ticks(50);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
  });

  test('a servo that is missing costs the others two cycles in three until it is known to be missing, and then one in thirty', async () => {
    const rig = rigOf([servo(1), servo(2), servo(3)]);
    await rig.enable();
    rig.virtual.drives[0]!.setPower(false, rig.clock.nowUs());
    await rig.ticks(10);
    const before = rig.joint(2).driveSequence;
    await rig.ticks(250);
    expect(rig.joint(0).driveState).toBe('absent');
    expect(rig.inputs.joints.map((joint) => joint.driveState).slice(1)).toEqual(['enabled', 'enabled']);
    expect(rig.joint(2).driveSequence - before).toBeGreaterThan(220);
    rig.virtual.drives[0]!.setPower(true, rig.clock.nowUs());
    await rig.until(() => rig.joint(0).driveState === 'disabled');
  });

  test('a servo that hears and is not heard is released though the traffic of the others feeds its watchdog', async () => {
    const rig = rigOf([servo(1), servo(2)]);
    await rig.enable();
    rig.loads[0]!.held = true;
    rig.set(0, { torqueNm: 1 });
    await rig.ticks(5);
    expect(rig.loads[0]!.torqueNm).toBeCloseTo(1, 1);
    // Its answers are lost: it says nothing at all.
    poke(rig, 1, table.statusReturnLevel, 0);
    await rig.ticks(60);
    expect(rig.loads[0]!.torqueNm).toBe(0);
    expect(rig.joint(1).driveState).toBe('enabled');
  });

  test('overheating is a fault with its bit, and a reboot after disarming clears it', async () => {
    const rig = rigOf([servo(1, { tempLimitC: 27, tempWarnC: 26, continuousTorqueNm: 0.5 })]);
    await rig.enable();
    rig.loads[0]!.held = true;
    rig.set(0, { torqueNm: 4 });
    await rig.until(() => rig.joint().driveState === 'fault', 5_000);
    expect(rig.joint().driveErrorCode).toBe(0x04);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
    await rig.ticks(100);
    expect(rig.joint().driveState).toBe('fault');
    rig.sent.length = 0;
    rig.command.enable = false;
    await rig.ticks(10);
    expect(instructionsIn(rig.sent)).toContain(0x08);
    rig.loads[0]!.held = false;
    await rig.until(() => rig.joint().driveState !== 'absent');
  });

  test('a mode that changes in mid-run is a refusal', async () => {
    const rig = rigOf([servo(1)]);
    await rig.enable();
    rig.virtual.drives[0]!.faults.wrongMode = true;
    await rig.ticks(20);
    expect(rig.joint().driveState).toBe('absent');
    expect(rig.drives[0]!.refusal).toContain('another operating mode');
    expect(rig.virtual.drives[0]!.energised).toBe(false);
  });

  test('a report that stands still, clock and all, is refused and grows old', async () => {
    const rig = rigOf([servo(1)]);
    await rig.enable();
    await rig.ticks(5);
    rig.virtual.drives[0]!.faults.frozenReport = true;
    await rig.ticks(10);
    expect(rig.drives[0]!.statistics.refused).toBeGreaterThan(5);
    expect(rig.joint().driveAgeUs).toBeGreaterThan(30_000);
  });

  test('a position that the joint cannot have is refused and told as none', async () => {
    const rig = rigOf([servo(1)]);
    await rig.until(() => rig.joint().driveState === 'disabled');
    rig.loads[0]!.held = true;
    rig.loads[0]!.position = 9;
    const { refused } = rig.drives[0]!.statistics;
    const { driveSequence } = rig.joint();
    await rig.ticks(5);
    expect(rig.joint().motorPositionRad).toBeNaN();
    expect(rig.joint().driveSequence).toBeGreaterThan(driveSequence);
    expect(rig.drives[0]!.statistics.refused).toBeGreaterThan(refused);
    rig.loads[0]!.position = 0;
    await rig.ticks(5);
    expect(rig.joint().motorPositionRad).toBeCloseTo(0, 2);
  });

  test('a servo that ignores commands never shows as enabled', async () => {
    const rig = rigOf([servo(1)]);
    await rig.until(() => rig.joint().driveState === 'disabled');
    rig.virtual.drives[0]!.faults.ignoresCommands = true;
    rig.command.enable = true;
    await rig.ticks(50);
    expect(rig.joint().driveState).toBe('disabled');
  });

  test('two servos with one id are named as what they may be', async () => {
    const rig = rigOf([servo(1)], [servo(1), servo(1)]);
    rig.loads[1]!.position = 0.3;
    rig.loads[1]!.held = true;
    await rig.until(() => rig.drives[0]!.refusal !== null, 1_500);
    expect(rig.drives[0]!.refusal).toContain('two servos may have the id 1');
    expect(rig.joint().driveState).toBe('absent');
    expect(rig.link.stats.checksumErrors).toBeGreaterThan(20);
  });

  test('noise on the line is counted and survived', async () => {
    const rig = rigOf([servo(1)]);
    await rig.enable();
    for (let i = 0; i < 100; i++) {
      rig.memory.device.write(Uint8Array.of(0xff, 0xff, 0xfd, 0x00, i, 0xff, 0x01, 0x55, i));
      await rig.tick();
    }
    await rig.ticks(200);
    expect(rig.link.stats.bytesDiscarded).toBeGreaterThan(100);
    expect(['enabled', 'disabled']).toContain(rig.joint().driveState);
  });
});
