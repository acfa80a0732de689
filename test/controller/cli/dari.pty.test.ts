/** The command line as a person or a program calls it: the built program, real pseudo-terminals, exit codes. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { dari } from '../../support/dari.ts';
import { repository, temporaryFolder } from '../../support/station.ts';

const program = path.join('.ci', 'dari.mjs');

describe('dari', () => {
  it('lists its commands, and each explains itself', async () => {
    const overview = dari('--help');
    expect(overview.status).toBe(0);
    const names = ['start', 'sim', 'ports', 'drives', 'prove', 'run', 'replay', 'metrics', 'bench', 'fuzz', 'faults', 'docs', 'doctor'];
    for (const name of names) expect(overview.stdout).toContain(`  ${name} `);
    // Rejects with another exit code than 0.
    const explained = await Promise.all(names.map((name) => promisify(execFile)(process.execPath, [program, name, '--help'], { cwd: repository })));
    names.forEach((name, i) => expect(explained[i]?.stdout).toContain(`dari ${name}`));
  });

  it.each([
    [['fly'], /E801 There is no command "fly"\. Commands: start/],
    [['run'], /E801 .*Usage: dari run SCRIPT\.json/],
    [['start', '--port', '99999'], /E801 --port takes a whole number from 0 to 65535/],
    [['drives'], /E801 Give the ports of the robot with --ports FILE, or take the virtual one with --sim/],
    [['prove', '--sim'], /E801 .*nobody is in the robot.*--empty/],
    [['ports', '--ports', 'x.json'], /E801 A ports file belongs to a robot/],
    [['sim', '--sead', '1'], /E801 .*--sead/],
    [['metrics', 'x.csv', '--only', 'beauty'], /E801 No table gives a measure "beauty"\. Tables give sparc/],
  ])('answers wrong usage with exit code 2 and what would be right: %j', (words, message) => {
    const answer = dari(...words);
    expect(answer.status).toBe(2);
    expect(answer.stderr).toMatch(message);
    expect(answer.stdout).toBe('');
  });

  it('names key and line of a mistake in a profile, and the profiles there are', () => {
    const folder = temporaryFolder('profile');
    const file = path.join(folder, 'typo.json');
    const text = fs.readFileSync(path.join(repository, 'hal', 'profiles', 'gait-orthosis.json'), 'utf8');
    fs.writeFileSync(file, text.replace('"torqueLimitNm": 100', '"torqueLimtNm": 100'));
    const line = text.slice(0, text.indexOf('"torqueLimitNm"')).split('\n').length;
    const answer = dari('sim', '--profile', file);
    expect(answer.status).toBe(1);
    expect(answer.stderr).toContain(`typo.json:${line}: joints.0.torqueLimtNm: unknown key`);
    expect(dari('sim', '--profile', 'hovercraft').stderr).toMatch(/E303 .*Choose one of: .*gait-orthosis/);
  });

  it("proves the watchdogs of the virtual robot's drives", () => {
    const answer = dari('prove', '--sim', '--empty', '--json');
    expect(answer).toMatchObject({ status: 0, stderr: '' });
    const { proofs } = JSON.parse(answer.stdout) as { proofs: { joint: string; outcome: string }[] };
    expect(proofs.map(({ joint, outcome }) => [joint, outcome])).toEqual(['hipLeft', 'kneeLeft', 'hipRight', 'kneeRight'].map((joint) => [joint, 'proven']));
  });

  it('serves the virtual robot, says who answers at its ports, and takes its links away at the end', async () => {
    const links = path.join(temporaryFolder('links'), 'ports');
    const sim = spawn(process.execPath, [program, 'sim', '--profile', 'gait-orthosis', '--link', links, '--json'], { cwd: repository, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface({ input: sim.stdout }), 'line')) as [string];
    const { ports } = JSON.parse(line) as { ports: { name: string; path: string; protocol: string; baud: number }[] };
    expect(ports.map((port) => [port.name, port.protocol, port.baud])).toEqual([
      ['leg-left', 'slcan', 921_600],
      ['leg-right', 'slcan', 921_600],
      ['hub', 'sensor-hub', 921_600],
    ]);
    const answer = dari('ports', ...ports.map((port) => port.path), '--identify', '--json');
    expect((JSON.parse(answer.stdout) as { ports: { device: string }[] }).ports.map((port) => port.device)).toEqual(['slcan', 'slcan', 'sensor-hub']);
    const [left, right, hub] = ports.map((port) => port.path) as [string, string, string];
    expect(dari('ports', left, right, hub, '--profile', 'gait-orthosis')).toMatchObject({ status: 1, stdout: expect.stringContaining('The devices of leg-left and leg-right answer alike') });
    const file = path.join(links, '..', 'ports.json');
    fs.writeFileSync(file, JSON.stringify({ links: { 'leg-left': left, 'leg-right': right, hub } }));
    expect(dari('ports', left, right, hub, '--profile', 'gait-orthosis', '--ports', file)).toMatchObject({ status: 0, stdout: expect.stringContaining('fits') });
    const looked = dari('drives', '--ports', file, '--seconds', '2', '--json');
    expect(looked.status).toBe(0);
    expect((JSON.parse(looked.stdout) as { drives: { state: string }[] }).drives.map((drive) => drive.state)).toEqual(['disabled', 'disabled', 'disabled', 'disabled']);
    expect(dari('ports', '/dev/none', '--identify')).toMatchObject({ status: 1, stdout: expect.stringMatching(/E101 There is no serial port/) });
    sim.kill('SIGTERM');
    expect(await once(sim, 'exit')).toEqual([0, null]);
    expect(fs.existsSync(path.join(links, 'hub'))).toBe(false);
  });
});
