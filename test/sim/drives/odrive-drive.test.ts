import { beforeEach, describe, expect, it } from 'vitest';
import type { DriveProfileOf } from '../../../protocols/drive-profile.ts';
import { bareOdrive, ODRIVE_BOOT_US, OdriveBoard } from '../../../sim/drives/odrive-drive.ts';
import { TestLoad } from '../../hal/drives/line-rig.ts';

let nowUs: number;
let answers: string;
let loads: TestLoad[];
let board: OdriveBoard;

function make(overrides: Partial<DriveProfileOf<'odrive-ascii'>> = {}, axes = 1): void {
  nowUs = 0;
  answers = '';
  loads = Array.from({ length: axes }, () => new TestLoad());
  board = new OdriveBoard(
    loads.map((joint, i) => ({ drive: { ...bareOdrive(i), ...overrides, address: i }, joint })),
    (data) => (answers += String.fromCharCode(...data)),
  );
  board.setPower(true, 0);
  run(ODRIVE_BOOT_US + 1_000);
}

function run(durationUs: number): void {
  for (const end = nowUs + durationUs; nowUs < end; ) {
    nowUs += 250;
    board.step(nowUs);
    if (nowUs % 1_000 !== 0) continue;
    loads.forEach((load, i) => {
      board.axis(i).step(nowUs, 0.001);
      load.step(0.001);
    });
  }
}

/** Sends text as it is, lets the board run a moment, and gives what it answered. */
function ask(text: string): string {
  answers = '';
  board.receive(Uint8Array.from(text, (letter) => letter.charCodeAt(0)), nowUs);
  run(2_000);
  return answers;
}

beforeEach(() => make());

describe('the virtual ODrive, to a host written by others', () => {
  it('serves the Arduino library’s sine-wave example (ODriveUART.cpp, SineWaveUART.ino)', () => {
    expect(ask('r axis0.current_state\n')).toBe('1\r\n');
    expect(ask('r vbus_voltage\n')).toBe('24.000000\r\n');
    expect(ask('w axis0.controller.config.vel_limit 20\n')).toBe('');
    expect(ask('sc\nw axis0.requested_state 8\n')).toBe('');
    expect(ask('r axis0.current_state\n')).toBe('8\r\n');
    expect(ask('p 0 1.0000 0.0000 0.0000\n')).toBe('');
    run(3_000_000);
    const [position, velocity] = ask('f 0\n').trim().split(' ').map(Number);
    expect(position).toBeCloseTo(1, 1);
    expect(velocity).toBeCloseTo(0, 1);
    expect(ask('f 0\n')).toMatch(/^-?\d+\.\d{6} -?\d+\.\d{6}\r\n$/);
  });

  it('serves a line that comes in many small writes, as Arduino’s print sends it', () => {
    for (const part of ['r ', 'axis0.', 'motor.config.', 'torque_lim']) expect(ask(part)).toBe('');
    expect(ask('\n')).toBe('inf\r\n');
  });

  it('serves the calibration of older hosts: motor, then encoder, polled until idle', () => {
    ask('w axis0.requested_state 4\n');
    expect(ask('r axis0.current_state\n')).toBe('4\r\n');
    run(3_000_000);
    expect(ask('r axis0.current_state\n')).toBe('1\r\n');
    ask('w axis0.requested_state 7\n');
    run(3_000_000);
    expect(ask('r axis0.encoder.is_ready\n')).toBe('1\r\n');
  });

  it('tells who it is', () => {
    expect(ask('r hw_version_major\nr hw_version_minor\nr fw_version_minor\nr fw_version_revision\n')).toBe('3\r\n6\r\n5\r\n6\r\n');
    expect(ask('r serial_number\n')).toBe('356190298\r\n');
    expect(ask('i\n')).toBe('Hardware version: 3.6-56V\r\nFirmware version: 0.5.6\r\nSerial number: 2065339F304B\r\n');
    expect(ask('h\n')).toContain('Read: r property\r\n');
  });

  it('answers with a checksum exactly when asked with one, and drops a line whose checksum is wrong', () => {
    expect(ask('r vbus_voltage *93\n')).toBe('24.000000*40\r\n');
    expect(ask('r vbus_voltage *94\n')).toBe('');
    expect(ask('r vbus_voltage *\n')).toBe('24.000000\r\n');
    expect(ask('r vbus_voltage ; with a comment\n')).toBe('24.000000\r\n');
    expect(ask('u 0!r axis0.error\r\n')).toBe('0\r\n');
  });

  it('has the error texts of the firmware', () => {
    expect(ask('x\n')).toBe('unknown command\r\n');
    expect(ask('p 0\n')).toBe('invalid command format\r\n');
    expect(ask('p 0 abc\n')).toBe('invalid command format\r\n');
    expect(ask('p 2 1\n')).toBe('invalid motor 2\r\n');
    expect(ask('f 7\n')).toBe('invalid motor 7\r\n');
    expect(ask('f\n')).toBe('invalid command format\r\n');
    expect(ask('r\n')).toBe('invalid command format\r\n');
    expect(ask('r axis0\n')).toBe('invalid property\r\n');
    expect(ask('r axis0.motor\n')).toBe('invalid property\r\n');
    expect(ask('w axis0.nothing 1\n')).toBe('invalid property\r\n');
    expect(ask('w vbus_voltage 1\n')).toBe('not implemented\r\n');
    expect(ask('w axis0.config.enable_watchdog yes\n')).toBe('not implemented\r\n');
    expect(ask('e\n')).toBe('invalid command format\r\n');
    expect(ask('\r\n\n')).toBe('');
  });

  it('cuts a property to nine characters', () => {
    ask('w axis0.controller.config.vel_limit 12345.678\n');
    expect(ask('r axis0.controller.config.vel_limit\n')).toBe('12345.677\r\n');
    ask('w axis0.controller.config.vel_limit 123456.78\n');
    expect(ask('r axis0.controller.config.vel_limit\n')).toBe('123456.78\r\n');
    ask('w axis0.controller.config.vel_limit inf\n');
    expect(ask('r axis0.controller.config.vel_limit\n')).toBe('inf\r\n');
  });

  it('keeps the settings that a host commissions it with, and loses them when they are not saved', () => {
    for (const setting of ['config.brake_resistance 0.5', 'axis0.motor.config.motor_type 0', 'axis0.encoder.config.mode 257', 'axis0.encoder.config.cpr 16384', 'axis0.config.startup_closed_loop_control 0']) expect([setting, ask(`w ${setting}\n`)]).toEqual([setting, '']);
    expect(ask('r config.brake_resistance\nr axis0.encoder.config.mode\n')).toBe('0.500000\r\n257\r\n');
    ask('ss\n');
    run(ODRIVE_BOOT_US);
    ask('w config.brake_resistance 3\nsr\n');
    run(ODRIVE_BOOT_US);
    expect(ask('r config.brake_resistance\nr axis0.encoder.config.cpr\n')).toBe('0.500000\r\n16384\r\n');
    ask('se\n');
    run(ODRIVE_BOOT_US);
    expect(ask('r config.brake_resistance\nr axis0.encoder.config.cpr\n')).toBe('2.000000\r\n8192\r\n');
    expect(Number(ask('r system_stats.uptime\n'))).toBeGreaterThan(400);
  });

  it('goes into closed loop by itself only when its saved configuration says so', () => {
    ask('w axis0.config.startup_closed_loop_control 1\nss\n');
    run(ODRIVE_BOOT_US + 2_000);
    expect(ask('r axis0.current_state\n')).toBe('8\r\n');
  });

  it('sets its encoder count on `esl` and says so', () => {
    expect(ask('esl 0 8192\n')).toBe('encoder set to 8192\r\n');
    expect(ask('f 0\n')).toBe('1.000000 0.000000\r\n');
    expect(ask('esl 4 1\n')).toBe('invalid motor 4\r\n');
  });
});

describe('the virtual ODrive’s axis', () => {
  it('moves by torque, velocity, position with limits and trajectory, each in its control mode', () => {
    ask('w axis0.controller.config.vel_limit 20\nw axis0.controller.config.enable_torque_mode_vel_limit 0\nw axis0.requested_state 8\n');
    loads[0]!.held = true;
    ask('c 0 0.5\n');
    expect(loads[0]!.torqueNm).toBeCloseTo(4.5, 6);
    expect(ask('r axis0.controller.config.control_mode\n')).toBe('1\r\n');
    expect(Number(ask('r axis0.motor.current_control.Iq_measured\n'))).toBeCloseTo(0.5 / (0.496 / 9), 3);
    loads[0]!.held = false;
    ask('v 0 1.5\n');
    run(3_000_000);
    expect(loads[0]!.velocity).toBeCloseTo((1.5 * 2 * Math.PI) / 9, 2);
    ask('v 0 0\n');
    run(2_000_000);
    ask('esl 0 0\nq 0 1 3 1.5\n');
    run(3_000_000);
    expect(Number(ask('r axis0.encoder.pos_estimate\n'))).toBeCloseTo(1, 1);
    expect(ask('r axis0.controller.config.vel_limit\nr axis0.motor.config.torque_lim\n')).toBe('3.000000\r\n1.500000\r\n');
    ask('t 0 -1\n');
    expect(ask('r axis0.controller.config.input_mode\nr axis0.controller.trajectory_done\n')).toBe('5\r\n0\r\n');
    run(8_000_000);
    expect(ask('r axis0.controller.trajectory_done\n')).toBe('1\r\n');
    expect(Number(ask('r axis0.encoder.pos_estimate\n'))).toBeCloseTo(-1, 1);
  });

  it('has no watchdog until one is switched on; then it trips also in idle, disarms with bit 11, and `sc` clears it', () => {
    ask('w axis0.requested_state 8\n');
    run(3_000_000);
    expect(board.axis(0).energised).toBe(true);
    ask('w axis0.config.watchdog_timeout 0.1\nu 0\nw axis0.config.enable_watchdog 1\n');
    for (let i = 0; i < 5; i++) {
      run(80_000);
      ask('u 0\n');
    }
    expect(board.axis(0).energised).toBe(true);
    run(110_000);
    expect(board.axis(0).energised).toBe(false);
    expect(ask('r axis0.error\nr axis0.current_state\n')).toBe('2048\r\n1\r\n');
    // With the error it arms for no more than an instant.
    ask('w axis0.requested_state 8\n');
    expect(board.axis(0).energised).toBe(false);
    expect(ask('u 0\nsc\nr axis0.error\n')).toBe('0\r\n');
    ask('w axis0.requested_state 8\n');
    expect(board.axis(0).energised).toBe(true);
    run(200_000);
    expect(ask('r axis0.error\n')).toBe('2048\r\n');
  });

  it('trips at once when the watchdog is switched on before it was ever fed', () => {
    ask('w axis0.config.enable_watchdog 1\n');
    expect(ask('r axis0.error\n')).toBe('2048\r\n');
  });

  it('limits its torque by current, by torque_lim and by heat', () => {
    loads[0]!.held = true;
    ask('w axis0.controller.config.enable_torque_mode_vel_limit 0\nw axis0.requested_state 8\nc 0 5\n');
    expect(loads[0]!.torqueNm).toBeCloseTo(10 * 0.496, 3);
    ask('w axis0.motor.config.torque_lim 0.2\n');
    expect(loads[0]!.torqueNm).toBeCloseTo(1.8, 3);
    ask('w axis0.motor.config.torque_lim 100\nw axis0.motor.config.current_lim 50\n');
    run(60_000_000);
    expect(Number(ask('r axis0.motor.fet_thermistor.temperature\n'))).toBeGreaterThan(80);
    expect(Number(ask('r axis0.motor.effective_current_lim\n'))).toBeLessThan(50);
  });

  it('tapers torque toward the velocity limit as shipped: (limit − speed) · vel_gain', () => {
    loads[0]!.held = true;
    ask('w axis0.requested_state 8\nc 0 5\n');
    expect(loads[0]!.torqueNm).toBeCloseTo((9 * 2) / 6, 3);
  });

  it('disarms with an overspeed error beyond 1.2 times the velocity limit', () => {
    ask('w axis0.requested_state 8\nc 0 0\n');
    loads[0]!.velocity = 3;
    run(2_000);
    expect(ask('r axis0.current_state\nr axis0.controller.error\nr axis0.motor.error\n')).toBe('1\r\n1\r\n2097152\r\n');
  });

  it('refuses closed loop uncalibrated, after its configuration was erased', () => {
    expect(ask('se\n')).toBe('');
    run(ODRIVE_BOOT_US);
    ask('w axis0.requested_state 8\n');
    expect(ask('r axis0.error\nr axis0.current_state\nr axis0.motor.is_calibrated\n')).toBe('1\r\n1\r\n0\r\n');
    ask('w axis0.requested_state 1\n');
    expect(ask('r axis0.error\n')).toBe('0\r\n');
  });

  it('is silent while it restarts, and forgets what was not saved', () => {
    ask('w axis0.controller.config.vel_limit 7\nss\n');
    expect(ask('r axis0.error\n')).toBe('');
    run(ODRIVE_BOOT_US);
    expect(ask('r axis0.controller.config.vel_limit\n')).toBe('7.000000\r\n');
    ask('w axis0.controller.config.vel_limit 8\nw axis0.requested_state 8\n');
    ask('sr\n');
    expect(board.axis(0).energised).toBe(false);
    run(ODRIVE_BOOT_US);
    expect(ask('r axis0.controller.config.vel_limit\nr axis0.current_state\n')).toBe('7.000000\r\n1\r\n');
  });

  it('does not save while it is armed', () => {
    ask('w axis0.requested_state 8\n');
    ask('ss\n');
    expect(board.axis(0).energised).toBe(true);
  });

  it('shares one board with a second axis, even when nothing is coupled to that', () => {
    expect(ask('r axis1.current_state\n')).toBe('1\r\n');
    ask('w axis1.requested_state 8\n');
    expect(ask('r axis1.current_state\nf 1\n')).toBe('8\r\n0.000000 0.000000\r\n');
    make({}, 2);
    ask('w axis1.requested_state 8\nc 1 0.3\n');
    expect(loads[1]!.torqueNm).toBeGreaterThan(0);
    expect(loads[0]!.torqueNm).toBe(0);
    board.axis(1).reset(nowUs);
    expect(board.axis(1).energised).toBe(false);
    expect(ask('r axis0.error\n')).toBe('');
  });

  it('has the names, the errors and the single axis of 0.6 when it runs that', () => {
    make({ firmware: '0.6' });
    expect(ask('r fw_version_minor\nr axis0.active_errors\nr axis0.disarm_reason\nr axis0.motor.foc.Iq_measured\n')).toBe('6\r\n0\r\n0\r\n0.000000\r\n');
    expect(ask('r axis0.error\nr axis0.encoder.pos_estimate\nr axis1.current_state\nf 1\n')).toBe('invalid property\r\ninvalid property\r\ninvalid property\r\ninvalid motor 1\r\n');
    ask('w axis0.config.watchdog_timeout 0.1\nw axis0.config.enable_watchdog 1\n');
    expect(ask('r axis0.disarm_reason\n')).toBe('16777216\r\n');
  });

  it('reports frozen values, ignores commands and swaps its identity when made to', () => {
    const { faults } = board.axis(0);
    faults.frozenReport = true;
    loads[0]!.position = 1;
    expect(ask('f 0\n')).toBe('0.000000 0.000000\r\n');
    faults.frozenReport = false;
    faults.ignoresCommands = true;
    ask('w axis0.requested_state 8\n');
    expect(ask('r axis0.current_state\n')).toBe('1\r\n');
    faults.wrongIdentity = true;
    expect(ask('r fw_version_minor\nr serial_number\n')).toBe('4\r\n42\r\n');
  });
});
