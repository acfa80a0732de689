/** Every line of the failsafe table can be tried in the lab: a setting of its inputs shows just that finding. */
import { expect, it } from 'vitest';
import { policy, type CheckId } from '../../../controller/safety/policy.ts';
import type { OperatorCommand } from '../../../protocols/supervision.ts';
import { groups, healthyInputs, inputsOf, sliderRanges, type LabInputs } from '../../../ui/safety-lab/lab-inputs.ts';
import { SafetyLab } from '../../../ui/safety-lab/safety-lab.ts';
import { gaitOrthosis } from '../../sim/support/profile.ts';

const profile = gaitOrthosis();
const KNEE = 1;
const knee = profile.joints[KNEE]!;
const healthy = healthyInputs(profile);

/** A setting that is held for so long; the encoder's own angle is put in where one is to be held. */
interface Part {
  readonly set?: Partial<LabInputs>;
  readonly sec?: number;
  readonly press?: OperatorCommand;
  /** Readings that are held where they are now. */
  readonly hold?: readonly ('encoderPositionDeg' | 'motorPositionDeg')[];
}

interface Try {
  /** `ready`: released. `walks`: the patient's strides are not known yet. `known`: they are. */
  readonly from: 'ready' | 'walks' | 'known';
  readonly parts: readonly Part[];
  /** What cannot but be found with it. */
  readonly and?: readonly CheckId[];
}

const walking = (set: Partial<LabInputs>, and: readonly CheckId[] = []): Try => ({ from: 'walks', parts: [{ set }], and });
const ready = (set: Partial<LabInputs>, and: readonly CheckId[] = []): Try => ({ from: 'ready', parts: [{ set }], and });
const joint = (deg: number): Partial<LabInputs> => ({ motorPositionDeg: deg, encoderPositionDeg: deg });
const heavyWork: readonly Part[] = [{ set: { motorTorqueNm: 115 }, sec: 12 }, {}];

/** null: it cannot happen to the lab's robot, which drives all joints that it measures, and no lift. */
const tries: Readonly<Record<CheckId, Try | null>> = {
  // The relay lies in the emergency-stop chain.
  estopOpen: ready({ estopClosed: false }, ['relayOpen']),
  sessionClosed: walking({ sessionOpen: false }),
  notPrepared: walking({ prepared: false }),
  notConfirmed: ready({ confirmed: false }),
  stanceTooHeavy: ready({ bodyMassKg: 135, unloadingKg: 0 }),
  linkDown: walking({ linkUp: false }),
  driveSilent: walking({ driveAgeMs: 100 }),
  driveUnattended: ready({ driveAgeMs: 100, ownWatchdog: false }, ['driveSilent']),
  hubSilent: walking({ hubAgeMs: 100 }),
  hubFrozen: walking({ hubClockRuns: false }),
  monitorDisagrees: walking({ monitorAgrees: false }),
  nothingDriven: null,
  sensorSilent: null,
  sensedImplausible: null,
  sensorServoOn: null,
  implausible: walking({ encoderQuality: 0 }, ['encoderWrong']),
  motorLost: walking({ motorPositionDeg: 70 }, ['implausible']),
  disagreement: walking({ encoderDriftDegPerSec: 20 }),
  encodersApart: walking({ encoderDriftDegPerSec: 20 }),
  encoderWrong: walking({ encoderOffsetDeg: 10 }),
  sensorStuck: { from: 'walks', parts: [{ hold: ['encoderPositionDeg'] }], and: ['encoderWrong'] },
  torqueSensorFault: walking({ torqueSensorFrozen: true }, ['torqueSensorDoubted']),
  torqueSensorDoubted: walking({ torqueSensorFrozen: true }, ['torqueSensorFault']),
  driveFault: ready({ driveState: 'fault' }),
  driveNotEnabled: { from: 'ready', parts: [{ press: 'arm', sec: 2 }, { set: { driveState: 'disabled' } }] },
  // Its joint stands.
  driveDisobeys: { from: 'ready', parts: [{ press: 'arm', sec: 2 }, { set: { motorTorqueNm: 40 } }] },
  driveOutOfControl: walking({ motorTorqueNm: 40 }, ['driveDisobeys']),
  treadmillSilent: walking({ treadmillAgeMs: 100 }),
  treadmillFault: walking({ treadmillReady: false }),
  beltRunaway: ready({ beltSpeedKmh: 1 }),
  treadmillDesync: walking({ beltSpeedKmh: 0.5 }),
  stopRope: walking({ stopRope: true }),
  supportSilent: walking({ supportAgeMs: 100 }),
  supportFault: walking({ supportFault: true }),
  supportDrop: walking({ ropeUnloadingKg: 0 }),
  supportUnlocked: ready({ ropeLocks: false }),
  liftSilent: null,
  liftFault: null,
  liftMoved: null,
  liftRunsOn: null,
  liftBlocked: null,
  liftMoving: null,
  driveTooHot: walking({ driveTempC: 95 }, ['driveHot']),
  driveHot: walking({ driveTempC: 80 }),
  overloaded: { from: 'ready', parts: heavyWork, and: ['overloadNear'] },
  overloadNear: { from: 'ready', parts: [...heavyWork, { sec: 15 }] },
  powerTooHigh: ready({ motorVelocityDegPerSec: 300, jointTorqueNm: 60, motorTorqueNm: 68 }),
  pastHardRange: ready(joint(88), ['pastPermittedRange', 'outsideSoftRange']),
  pastPermittedRange: ready(joint(80), ['outsideSoftRange']),
  outsideSoftRange: ready(joint(77)),
  overSpeed: ready({ motorVelocityDegPerSec: 450 }),
  stopBreached: { from: 'walks', parts: [{ press: 'stop', sec: 0.6 }, { set: { motorVelocityDegPerSec: 20 } }] },
  stopUnconfirmed: { from: 'walks', parts: [{ press: 'stop', sec: 0.6 }, { set: { driveAgeMs: 100, hubAgeMs: 100 } }], and: ['driveSilent', 'hubSilent'] },
  overTorque: ready({ motorTorqueNm: 130, jointTorqueNm: 130 }),
  // Both sensors stand; at half the stiffness, and as soon as the pace changes, what pushes there is let pass.
  trackingLost: { from: 'walks', parts: [{ set: { guidancePercent: 55 }, sec: 1.5 }, { set: { guidancePercent: 55, pace: 3 }, hold: ['motorPositionDeg', 'encoderPositionDeg'], sec: 1.2 }] },
  interactionTooStrong: walking({ patientTorqueNm: 100 }, ['spasmSuspected']),
  spasmLasted: { from: 'known', parts: [{ set: { patientTorqueNm: 25 } }], and: ['spasmSuspected'] },
  spasmSuspected: { from: 'known', parts: [{ set: { patientTorqueNm: 25 } }] },
  relayOpen: walking({ relayHeldOpen: true }),
  brakesMissed: { from: 'ready', parts: [{ set: { stopEndsIn: 'brake' }, press: 'arm', sec: 2 }, { set: { stopEndsIn: 'brake' }, press: 'start', sec: 3 }, { set: { stopEndsIn: 'brake', brakes: 'open' }, press: 'stop', sec: 1 }] },
  brakeEngaged: ready({ brakes: 'closed' }),
  patientButton: walking({ patientButton: true }),
  stationLost: walking({ stationConnected: false }),
  operatorLost: walking({ leaseAgeMs: 3_000 }),
  loopOverrun: walking({ latenessMs: 100 }),
  operatorStop: { from: 'walks', parts: [{ press: 'stop' }] },
  linkNoisy: walking({ lossPercent: 5 }),
  recorderFailed: walking({ recorderHealthy: false }),
};

const FROM_CYCLES: Readonly<Record<Try['from'], number>> = { ready: 2 * 250 - 1, walks: 10 * 250, known: Infinity };

/** The findings of each cycle that differ from those before, as sorted lists. */
function findings({ from, parts }: Try): string[] {
  const lab = new SafetyLab(profile, KNEE);
  lab.bringUp(FROM_CYCLES[from]);
  const seen = new Set<string>();
  for (const { set, sec = 0.6, press = 'none', hold = [] } of parts) {
    const { shown } = lab.view();
    const wanted: LabInputs = { ...healthy, ...set, ...Object.fromEntries(hold.map((reading) => [reading, shown[reading]])) };
    for (let cycle = 0; cycle < sec * profile.controlRateHz; cycle++) {
      // In the first one a session may begin, which knows no command that was there before.
      lab.cycle(wanted, cycle === 1 ? press : 'none');
      seen.add(lab.view().lines.filter(({ present }) => present).map(({ check }) => check).sort().join(' '));
    }
  }
  return [...seen];
}

it.each(policy.flatMap(({ check }) => (tries[check] === null ? [] : [[check, tries[check]] as const])))('%s is found in the lab, and nothing beside it that need not be', (check, tried) => {
  const { and = [] } = tried;
  expect(findings(tried)).toContain([check, ...and].sort().join(' '));
});

it('what is tried can be set by a person', () => {
  const ranges = sliderRanges(profile, knee);
  const offered = new Set<string>(groups.flatMap((group) => Object.values(inputsOf(group, profile)).flat()));
  const wrong = Object.values(tries).flatMap((tried) =>
    (tried?.parts ?? []).flatMap(({ set = {} }) =>
      Object.entries(set).filter(([name, value]) => {
        const range = ranges[name as keyof typeof ranges];
        return !offered.has(name) || (typeof value === 'number' && (value < range.min || value > range.max || Math.abs((value - range.min) / range.step - Math.round((value - range.min) / range.step)) > 1e-6));
      }),
    ),
  );
  expect(wrong).toEqual([]);
});
