/** A healthy robot as its inputs show it, to be spoiled by each test in one place. */
import { readFileSync } from 'node:fs';
import type { LiftProfile } from '../../../protocols/actuator-profile.ts';
import type { RobotInputs } from '../../../protocols/joints.ts';
import { parseProfile } from '../../../protocols/profile-text.ts';
import { isGait, toRangeRad, type GaitProfile, type RobotProfile } from '../../../protocols/profile.ts';
import { emptyInputs, emptyIntent, type Intent } from '../../../protocols/session-log.ts';
import type { SessionSetup } from '../../../protocols/supervision.ts';
import { degToRad } from '../../../protocols/units.ts';
import { InputTrust } from '../../../controller/safety/input-trust.ts';
import { createLimits, type JointLimits } from '../../../controller/safety/limits.ts';

function gait(text: string): GaitProfile {
  const parsed = parseProfile(text, 'gait-orthosis.json');
  if (!isGait(parsed)) throw new RangeError('no profile of a gait robot');
  return parsed;
}

const profileText = readFileSync('hal/profiles/gait-orthosis.json', 'utf8');
export const profile = gait(profileText);
/** The same robot whose stops end otherwise. */
export const ending = (then: RobotProfile['stop']['endsIn']): GaitProfile => gait(profileText.replace('"endsIn": "lower"', `"endsIn": "${then}"`));
/** The same robot with a belt and a support that it drives. */
export const driven: GaitProfile = {
  ...profile,
  hub: { ...profile.hub, inputs: { treadmill: { rateHz: 100 }, bodyWeightSupport: { rateHz: 100 } } },
  treadmill: { speedMaxKmh: 3.2, startRampMps2: 0.25, stopRampMps2: 2, lagMs: 50, runawayToleranceMps: 0.06, syncToleranceMps: 0.1, watchdogMs: 100 },
  bodyWeightSupport: { unloadingMaxKg: 85, initialKg: 20, rateKgPerSec: 5, dropKg: 5, lockMs: 300, watchdogMs: 100 },
};
/** The lift of an arm robot. */
export const lift: LiftProfile = { heightM: { min: 0.7, max: 1.25 }, speedMps: 0.03, accelerationMps2: 0.1, driftM: 0.005, watchdogMs: 100 };
export const PERIOD_US = 1e6 / profile.controlRateHz;
export const MAX_AGE_US = profile.watchdogs.inputMaxAgeMs * 1000;

export const setup: SessionSetup = {
  patientRef: 'p1',
  bodyMassKg: 75,
  heightM: 1.8,
  permittedRangeRad: profile.joints.map((joint) => toRangeRad(joint.softRangeDeg)),
  parameters: { speedMps: 0.4, guidance: { left: 1, right: 1 }, romScale: [1, 1, 1, 1], offsetRad: [0, 0, 0, 0] },
  confirmed: { identity: true, side: true, consent: true, geometry: true, alarms: true },
};

export const limits: readonly JointLimits[] = createLimits(profile, setup);

/** Every joint at 20°, everything alive and in order. */
export function healthyInputs(): RobotInputs {
  const inputs = emptyInputs(profile.joints.length, profile.links.length);
  for (const joint of inputs.joints)
    Object.assign(joint, { driveState: 'disabled', motorPositionRad: degToRad(20), encoderPositionRad: degToRad(20), driveTempC: 30, driveAgeUs: 1000, driveSequence: 1, encoderQuality: 255 });
  Object.assign(inputs.hub, { ageUs: 1000, sequence: 1, deviceTimeUs: 1000, estopClosed: true, enableRelayClosed: true });
  inputs.monitor.ageUs = 1000;
  Object.assign(inputs.treadmill, { ageUs: 1000, ready: true });
  Object.assign(inputs.support, { ageUs: 1000, locked: true });
  Object.assign(inputs.lift, { ageUs: 1000, heightM: 1.05 });
  for (const link of inputs.links) link.up = true;
  return inputs;
}

/** Moves time on: new frames from every device. */
export function nextCycle(inputs: RobotInputs): RobotInputs {
  inputs.cycle++;
  inputs.nowUs += PERIOD_US;
  inputs.hub.sequence++;
  inputs.hub.deviceTimeUs += PERIOD_US;
  for (const joint of inputs.joints) joint.driveSequence++;
  return inputs;
}

export function healthyIntent(): Intent {
  return Object.assign(emptyIntent(profile.joints.length), {
    sessionOpen: true,
    stationConnected: true,
    leaseEpoch: 1,
    leaseAgeUs: 0,
    prepared: true,
    speedMps: 0.4,
    guidanceLeft: 1,
    guidanceRight: 1,
  });
}

/** What a sensor between gear and segment shows: the motor's torque less friction and what the rotor needs. */
export function sensedTorqueNm(joint: RobotProfile['joints'][number], motorNm: number, velocityRadPerSec: number, beforeRadPerSec: number): number {
  const frictionNm = joint.coulombFrictionNm * Math.sign(velocityRadPerSec) + joint.viscousFrictionNmsPerRad * velocityRadPerSec;
  return motorNm - frictionNm - (joint.rotorInertiaKgM2 * (velocityRadPerSec - beforeRadPerSec)) / (PERIOD_US / 1e6);
}

/** What is believed of a healthy robot after so many cycles. */
export function trustAfter(cycles: number): { trust: InputTrust; inputs: RobotInputs } {
  const trust = new InputTrust(limits, PERIOD_US, MAX_AGE_US);
  const inputs = healthyInputs();
  trust.update(inputs);
  for (let i = 0; i < cycles; i++) trust.update(nextCycle(inputs));
  return { trust, inputs };
}
