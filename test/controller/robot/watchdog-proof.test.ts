import { describe, expect, it } from 'vitest';
import { MonitorInProcess } from '../../../controller/robot/monitor-in-process.ts';
import { WatchdogProver, type DriveProof } from '../../../controller/robot/watchdog-proof.ts';
import { ManualClock, ManualScheduler } from '../../../hal/clock.ts';
import { createDriveRobotIo } from '../../../hal/drive-robot-io.ts';
import { createMemoryLink } from '../../../hal/transport/memory.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { createLockstepRobot, type LockstepRobot } from '../../../sim/lockstep.ts';
import { gaitOrthosis } from '../../hal/robot-rig.ts';

const PERIOD_US = 4_000;
const MOST_CYCLES = 5_000;

/**
 * @param device the profile that the virtual drives are built from, where it differs from the host's
 * @param stallMs for so long the host stands still before a cycle
 */
async function prove(device: RobotProfile = gaitOrthosis(), meddle: (robot: LockstepRobot, cycle: number) => void = () => {}, stallMs: (robot: LockstepRobot) => number = () => 0) {
  const profile = gaitOrthosis();
  const robot = await createLockstepRobot({ profile: device, seed: 1, bodyMassKg: 75, heightM: 1.8 });
  const clock = new ManualClock();
  const scheduler = new ManualScheduler(clock);
  const links = new Map(profile.links.map((link) => [link.id, createMemoryLink(link.id)]));
  robot.connect(new Map([...links].map(([id, link]) => [id, link.device])));
  const io = createDriveRobotIo({ profile, factories: new Map([...links].map(([id, link]) => [id, link.factory])), clock, scheduler, onNotice: () => {}, guard: new MonitorInProcess(profile) });
  io.start();
  const prover = new WatchdogProver(profile, io);
  let mostTravelRad = 0;
  const start = profile.joints.map((_, j) => robot.robot.body.positionRad(j));
  for (let cycle = 1; !prover.done && cycle < MOST_CYCLES; cycle++) {
    meddle(robot, cycle);
    for (let part = stallMs(robot) + PERIOD_US / 1_000; part > 0; part--) {
      clock.advanceUs(1_000);
      robot.step(1_000);
    }
    scheduler.runDue();
    await Promise.resolve();
    await Promise.resolve();
    prover.step(io.read(cycle, clock.nowUs(), 0));
    mostTravelRad = Math.max(mostTravelRad, ...start.map((rad, j) => Math.abs(robot.robot.body.positionRad(j) - rad)));
  }
  const energised = profile.joints.map((_, j) => robot.robot.energised(j));
  robot.dispose();
  return { proofs: prover.proofs, mostTravelRad, energised };
}

const outcomes = (proofs: readonly DriveProof[]): string[] => proofs.map((proof) => proof.outcome);

/** Devices whose drives release only after ten seconds. */
const withoutWatchdog = (joint: number): RobotProfile => {
  const profile = gaitOrthosis();
  profile.joints[joint]!.drive.watchdogMs = 10_000;
  return profile;
};

describe('the proof of the watchdogs', () => {
  it('finds that every drive of the virtual robot releases by itself, and moves nothing meanwhile', async () => {
    const { proofs, mostTravelRad, energised } = await prove();
    expect(outcomes(proofs)).toEqual(['proven', 'proven', 'proven', 'proven']);
    for (const proof of proofs) {
      expect(proof.heldNm).toBeGreaterThanOrEqual(3);
      expect(proof.heldNm).toBeLessThanOrEqual(5);
      expect(proof.afterNm).toBeLessThan(0.1);
      expect(proof.silenceMs).toBeGreaterThan(proof.joint.drive.watchdogMs);
    }
    expect(mostTravelRad).toBeLessThan(0.02);
    expect(energised).toEqual([false, false, false, false]);
  });

  it('takes a turn again in which the host stood still: the relay opened, so that it was not the watchdog which let go', async () => {
    let holding = 0;
    const { proofs } = await prove(withoutWatchdog(2), undefined, ({ robot }) => (Math.abs(robot.body.motorTorqueNm(2)) > 3 && ++holding === 130 ? 100 : 0));
    expect(holding).toBeGreaterThan(200);
    expect(outcomes(proofs)).toEqual(['proven', 'proven', 'keptPushing', 'proven']);
  });

  it('does not take a turn again for ever', async () => {
    let holding = 0;
    const { proofs } = await prove(undefined, undefined, ({ robot }) => (Math.abs(robot.body.motorTorqueNm(1)) > 3 && ++holding % 20 === 0 ? 100 : 0));
    expect(outcomes(proofs)).toEqual(['proven', 'notReady', 'proven', 'proven']);
  });

  it('catches the one drive that goes on pushing', async () => {
    const { proofs } = await prove(withoutWatchdog(2));
    expect(outcomes(proofs)).toEqual(['proven', 'proven', 'keptPushing', 'proven']);
    expect(proofs[2]!.afterNm).toBeGreaterThan(3);
  });

  it('does not call a drive proven that fell silent for good', async () => {
    const { proofs } = await prove(gaitOrthosis(), (robot, cycle) => {
      if (cycle === 200) robot.controls.unplug('leg-left');
    });
    expect(outcomes(proofs).slice(0, 2)).toEqual(['noAnswer', 'notReady']);
  });

  it('does not begin while the emergency stop is open', async () => {
    const { proofs } = await prove(gaitOrthosis(), (robot, cycle) => {
      if (cycle === 1) robot.controls.estop(true);
    });
    expect(outcomes(proofs)).toEqual(['notReady', 'notReady', 'notReady', 'notReady']);
  });
});
