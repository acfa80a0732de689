/** What the checks see of a healthy, enabled robot with belt, support and lift, to be spoiled by each test. */
import type { CheckContext } from '../../../controller/safety/checks.ts';
import { HostStall } from '../../../controller/safety/host-stall.ts';
import { JointLoad } from '../../../controller/safety/loads.ts';
import { LostDrive } from '../../../controller/safety/lost-drive.ts';
import { Obedience } from '../../../controller/safety/obedience.ts';
import { untrustedJoint } from '../../../controller/safety/trusted-joint.ts';
import { emptyJointCommand } from '../../../protocols/joints.ts';
import { degToRad } from '../../../protocols/units.ts';
import { healthyInputs, healthyIntent, limits, MAX_AGE_US } from './fixtures.ts';

export function healthyContext(): CheckContext {
  const inputs = healthyInputs();
  for (const joint of inputs.joints) joint.driveState = 'enabled';
  return {
    inputs,
    intent: { ...healthyIntent(), unloadingKg: 10 },
    joints: limits.map((limit, j) => ({
      limits: limit,
      trusted: { ...untrustedJoint(), positionRad: degToRad(20), encoderRad: degToRad(20), trusted: true, motorFresh: true },
      command: { ...emptyJointCommand(), positionRad: degToRad(20), stiffnessNmPerRad: limit.stiffnessNmPerRad },
      obedience: new Obedience(limit),
      lost: new LostDrive(limit),
      load: new JointLoad(limit),
      input: inputs.joints[j]!,
    })),
    sensed: [0, 1].map(() => ({ positionRad: 0, velocityRadPerSec: 0, ageUs: 1000, energised: false, trusted: true, implausible: false, stuck: false })),
    linkNoise: { noisy: false },
    sessionPrepared: true,
    confirmed: true,
    bodyMassKg: 100,
    carriedKg: limits.map(() => 90),
    inputMaxAgeUs: MAX_AGE_US,
    stall: new HostStall(4_000, 20_000),
    belt: { runaway: false, desync: false },
    support: { dropped: false, unlocked: false },
    lift: { standing: true, moved: false, runsOn: false, blocked: false },
    interaction: limits.map(() => ({ suspected: false, lasted: false, tooStrong: false, pushed: 0 })),
    leaseUs: 2e6,
    overrunUs: 20_000,
    hubClock: { standsUs: 0, repeats: 0 },
    energisedUs: 1e6,
    stop: 'none',
    brakes: { missed: false, brakesExpected: false },
    stopRequested: false,
  };
}
