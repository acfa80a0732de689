import { expect, test } from 'vitest';
import { DriveWatch, robotIsWell } from '../../../controller/cli/drive-report.ts';
import { describeRobot } from '../../../controller/cli/drives.ts';
import { createRobotRig, PERIOD_US } from '../../hal/robot-rig.ts';

const ports = new Map([
  ['leg-left', '/dev/ttyUSB0'],
  ['leg-right', 'usb:A1'],
  ['hub', 'tcp://10.0.0.1:4001'],
]);

/** The shipped robot on memory links, looked at for a while. */
function createWatch() {
  const rig = createRobotRig({ start: false });
  const watch = new DriveWatch(rig.profile, rig.io, ports);
  rig.io.start();
  const run = async (cycles: number): Promise<void> => {
    for (let i = 0; i < cycles; i++) {
      rig.clock.advanceUs(PERIOD_US);
      rig.scheduler.runDue();
      await Promise.resolve();
      await Promise.resolve();
      rig.hub.state.challenge = (rig.hub.state.challenge + 7) >>> 0;
      rig.hub.state.estopClosed = true;
      rig.hub.sendState(rig.clock.nowUs());
      for (const notice of rig.notices.splice(0)) watch.notice(notice);
      watch.tick(rig.clock.nowUs(), 0);
    }
  };
  return { ...rig, watch, run, report: () => watch.report(rig.clock.nowUs()) };
}

test('a robot that is well is shown drive by drive and link by link, and nothing is ever told to make torque', async () => {
  const { run, report, drives } = createWatch();
  await run(251);
  const seen = report();
  expect(robotIsWell(seen)).toBe(true);
  expect(seen).toMatchObject({ profile: 'gait-orthosis', controlRateHz: 250, seconds: 1 });
  expect(seen.drives).toHaveLength(4);
  expect(seen.drives[1]).toMatchObject({ joint: 'kneeLeft', link: 'leg-left', protocol: 'mit', address: 2, model: 'AK80-64', identity: null, state: 'disabled', watchdog: 'proof', watchdogMs: 100, refusal: null, retries: 0, refused: 0 });
  expect(seen.drives[1]!.hz).toBeCloseTo(250, -1);
  expect(seen.links.map(({ link, port, up, trouble }) => [link, port, up, trouble])).toEqual([
    ['leg-left', '/dev/ttyUSB0', true, null],
    ['leg-right', 'usb:A1', true, null],
    ['hub', 'tcp://10.0.0.1:4001', true, null],
  ]);
  expect(seen.links[0]!.utilisation).toBeCloseTo(0.25, 2);
  expect(seen.links[0]!.measured).toBeCloseTo(0.25, 2);
  expect(seen.hubs).toEqual([expect.objectContaining({ link: 'hub', firmware: expect.stringMatching(/^[0-9A-F]{4}$/), calibration: expect.stringMatching(/^[0-9A-F]{8}$/), estopClosed: true })]);
  for (const drive of drives) expect(new Set(drive.log)).toEqual(new Set(['exit']));
  await run(100);
  const later = report();
  expect(later.seconds).toBeCloseTo(0.4, 3);
  expect(later.drives[0]!.hz).toBeCloseTo(250, -1);
});

test('a port that is missing is named with what to do, its drives are absent, and the robot is not well', async () => {
  const { links, run, report } = createWatch();
  links.get('leg-right')!.device.unplug();
  await run(60);
  const seen = report();
  expect(robotIsWell(seen)).toBe(false);
  expect(seen.links[1]).toMatchObject({ up: false, trouble: expect.stringContaining('Plug the device in') });
  expect(seen.drives.map((drive) => drive.state)).toEqual(['disabled', 'disabled', 'absent', 'absent']);
  const text = describeRobot(seen);
  expect(text).toMatch(/leg-right {2}slcan {2}usb:A1 {2}921600 baud {2}not open\n.*\n {4}! There is no port leg-right/);
  expect(text).toMatch(/Hip left: AK80-64, address 1, disabled.*\n {4}watchdog 100 ms \(to be proven before fitting\); 2\d\d Hz/);
  links.get('leg-right')!.device.plug();
  await run(100);
  expect(robotIsWell(report())).toBe(true);
});
