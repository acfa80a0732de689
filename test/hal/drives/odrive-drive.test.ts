import { describe, expect, it } from 'vitest';
import type { DriveProfileOf } from '../../../protocols/drive-profile.ts';
import { bareOdrive, ODRIVE_BOOT_US } from '../../../sim/drives/odrive-drive.ts';
import type { OdriveAxis } from '../../../sim/drives/odrive-axis.ts';
import { encodeOdriveLine, encodeOdriveReply } from '../../../protocols/wire/odrive.ts';
import { createLineRig, PERIOD_US } from './line-rig.ts';

type Profile = DriveProfileOf<'odrive-ascii'>;
const BOOT_TICKS = Math.ceil(ODRIVE_BOOT_US / PERIOD_US) + 5;
const text = (data: readonly number[]): string => String.fromCharCode(...data);
const line = (content: string): string => String.fromCharCode(...encodeOdriveLine(content));
const reply = (content: string): Uint8Array => encodeOdriveReply(content, true);

const rigOf = (overrides: Partial<Profile> = {}, device: Partial<Profile> = overrides) =>
  createLineRig([{ ...bareOdrive(0), ...overrides }], { deviceDrives: [{ ...bareOdrive(0), ...device }] });
const axisOf = (rig: ReturnType<typeof createLineRig>, i = 0): OdriveAxis => rig.virtual.drives[i] as OdriveAxis;

describe('an ODrive axis', () => {
  it('is told its limits and its watchdog with checksums, and each is read back, before it is used', async () => {
    const rig = rigOf();
    await rig.until(() => rig.joint().driveState === 'disabled');
    const sent = text(rig.sent);
    expect(sent.startsWith(`\n${line('f 1001')}`)).toBe(true);
    for (const request of [
      ['w axis0.requested_state 1', 'r axis0.current_state'],
      ['r fw_version_minor'],
      ['r axis0.motor.config.torque_constant'],
      ['w axis0.motor.config.current_lim 50.403226', 'r axis0.motor.config.current_lim'],
      ['w axis0.motor.config.torque_lim 2.777778', 'r axis0.motor.config.torque_lim'],
      ['w axis0.controller.config.vel_limit 42.971835', 'r axis0.controller.config.vel_limit'],
      ['w axis0.controller.config.control_mode 1', 'r axis0.controller.config.control_mode'],
      ['w axis0.controller.config.input_mode 1', 'r axis0.controller.config.input_mode'],
      ['w axis0.config.watchdog_timeout 0.100000', 'r axis0.config.watchdog_timeout'],
      ['u 0', 'w axis0.config.enable_watchdog 1', 'r axis0.config.enable_watchdog'],
      ['u 0', 'r axis0.error'],
    ])
      expect(sent).toContain(request.map(line).join(''));
    expect(axisOf(rig).config).toMatchObject({ enableWatchdog: 1, controlMode: 1 });
    expect(rig.drives[0]!.identity).toEqual({ model: 'ODrive v3.6', firmware: '0.5.6', serialNumber: '356190298' });
  });

  it('is fed and polled while it is released, byte for byte', async () => {
    const rig = rigOf();
    await rig.until(() => rig.joint().driveState === 'disabled');
    await rig.ticks(20);
    rig.sent.length = 0;
    await rig.tick();
    rig.advance(2_000);
    expect(text(rig.sent)).toContain(line('u 0') + line('f 0'));
    expect(text(rig.sent)).toMatch(/r axis0\.[\w.]+\*\d+\n$/);
  });

  it('closes the impedance at the joint and sends torque at the motor', async () => {
    const rig = rigOf();
    await rig.enable();
    rig.loads[0]!.held = true;
    rig.set(0, { positionRad: 0.2, stiffnessNmPerRad: 45, dampingNmsPerRad: 1, torqueNm: 0 });
    rig.sent.length = 0;
    await rig.ticks(3);
    // 45 Nm/rad · 0.2 rad / 9 = 1 Nm at the motor
    expect(text(rig.sent)).toContain(line('c 0 1.000000') + line('f 0'));
    expect(rig.loads[0]!.torqueNm).toBeCloseTo(9, 3);
    await rig.ticks(20);
    expect(rig.joint().motorTorqueNm).toBeCloseTo(9, 2);
    rig.loads[0]!.held = false;
    rig.set(0, { positionRad: 0.2, stiffnessNmPerRad: 60, dampingNmsPerRad: 5 });
    await rig.ticks(750);
    expect(rig.joint().motorPositionRad).toBeCloseTo(0.2, 2);
    expect(rig.joint()).toMatchObject({ driveState: 'enabled', driveErrorCode: 0 });
    expect(rig.link.stats).toMatchObject({ bytesDiscarded: 0, checksumErrors: 0 });
  });

  it('applies direction and zero offset once, in both ways', async () => {
    const rig = rigOf({ direction: -1, zeroOffsetDeg: 20 });
    await rig.enable();
    rig.set(0, { positionRad: 0.5, stiffnessNmPerRad: 60, dampingNmsPerRad: 5 });
    await rig.ticks(750);
    expect(rig.loads[0]!.position).toBeCloseTo(0.5, 2);
    expect(rig.joint().motorPositionRad).toBeCloseTo(0.5, 2);
  });

  it.each([
    ['velocity', { velocityRadPerSec: 1 }, /v 0 1\.432394 0\.000000\*/],
    ['position', { positionRad: 0.3 }, /p 0 0\.429718 0\.000000 0\.000000\*/],
  ] as const)('leaves the loop to the drive for %s set-points', async (setPoint, command, sent) => {
    const rig = rigOf({ setPoint });
    await rig.enable();
    rig.set(0, command);
    rig.sent.length = 0;
    await rig.ticks(1_000);
    expect(text(rig.sent)).toMatch(sent);
    expect(setPoint === 'position' ? rig.joint().motorPositionRad / 0.3 : rig.joint().motorVelocityRadPerSec).toBeCloseTo(1, 1);
  });

  it('speaks the names of 0.6 to a board that runs it', async () => {
    const rig = rigOf({ firmware: '0.6' });
    await rig.enable();
    await rig.ticks(40);
    const sent = text(rig.sent);
    for (const request of ['w axis0.config.torque_soft_min -2.777778', 'w axis0.config.motor.current_soft_max 50.403226', 'r axis0.motor.foc.Iq_measured', 'r axis0.disarm_reason']) expect(sent).toContain(line(request));
    expect(rig.drives[0]!.identity?.firmware).toBe('0.6.10');
  });

  it('shares its line with the other axis of the board, each with its own answers', async () => {
    const rig = createLineRig([bareOdrive(0), bareOdrive(1)]);
    await rig.enable();
    rig.set(0, { positionRad: 0.2, stiffnessNmPerRad: 60, dampingNmsPerRad: 5 });
    rig.set(1, { positionRad: -0.3, stiffnessNmPerRad: 60, dampingNmsPerRad: 5 });
    await rig.ticks(750);
    expect([rig.joint(0).motorPositionRad, rig.joint(1).motorPositionRad].map((value) => Math.round(value * 100) / 100)).toEqual([0.2, -0.3]);
    expect(rig.drives.map((drive) => drive.statistics.refused)).toEqual([0, 0]);
  });
});

describe('an ODrive axis that is not as it should be', () => {
  it.each([
    ['another firmware', {}, { firmware: '0.6' as const }, /firmware 0\.6, the profile says 0\.5/],
    ['another motor', {}, { torqueConstantNmPerA: 0.9 }, /Nm\/A, the profile says 0\.0551/],
  ])('is refused for %s', async (_, host, device, reason) => {
    const rig = rigOf(host, device);
    await rig.until(() => rig.drives[0]!.refusal !== null);
    expect(rig.drives[0]!.refusal).toMatch(reason);
    await rig.ticks(400);
    expect(rig.joint().driveState).toBe('absent');
    expect(rig.notices.map((notice) => notice.code)).toContain('driveRefused');
  });

  it('is refused when it says that it is another model', async () => {
    const rig = rigOf();
    axisOf(rig).faults.wrongIdentity = true;
    await rig.until(() => rig.drives[0]!.refusal !== null);
    expect(rig.drives[0]!.refusal).toContain('firmware 0.4');
  });

  it('is refused when it runs another mode than it is told, also when that begins in mid-run', async () => {
    const rig = rigOf();
    await rig.enable();
    axisOf(rig).faults.wrongMode = true;
    await rig.until(() => rig.drives[0]!.refusal !== null);
    expect(rig.drives[0]!.refusal).toContain('control_mode) stays at 2 instead of 1');
    expect(axisOf(rig).energised).toBe(false);
  });

  it('is set up anew, and not moved, when it restarted in mid-run and forgot its watchdog', async () => {
    const rig = rigOf();
    await rig.enable();
    rig.set(0, { torqueNm: 3 });
    axisOf(rig).reset(rig.clock.nowUs());
    await rig.ticks(40);
    expect(rig.joint().driveState).toBe('absent');
    expect(axisOf(rig).config.enableWatchdog).toBe(0);
    await rig.ticks(BOOT_TICKS + 60);
    expect(rig.joint().driveState).toBe('disabled');
    expect(axisOf(rig).config.enableWatchdog).toBe(1);
    expect(rig.loads[0]!.torqueNm).toBe(0);
    rig.command.enable = false;
    await rig.tick();
    await rig.enable();
  });

  it('is set up anew when somebody switched its watchdog off', async () => {
    const rig = rigOf();
    await rig.enable();
    axisOf(rig).config.enableWatchdog = 0;
    await rig.until(() => rig.joint().driveState === 'absent', 60);
    await rig.until(() => rig.joint().driveState === 'disabled');
    expect(axisOf(rig).config.enableWatchdog).toBe(1);
    expect(axisOf(rig).energised).toBe(false);
  });

  it('releases by its own watchdog when the host pauses, shows the firmware’s error, and runs again after release and enable', async () => {
    const rig = rigOf();
    await rig.enable();
    rig.set(0, { torqueNm: 2 });
    await rig.ticks(5);
    rig.advance(150_000);
    expect(rig.loads[0]!.torqueNm).toBe(0);
    await rig.until(() => rig.joint().driveState === 'fault');
    expect(rig.joint().driveErrorCode).toBe(0x800);
    await rig.ticks(100);
    expect(rig.joint().driveState).toBe('fault');
    rig.command.enable = false;
    await rig.until(() => rig.joint().driveState === 'disabled');
    await rig.enable();
  });

  it('shows as disabled when it does not obey, and is released when its command has no meaning', async () => {
    const rig = rigOf();
    await rig.until(() => rig.joint().driveState === 'disabled');
    axisOf(rig).faults.ignoresCommands = true;
    rig.command.enable = true;
    await rig.ticks(60);
    expect(rig.joint().driveState).toBe('disabled');
    axisOf(rig).faults.ignoresCommands = false;
    rig.command.enable = false;
    await rig.tick();
    await rig.enable();
    rig.set(0, { torqueNm: Number.NaN });
    await rig.ticks(5);
    expect(axisOf(rig).energised).toBe(false);
  });

  it('is stopped by its own overspeed error, whose code is told', async () => {
    const rig = rigOf();
    await rig.enable();
    rig.loads[0]!.velocity = 40;
    await rig.until(() => rig.joint().driveState === 'fault');
    expect(rig.joint().driveErrorCode).toBe(0x20_0000);
  });

  it('loses at most one cycle to a spoilt answer, and never takes an answer for another question’s', async () => {
    const rig = createLineRig([bareOdrive(0), bareOdrive(1)]);
    await rig.enable();
    rig.loads.forEach((load) => (load.held = true));
    rig.loads[0]!.position = 0.5;
    rig.loads[1]!.position = -0.5;
    await rig.ticks(5);
    for (let i = 0; i < 40; i++) {
      // Half an answer glues to the next one and spoils its checksum.
      rig.memory.device.write(reply('0.1').subarray(0, 2));
      await rig.ticks(12);
      expect(rig.joint(0).motorPositionRad).toBeCloseTo(0.5, 3);
      expect(rig.joint(1).motorPositionRad).toBeCloseTo(-0.5, 3);
      expect(rig.joint(0).driveAgeUs).toBeLessThan(30_000);
    }
    expect(rig.link.stats.checksumErrors).toBeGreaterThan(10);
    expect(rig.joint(0).driveState).toBe('enabled');
  });

  it('refuses values that it cannot have, and tells them as none', async () => {
    const rig = rigOf();
    await rig.until(() => rig.joint().driveState === 'disabled');
    rig.loads[0]!.held = true;
    rig.loads[0]!.position = 13;
    const before = rig.joint().driveSequence;
    await rig.ticks(20);
    expect(rig.joint().driveSequence).toBeGreaterThan(before + 1);
    expect(rig.drives[0]!.statistics.refused).toBeGreaterThan(10);
    expect(rig.joint().motorPositionRad).toBeNaN();
    rig.loads[0]!.position = 0.1;
    await rig.ticks(10);
    expect(rig.joint().motorPositionRad).toBeCloseTo(0.1, 2);
  });

  it('is set up without starving the board’s other axis', async () => {
    const rig = createLineRig([bareOdrive(0), bareOdrive(1)]);
    await rig.enable();
    axisOf(rig, 0).config.enableWatchdog = 0;
    let oldestUs = 0;
    for (let i = 0; i < 150; i++) {
      await rig.tick();
      oldestUs = Math.max(oldestUs, rig.joint(1).driveAgeUs);
    }
    expect(oldestUs).toBeLessThan(20_000);
    expect(rig.joint(0).driveState).toBe('disabled');
    expect(rig.joint(1).driveState).toBe('enabled');
  });

  it('leaves a released drive behind when the port is closed', async () => {
    const rig = rigOf();
    await rig.enable();
    await rig.link.close();
    rig.advance(8_000);
    expect(axisOf(rig).energised).toBe(false);
  });

  it('slows both axes alike on a wire that is too slow for two, and starves neither', async () => {
    const rig = createLineRig([bareOdrive(0), bareOdrive(1)], { baud: 115_200 });
    await rig.enable();
    const before = [rig.joint(0).driveSequence, rig.joint(1).driveSequence];
    await rig.ticks(250);
    const perSecond = [rig.joint(0).driveSequence - before[0]!, rig.joint(1).driveSequence - before[1]!];
    expect(Math.min(...perSecond)).toBeGreaterThan(50);
    expect(Math.max(...perSecond) - Math.min(...perSecond)).toBeLessThan(10);
  });

  it('holds 250 Hz at 921 600 baud', async () => {
    const rig = rigOf();
    await rig.enable();
    const before = rig.joint().driveSequence;
    await rig.ticks(250);
    expect(rig.joint().driveSequence - before).toBeGreaterThanOrEqual(249);
  });
});
