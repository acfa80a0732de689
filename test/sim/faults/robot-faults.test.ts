import { afterEach, describe, expect, test } from 'vitest';
import { degToRad } from '../../../protocols/units.ts';
import type { RobotFaultOrder } from '../../../sim/faults/catalogue.ts';
import { VirtualRobot } from '../../../sim/virtual-robot.ts';
import { averagePatient, gaitOrthosis } from '../support/profile.ts';
import { TestHost } from '../support/test-host.ts';

const robots: VirtualRobot[] = [];

afterEach(() => {
  for (const robot of robots.splice(0)) robot.dispose();
});

async function poweredHost(): Promise<TestHost> {
  const profile = gaitOrthosis();
  const robot = await VirtualRobot.create({ profile, seed: 1, ...averagePatient });
  robots.push(robot);
  const host = new TestHost(robot, profile);
  host.powerUp();
  return host;
}

const KNEE = 1;
const sensor = (name: 'jointEncoder' | 'motorEncoder' | 'jointTorque', how: Extract<RobotFaultOrder, { kind: 'sensor' }>['how'], size?: number): RobotFaultOrder => ({
  kind: 'sensor',
  sensor: name,
  joint: 'kneeLeft',
  how,
  ...(size === undefined ? {} : { size }),
});

/** What the hub tells of the knee after some cycles, and what is. */
function hubAndTruth(host: TestHost): { told: { positionRad: number; torqueNm: number; quality: number }; positionRad: number; torqueNm: number } {
  host.cycles(3);
  return { told: { ...host.hub.joints[KNEE]! }, positionRad: host.robot.body.positionRad(KNEE), torqueNm: host.robot.body.jointTorqueNm(KNEE) };
}

describe('the encoder at the joint', () => {
  test('stuck, tells the same to the last bit while the joint moves', async () => {
    const host = await poweredHost();
    host.robot.fault(sensor('jointEncoder', 'stuck'));
    const first = hubAndTruth(host).told.positionRad;
    host.robot.fault({ kind: 'push', joint: 'kneeLeft', torqueNm: 60, riseMs: 50, holdMs: 1_000 });
    for (let i = 0; i < 100; i++) {
      host.cycle();
      expect(host.hub.joints[KNEE]!.positionRad).toBe(first);
    }
    expect(Math.abs(host.robot.body.positionRad(KNEE) - first)).toBeGreaterThan(0.1);
  });

  test.each([
    ['jump', 0.2, 0.2],
    ['jump', undefined, 0.1],
    ['offset', -0.15, -0.15],
  ] as const)('after a %s of %s rad it is off by %s', async (how, size, off) => {
    const host = await poweredHost();
    host.robot.fault(sensor('jointEncoder', how, size));
    const { told, positionRad } = hubAndTruth(host);
    expect(told.positionRad - positionRad).toBeCloseTo(off, 3);
    expect(told.quality).toBe(255);
  });

  test('drifts at its rate', async () => {
    const host = await poweredHost();
    host.robot.fault(sensor('jointEncoder', 'drift', 0.1));
    host.cycles(250);
    const { told, positionRad } = hubAndTruth(host);
    expect(told.positionRad - positionRad).toBeCloseTo(0.1, 2);
  });

  test('flipped, tells the angle with the other sign', async () => {
    const host = await poweredHost();
    host.robot.fault(sensor('jointEncoder', 'flip'));
    const { told, positionRad } = hubAndTruth(host);
    expect(told.positionRad).toBeCloseTo(-positionRad, 3);
  });

  test('noisy, is right on average and wrong by its deviation each time', async () => {
    const host = await poweredHost();
    host.robot.fault(sensor('jointEncoder', 'noise', 0.1));
    const errors: number[] = [];
    host.cycles(500, () => errors.push(host.hub.joints[KNEE]!.positionRad - host.robot.body.positionRad(KNEE)));
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const deviation = Math.sqrt(errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length);
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(deviation).toBeGreaterThan(0.08);
    expect(deviation).toBeLessThan(0.12);
  });

  test('broken, says so by its quality, and faults end when they are lifted', async () => {
    const host = await poweredHost();
    host.robot.fault(sensor('jointEncoder', 'invalid'));
    host.robot.fault(sensor('jointEncoder', 'offset', 1));
    expect(hubAndTruth(host).told.quality).toBe(0);
    host.robot.clearFaults('hub');
    const { told, positionRad } = hubAndTruth(host);
    expect(told.quality).toBe(255);
    expect(told.positionRad).toBeCloseTo(positionRad, 3);
  });
});

describe('the torque sensor', () => {
  test.each([
    ['offset', 20, (told: number, is: number) => Math.abs(told - is - 20) < 0.5],
    ['offset', undefined, (told: number, is: number) => Math.abs(told - is - 15) < 0.5],
    ['flip', undefined, (told: number, is: number) => Math.abs(told + is) < 0.5 && Math.abs(is) > 5],
    ['invalid', undefined, (told: number) => told > 300],
  ] as const)('with %s of %s tells what it should', async (how, size, holds) => {
    const host = await poweredHost();
    host.robot.fault({ kind: 'block', joint: 'kneeLeft' });
    host.special(KNEE, 'enter');
    host.cycles(50, () => host.command(KNEE, { torqueNm: 20 * gaitOrthosis().joints[KNEE]!.drive.direction }));
    host.robot.fault(sensor('jointTorque', how, size));
    const { told, torqueNm } = hubAndTruth(host);
    expect(holds(told.torqueNm, torqueNm)).toBe(true);
  });
});

describe('the encoder in the motor', () => {
  test('misleads the drive itself: its impedance loop runs away on a flipped sign', async () => {
    const host = await poweredHost();
    const { direction } = host.profile.joints[KNEE]!.drive;
    const here = host.robot.body.positionRad(KNEE);
    host.special(KNEE, 'enter');
    const hold = (): void => host.command(KNEE, { positionRad: direction * here, stiffnessNmPerRad: 100, dampingNmsPerRad: 3 });
    host.cycles(50, hold);
    expect(Math.abs(host.robot.body.positionRad(KNEE) - here)).toBeLessThan(degToRad(2));
    host.robot.fault(sensor('motorEncoder', 'flip'));
    host.cycles(100, hold);
    expect(Math.abs(host.robot.body.positionRad(KNEE) - here)).toBeGreaterThan(degToRad(10));
    expect(direction * host.replies[KNEE]!.positionRad).toBeCloseTo(-host.robot.body.positionRad(KNEE), 0);
    expect(host.hub.joints[KNEE]!.positionRad).toBeCloseTo(host.robot.body.positionRad(KNEE), 1);
  });

  test('stuck, reports rest while the joint moves; lifted with its own link only', async () => {
    const host = await poweredHost();
    host.robot.fault(sensor('motorEncoder', 'stuck'));
    host.cycles(2, () => host.everyDrive('exit'));
    const before = { ...host.replies[KNEE]! };
    host.robot.fault({ kind: 'push', joint: 'kneeLeft', torqueNm: 60, riseMs: 50, holdMs: 1_000 });
    host.cycles(30, () => host.everyDrive('exit'));
    expect(host.replies[KNEE]!.positionRad).toBe(before.positionRad);
    expect(Math.abs(host.replies[KNEE]!.velocityRadPerSec)).toBeLessThan(0.01);
    host.robot.clearFaults('hub');
    host.cycles(3, () => host.everyDrive('exit'));
    expect(host.replies[KNEE]!.positionRad).toBe(before.positionRad);
    host.robot.clearFaults(host.profile.joints[KNEE]!.drive.link);
    host.cycles(3, () => host.everyDrive('exit'));
    expect(host.replies[KNEE]!.positionRad).not.toBe(before.positionRad);
  });

  test('jumps with one step of enormous speed', async () => {
    const host = await poweredHost();
    host.everyDrive('exit');
    host.cycles(1);
    host.robot.fault(sensor('motorEncoder', 'jump', 0.2));
    host.everyDrive('exit');
    host.cycles(3, () => host.everyDrive('exit'));
    const { direction } = host.profile.joints[KNEE]!.drive;
    expect(direction * host.replies[KNEE]!.positionRad - host.robot.body.positionRad(KNEE)).toBeCloseTo(0.2, 2);
    expect(Math.abs(host.replies[KNEE]!.velocityRadPerSec)).toBeLessThan(0.5);
  });

  test('broken, tells what cannot be', async () => {
    const host = await poweredHost();
    host.robot.fault(sensor('motorEncoder', 'invalid'));
    host.cycles(3, () => host.everyDrive('exit'));
    expect(Math.abs(host.replies[KNEE]!.positionRad)).toBeGreaterThan(12);
  });
});

describe('the patient', () => {
  test('pushes as long as told, and the leg falls back when the push ends or is lifted', async () => {
    const host = await poweredHost();
    const rest = host.robot.body.positionRad(KNEE);
    host.robot.fault({ kind: 'push', joint: 'kneeLeft', torqueNm: 60, riseMs: 100, holdMs: 400 });
    host.cycles(125);
    expect(host.robot.body.positionRad(KNEE) - rest).toBeGreaterThan(0.3);
    host.cycles(750);
    expect(Math.abs(host.robot.body.positionRad(KNEE) - rest)).toBeLessThan(0.15);
    host.robot.fault({ kind: 'push', joint: 'kneeLeft', torqueNm: 60, riseMs: 0, holdMs: 60_000 });
    host.cycles(125);
    expect(host.robot.body.positionRad(KNEE) - rest).toBeGreaterThan(0.3);
    host.robot.clearFaults(null);
    host.cycles(750);
    expect(Math.abs(host.robot.body.positionRad(KNEE) - rest)).toBeLessThan(0.15);
  });

  test('blocked, holds the orthosis against a torque that otherwise moves it', async () => {
    const host = await poweredHost();
    const { direction } = host.profile.joints[KNEE]!.drive;
    const pushed = async (): Promise<number> => {
      const before = host.robot.body.positionRad(KNEE);
      host.special(KNEE, 'enter');
      host.cycles(125, () => host.command(KNEE, { torqueNm: 30 * direction }));
      return Math.abs(host.robot.body.positionRad(KNEE) - before);
    };
    host.robot.fault({ kind: 'block', joint: 'kneeLeft' });
    expect(await pushed()).toBeLessThan(0.15);
    host.robot.clearFaults(null);
    expect(await pushed()).toBeGreaterThan(0.5);
  });
});

describe('a drive, by its joint', () => {
  test('heated beyond its limit, stops with the error of its manual', async () => {
    const host = await poweredHost();
    host.special(KNEE, 'enter');
    host.cycles(3, () => host.command(KNEE, {}));
    expect(host.robot.energised(KNEE)).toBe(true);
    host.robot.fault({ kind: 'heat', joint: 'kneeLeft', tempC: host.profile.joints[KNEE]!.drive.tempLimitC + 5 });
    host.cycles(3, () => host.command(KNEE, {}));
    expect(host.robot.energised(KNEE)).toBe(false);
    expect(host.replies[KNEE]!.errorCode).toBe(1);
  });

  test('browned out, is silent while it boots and then waits to be enabled', async () => {
    const host = await poweredHost();
    host.special(KNEE, 'enter');
    host.cycles(3, () => host.command(KNEE, {}));
    host.robot.fault({ kind: 'brownOut', joint: 'kneeLeft' });
    host.cycles(2);
    const silent = host.replyCounts[KNEE]!;
    host.cycles(10, () => host.command(KNEE, { torqueNm: 10 }));
    expect(host.replyCounts[KNEE]!).toBe(silent);
    host.cycles(60, () => host.command(KNEE, { torqueNm: 10 }));
    expect(host.replyCounts[KNEE]!).toBeGreaterThan(silent);
    expect(host.robot.energised(KNEE)).toBe(false);
  });
});

test('the hub goes on with a clock and a sequence that stand, until that is lifted', async () => {
  const host = await poweredHost();
  host.robot.fault({ kind: 'hubClockFrozen' });
  host.robot.fault({ kind: 'hubClockFrozen' });
  host.cycles(2);
  const [timeUs, sequence, frames] = [host.hubTimesUs.at(-1)!, host.hubSequences.at(-1)!, host.hubFrames];
  host.cycles(50);
  expect(host.hubFrames - frames).toBe(50);
  expect(new Set(host.hubTimesUs.slice(frames))).toEqual(new Set([timeUs]));
  expect(new Set(host.hubSequences.slice(frames))).toEqual(new Set([sequence]));
  host.robot.clearFaults('hub');
  host.cycles(3);
  expect(host.hubSequences.at(-1)).not.toBe(sequence);
  expect(host.hubTimesUs.at(-1)! - timeUs).toBeGreaterThan(190_000);
});

test('a joint that the robot does not have is refused with those that it has', async () => {
  const host = await poweredHost();
  expect(() => host.robot.fault({ kind: 'brownOut', joint: 'elbow' })).toThrow(/no joint "elbow"; there are hipLeft, kneeLeft, hipRight, kneeRight/);
});
