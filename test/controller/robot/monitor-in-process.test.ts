/** A loop that is wrong, on the real physics: only the monitor, the hub's relay and the drives are right. */
import { describe, expect, it } from 'vitest';
import { MonitorInProcess } from '../../../controller/robot/monitor-in-process.ts';
import { ManualClock, ManualScheduler } from '../../../hal/clock.ts';
import { createDriveRobotIo } from '../../../hal/drive-robot-io.ts';
import { createMemoryLink } from '../../../hal/transport/memory.ts';
import { PermittedCommand, type MonitorReason, type RobotInputs } from '../../../protocols/joints.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { degToRad, radToDeg } from '../../../protocols/units.ts';
import { createLockstepRobot } from '../../../sim/lockstep.ts';
import { gaitOrthosis } from '../../hal/robot-rig.ts';

const PERIOD_US = 4_000;
const [HIP, KNEE] = [0, 1];

interface Course {
  readonly worstDeg: number;
  readonly reason: MonitorReason;
  readonly joint: number;
  /** From the monitor's word to the end of the drive's power. */
  readonly releasedMs: number;
}

/**
 * Holds all joints, then moves one as told, with the heartbeat allowed whatever happens.
 * @param watched what the monitor takes for the robot's profile
 */
async function runWild(joint: number, aimDeg: (startDeg: number, seconds: number) => number, seconds: number, watched: RobotProfile = gaitOrthosis()): Promise<Course> {
  const profile = gaitOrthosis();
  const robot = await createLockstepRobot({ profile, seed: 1, bodyMassKg: 75, heightM: 1.8 });
  const clock = new ManualClock();
  const scheduler = new ManualScheduler(clock);
  const links = new Map(profile.links.map((link) => [link.id, createMemoryLink(link.id)]));
  robot.connect(new Map([...links].map(([id, link]) => [id, link.device])));
  const factories = new Map([...links].map(([id, link]) => [id, link.factory]));
  const io = createDriveRobotIo({ profile, factories, clock, scheduler, onNotice: () => {}, guard: new MonitorInProcess(watched) });
  const command = PermittedCommand.mint(profile.joints.length);
  let cycle = 0;
  const tick = async (): Promise<RobotInputs> => {
    robot.step(PERIOD_US);
    clock.advanceUs(PERIOD_US);
    scheduler.runDue();
    await Promise.resolve();
    await Promise.resolve();
    const inputs = io.read(++cycle, clock.nowUs(), 0);
    io.write(command, clock.nowUs(), 'keepClosed');
    return inputs;
  };
  io.start();
  let inputs = await tick();
  for (let n = 0; n < 100; n++) inputs = await tick();
  const startDeg = radToDeg(inputs.joints[joint]!.motorPositionRad);
  inputs.joints.forEach(({ motorPositionRad }, j) => Object.assign(command.joints[j]!, { positionRad: motorPositionRad, stiffnessNmPerRad: 400, dampingNmsPerRad: 5 }));
  command.enable = true;
  for (let n = 0; n < 50; n++) await tick();
  expect(robot.robot.energised(joint)).toBe(true);
  let [worstDeg, toldUs, releasedMs] = [-Infinity, Number.NaN, Number.NaN];
  let said: { reason: MonitorReason; joint: number } = { reason: 'none', joint: -1 };
  for (let n = 0; n < (seconds * 1e6) / PERIOD_US; n++) {
    command.joints[joint]!.positionRad = degToRad(aimDeg(startDeg, (n * PERIOD_US) / 1e6));
    inputs = await tick();
    worstDeg = Math.max(worstDeg, radToDeg(robot.robot.body.positionRad(joint)));
    if (said.reason === 'none' && inputs.monitor.reason !== 'none') {
      said = { ...inputs.monitor };
      toldUs = clock.nowUs();
    }
    if (Number.isNaN(releasedMs) && !robot.robot.energised(joint)) releasedMs = (clock.nowUs() - toldUs) / 1_000;
  }
  robot.dispose();
  return { worstDeg, reason: said.reason, joint: said.joint, releasedMs };
}

/** The same robot, as a monitor would see it that allows everything. */
function withoutLimits(): RobotProfile {
  const profile = gaitOrthosis();
  for (const joint of profile.joints) Object.assign(joint, { hardRangeDeg: { min: -180, max: 180 }, speedLimitDegPerSec: 1e6 });
  return profile;
}

const outward = (startDeg: number, seconds: number): number => Math.min(91, startDeg + 60 * seconds);
const tooFast = (startDeg: number, seconds: number): number => startDeg + Math.min(60, 900 * seconds);

describe('a loop that moves a joint out of its range', () => {
  it('loses the power of the drives by what the hub measures, before the mechanical stop', async () => {
    const { knee, course } = { knee: gaitOrthosis().joints[KNEE]!, course: await runWild(KNEE, outward, 2.5) };
    expect(course).toMatchObject({ reason: 'range', joint: KNEE });
    expect(course.releasedMs).toBeLessThanOrEqual(60);
    expect(course.worstDeg).toBeLessThan(knee.mechanicalStopDeg.max);
  });

  it('would have brought it there without the monitor', async () => {
    const course = await runWild(KNEE, outward, 2.5, withoutLimits());
    expect(course).toMatchObject({ reason: 'none', releasedMs: Number.NaN });
    expect(course.worstDeg).toBeGreaterThan(89);
  });
});

describe('a loop that moves a joint too fast', () => {
  it('loses the power of the drives too', async () => {
    const course = await runWild(HIP, tooFast, 0.5);
    expect(course).toMatchObject({ reason: 'speed', joint: HIP });
    expect(course.releasedMs).toBeLessThanOrEqual(60);
  });
});

describe('the answers of a monitor', () => {
  it('are given once each, and none while it sees something wrong', () => {
    const monitor = new MonitorInProcess(gaitOrthosis());
    expect(monitor.takeAnswer(0)).toBe(-1);
    const verdict = { ageUs: Infinity, reason: 'none' as MonitorReason, joint: 5 };
    monitor.read(verdict, 100_000);
    expect(verdict).toEqual({ ageUs: 0, reason: 'hubSilent', joint: -1 });
  });
});
