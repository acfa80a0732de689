/**
 * Measures the decision of a cycle for twelve joints: trust, obedience, loads, checks, failsafe, stop monitor, therapy and
 * envelope, on a robot that walks and follows exactly. Each cycle is timed by itself, because the rare slow one counts;
 * bytes as in `codecs-bench.ts`.
 */
import { performance } from 'node:perf_hooks';
import { inlineCycles } from '../../robot/inlining.ts';
import { createRobotStep } from '../../robot/robot-step.ts';
import { toRangeRad, type JointProfile, type RobotProfile } from '../../../protocols/profile.ts';
import { clamp } from '../../../protocols/math.ts';
import { inputsOf, emptyIntent, type StepOutput } from '../../../protocols/session-log.ts';
import type { OperatorCommand } from '../../../protocols/supervision.ts';
import { kmhToMps, US_PER_S } from '../../../protocols/units.ts';

export interface SafetyBenchResult {
  readonly joints: number;
  readonly cycles: number;
  /** What the robot did in the end; `running`, else something else was measured. */
  readonly state: string;
  readonly stops: string;
  readonly cycleUs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Left for the garbage collector. */
  readonly bytesPerCycle: number;
}

const JOINTS = 12;
/** Nothing weighs on this robot, so what its torques do not explain is nobody's push. */
const NO_PERSON_NM = 1e6;
const FRICTION_SMOOTHING_RAD_PER_SEC = 0.1;
const READING_AGE_US = 1_000.25;
const WARM_UP_CYCLES = 20_000;
const CYCLES = 100_000;
/** Short, so that the young generation rarely overflows within one: a collection would hide what was left for it. */
const BATCH_CYCLES = 50;
const WEIGHED_BATCHES = 101;
const US_PER_PERFORMANCE_MS = 1_000;

/** @param profile whose joints are repeated until there are enough */
export function benchSafety(profile: RobotProfile, cycles = CYCLES): SafetyBenchResult {
  inlineCycles();
  const cycle = walkingRobot(withJoints(profile));
  for (let i = 0; i < WARM_UP_CYCLES; i++) cycle();
  const us = new Float64Array(cycles);
  for (let i = 0; i < cycles; i++) {
    const startMs = performance.now();
    cycle();
    us[i] = (performance.now() - startMs) * US_PER_PERFORMANCE_MS;
  }
  us.sort();
  const bytes = Array.from({ length: WEIGHED_BATCHES }, () => weighBytes(cycle)).toSorted((a, b) => a - b);
  const at = (share: number): number => Number((us[Math.floor(share * (cycles - 1))] ?? 0).toFixed(1));
  return {
    joints: JOINTS,
    cycles,
    state: cycle().state,
    stops: cycle().cause,
    cycleUs: { p50: at(0.5), p99: at(0.99), max: at(1) },
    bytesPerCycle: Math.max(0, Math.round((bytes[bytes.length >> 1] ?? 0) / BATCH_CYCLES)),
  };
}

function withJoints(profile: RobotProfile): RobotProfile {
  const times = Math.ceil(JOINTS / profile.joints.length);
  const joints = Array.from({ length: times }, (_, n) => profile.joints.map((joint) => ({ ...joint, id: `${joint.id}-${n}`, interactionLimitNm: NO_PERSON_NM }))).flat();
  return { ...profile, joints: joints.slice(0, JOINTS) };
}

/** @returns runs one cycle of a robot that walks */
function walkingRobot(profile: RobotProfile): () => StepOutput {
  const setup = {
    patientRef: 'bench',
    bodyMassKg: 75,
    heightM: 1.8,
    permittedRangeRad: profile.joints.map(({ softRangeDeg }) => toRangeRad(softRangeDeg)),
    parameters: { speedMps: kmhToMps(2), guidance: { left: 1, right: 1 }, romScale: profile.joints.map(() => 1), offsetRad: profile.joints.map(() => 0) },
    confirmed: { identity: true, side: true, consent: true, geometry: true, alarms: true },
  };
  const step = createRobotStep(profile, setup, 'none');
  const inputs = inputsOf(profile);
  const intent = Object.assign(emptyIntent(profile.joints.length), { sessionOpen: true, stationConnected: true, prepared: true, leaseEpoch: 1, leaseAgeUs: 0, unloadingKg: profile.bodyWeightSupport?.unloadingMaxKg ?? 0, speedMps: setup.parameters.speedMps, guidanceLeft: 1, guidanceRight: 1 });
  const periodUs = US_PER_S / profile.controlRateHz;
  for (const link of inputs.links) link.up = true;
  Object.assign(inputs.hub, { estopClosed: true, enableRelayClosed: true });
  Object.assign(inputs.treadmill, { ready: true, stopRopePulled: false, fault: false });
  Object.assign(inputs.support, { locked: true, fault: false });
  Object.assign(inputs.monitor, { reason: 'none' });
  for (const joint of inputs.joints) Object.assign(joint, { driveTempC: 30, encoderQuality: 255, motorPositionRad: 0.2, encoderPositionRad: 0.2 });
  const orders = new Map<number, OperatorCommand>([[50, 'arm'], [400, 'start']]);
  let output = step.step(inputs, intent);
  return () => {
    inputs.cycle++;
    const latenessUs = unevenUs(inputs.cycle);
    inputs.nowUs += periodUs + latenessUs - inputs.latenessUs;
    inputs.latenessUs = latenessUs;
    inputs.hub.sequence++;
    inputs.hub.deviceTimeUs += periodUs;
    inputs.hub.ageUs = inputs.treadmill.ageUs = inputs.support.ageUs = inputs.monitor.ageUs = READING_AGE_US + latenessUs;
    intent.leaseAgeUs = latenessUs;
    inputs.treadmill.leftMps = inputs.treadmill.rightMps = output.permitted.beltSpeedMps;
    inputs.support.unloadingN = output.permitted.unloadingN;
    inputs.support.locked = output.permitted.lockSupport;
    const order = orders.get(inputs.cycle);
    if (order !== undefined) {
      intent.command = order;
      intent.commandSequence++;
    }
    for (let j = 0; j < inputs.joints.length; j++) {
      const joint = inputs.joints[j];
      const command = output.permitted.joints[j];
      if (joint === undefined || command === undefined) continue;
      joint.driveState = output.permitted.enable ? 'enabled' : 'disabled';
      joint.driveSequence++;
      joint.driveAgeUs = READING_AGE_US + latenessUs;
      if (output.permitted.enable) joint.motorPositionRad = joint.encoderPositionRad = command.positionRad;
      const changeRadPerSec = command.velocityRadPerSec - joint.motorVelocityRadPerSec;
      joint.motorVelocityRadPerSec = command.velocityRadPerSec;
      joint.motorTorqueNm = command.torqueNm;
      joint.jointTorqueNm = command.torqueNm - lossNm(profile.joints[j], command.velocityRadPerSec, (changeRadPerSec * US_PER_S) / periodUs);
    }
    output = step.step(inputs, intent);
    return output;
  };
}

/** How late a tick comes on a machine that is busy with other things, as fractional as real times are. */
const unevenUs = (cycle: number): number => ((cycle * 7919) % 97) * 1.37;

/** Of a motor's torque, on its way to the sensor behind the gear. */
const lossNm = (joint: JointProfile | undefined, velocityRadPerSec: number, accelerationRadPerSec2: number): number =>
  joint === undefined
    ? 0
    : joint.coulombFrictionNm * clamp(velocityRadPerSec / FRICTION_SMOOTHING_RAD_PER_SEC, -1, 1) +
      joint.viscousFrictionNmsPerRad * velocityRadPerSec +
      joint.rotorInertiaKgM2 * accelerationRadPerSec2;

function weighBytes(cycle: () => void): number {
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < BATCH_CYCLES; i++) cycle();
  return process.memoryUsage().heapUsed - before;
}
