import { describe, expect, it } from 'vitest';
import { odriveSetup } from '../../../hal/drives/odrive-setup.ts';
import type { JointOf } from '../../../hal/drives/drive.ts';
import { bareOdrive } from '../../../sim/drives/odrive-drive.ts';
import { jointWith } from './line-rig.ts';

const SOUND: Readonly<Record<string, string>> = {
  'axis0.current_state': '1',
  hw_version_major: '3',
  hw_version_minor: '6',
  serial_number: '356190298',
  fw_version_major: '0',
  fw_version_minor: '5',
  fw_version_revision: '6',
  'axis0.motor.config.torque_constant': '0.055111',
  'axis0.motor.config.current_lim': '50.403225',
  'axis0.motor.config.torque_lim': '2.777778',
  'axis0.controller.config.vel_limit': '42.971836',
  'axis0.controller.config.enable_overspeed_error': '1',
  'axis0.controller.config.enable_torque_mode_vel_limit': '0',
  'axis0.controller.config.control_mode': '1',
  'axis0.controller.config.input_mode': '1',
  'axis0.config.watchdog_timeout': '0.100000',
  'axis0.config.enable_watchdog': '1',
  'axis0.error': '0',
};

/** Runs the set-up against a drive that answers each reading with a fixed text. */
function run(answers: Readonly<Record<string, string>>) {
  const setup = odriveSetup(jointWith(bareOdrive(0)) as JointOf<'odrive-ascii'>, { hardware: '', firmware: '', serialNumber: '' });
  const out = new Uint8Array(1_024);
  const sent: string[] = [];
  let cleared = false;
  for (let nowUs = 0; nowUs < 10_000_000 && !setup.done && setup.refusal === null; nowUs += 101_000) {
    const request = String.fromCharCode(...out.subarray(0, setup.encode(nowUs, out, 0)));
    sent.push(request);
    cleared ||= request.includes('sc*');
    const name = /^r (\S+)\*/m.exec(request)?.[1] ?? '';
    const text = cleared && name === 'axis0.error' ? '0' : (answers[name] ?? 'invalid property');
    setup.accept(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
  }
  return { setup, sent: sent.join('') };
}

describe('the set-up of an ODrive', () => {
  it('is done when everything reads back as it was written, in the drive’s own rounding', () => {
    const { setup } = run(SOUND);
    expect(setup.refusal).toBeNull();
    expect(setup.done).toBe(true);
  });

  it.each([
    ['axis0.config.watchdog_timeout', '0.000000'],
    ['axis0.config.watchdog_timeout', 'nan'],
    ['axis0.config.watchdog_timeout', 'inf'],
    ['axis0.config.watchdog_timeout', '0.500000'],
    ['axis0.config.enable_watchdog', '0'],
    ['axis0.motor.config.torque_lim', 'inf'],
    ['axis0.motor.config.torque_lim', '27.77778'],
    ['axis0.motor.config.current_lim', 'nan'],
    ['axis0.controller.config.vel_limit', '2.000000'],
    ['axis0.controller.config.control_mode', '3'],
    ['axis0.controller.config.input_mode', '5'],
    ['axis0.motor.config.torque_constant', 'nan'],
    ['fw_version_minor', '4'],
    ['axis0.motor.config.torque_lim', 'not implemented'],
    ['axis0.motor.config.torque_lim', 'invalid property'],
  ])('refuses a drive whose %s reads %s, and says what to do', (name, text) => {
    const { setup } = run({ ...SOUND, [name]: text });
    expect(setup.done).toBe(false);
    expect(setup.refusal).toMatch(/\. (Check|Set) .*\.$/);
  });

  it('clears a watchdog that tripped while nobody was connected, and no other error', () => {
    const tripped = run({ ...SOUND, 'axis0.error': '2048' });
    expect(tripped.sent).toContain('sc*');
    expect(tripped.setup.done).toBe(true);
    const other = run({ ...SOUND, 'axis0.error': '2049' });
    expect(other.sent).not.toContain('sc*');
    expect(other.setup.done).toBe(true);
  });

  it('waits for an axis that is not idle yet, and goes no further', () => {
    const { setup, sent } = run({ ...SOUND, 'axis0.current_state': '8' });
    expect(setup.done).toBe(false);
    expect(setup.unanswered).toBe('its release');
    expect(sent).not.toContain('watchdog');
  });
});
