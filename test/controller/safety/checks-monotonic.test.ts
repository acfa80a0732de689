/**
 * A worse input never gives a milder action: over all lines of the table at once, each number that the checks look at is
 * moved in its worse direction, at and around every bound, whatever else is wrong.
 */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { runChecks, type CheckContext } from '../../../controller/safety/checks.ts';
import { Failsafe, severity } from '../../../controller/safety/failsafe.ts';
import { policy } from '../../../controller/safety/policy.ts';
import { degToRad } from '../../../protocols/units.ts';
import { healthyContext } from './check-context.ts';
import { MAX_AGE_US } from './fixtures.ts';

const JOINT = 2;
const joint = (context: CheckContext) => context.joints[JOINT]!;

/** How it is set, and values from harmless to worse; `NaN` is the worst where a device or a person gives the number. */
type Input = readonly [name: string, set: (context: CheckContext, value: number) => unknown, values: readonly number[]];

const LATE = 'how late the tick is';
const around = (bound: number): number[] => [bound - 1e-6 * Math.abs(bound), bound, bound + 1e-6 * Math.abs(bound)];
const ages = [0, ...around(MAX_AGE_US), 10 * MAX_AGE_US, 1e9, Number.NaN];
const agesOrNever = [...ages.slice(0, -1), Infinity, Number.NaN];
/** Beyond either end of the permitted range of −20 … 80° and the hard one of −30 … 90°, with every tolerance. */
const outwardUp = [20, 80, ...around(81), ...around(83), ...around(90), 95].map(degToRad);
const outwardDown = [20, -20, ...around(-21).reverse(), ...around(-23).reverse(), ...around(-30).reverse(), -35].map(degToRad);

const inputs: readonly Input[] = [
  ["the hub's age", (c, v) => (c.inputs.hub.ageUs = v), ages],
  ["the monitor's age", (c, v) => (c.inputs.monitor.ageUs = v), ages],
  ["the treadmill's age", (c, v) => (c.inputs.treadmill.ageUs = v), agesOrNever],
  ["the support's age", (c, v) => (c.inputs.support.ageUs = v), agesOrNever],
  ["the lift's age", (c, v) => (c.inputs.lift.ageUs = v), agesOrNever],
  ["a drive's age", (c, v) => (joint(c).input.driveAgeUs = v), agesOrNever],
  ["the lease's age", (c, v) => (c.intent.leaseAgeUs = v), [0, ...around(2e6), 1e9, Infinity, Number.NaN]],
  ["how long the hub's clock stands", (c, v) => Object.assign(c.hubClock, { standsUs: v }), [0, ...around(MAX_AGE_US), 1e9, Number.NaN]],
  ["how many frames come while the hub's clock stands", (c, v) => Object.assign(c.hubClock, { repeats: v }), [0, 5, 6, 1e9]],
  ['how long the drives should be enabled', (c, v) => (c.energisedUs = v), [0, ...around(5e5), 1e9]],
  ['the mass of the patient', (c, v) => Object.assign(c, { bodyMassKg: v }), [20, ...around(100), 200, Number.NaN]],
  ['the unloading', (c, v) => (c.intent.unloadingKg = v), [80, ...around(10).reverse(), 0, Number.NaN]],
  ['what a drive carries', (c, v) => Object.assign(c, { carriedKg: [100, 100, v, 100] }), [200, ...around(90).reverse(), 0, Number.NaN]],
  ["a drive's temperature", (c, v) => (joint(c).input.driveTempC = v), [30, ...around(90), 200, Number.NaN]],
  ['the overload', (c, v) => (joint(c).load.overload = v), [0, ...around(1), 3, Infinity]],
  ['the power given', (c, v) => (joint(c).load.powerW = v), [0, ...around(joint(healthyContext()).limits.powerLimitW), 1e4]],
  ['the power taken', (c, v) => (joint(c).load.powerW = -v), [0, ...around(joint(healthyContext()).limits.powerLimitW), 1e4]],
  ['the encoder, upward', (c, v) => (joint(c).trusted.encoderRad = v), outwardUp],
  ['the encoder, downward', (c, v) => (joint(c).trusted.encoderRad = v), outwardDown],
  ['the motor, upward', (c, v) => (joint(c).trusted.positionRad = v), outwardUp],
  ['the motor, downward', (c, v) => (joint(c).trusted.positionRad = v), outwardDown],
  ['the speed up', (c, v) => (joint(c).trusted.velocityRadPerSec = degToRad(v)), [0, ...around(250), 1000]],
  ['the speed down', (c, v) => (joint(c).trusted.velocityRadPerSec = degToRad(-v)), [0, ...around(250), 1000]],
  ['the torque up', (c, v) => (joint(c).trusted.torqueNm = v), [0, ...around(120), 500]],
  ['the torque down', (c, v) => (joint(c).trusted.torqueNm = -v), [0, ...around(120), 500]],
  ['how far the command leads', (c, v) => (joint(c).command.positionRad = joint(c).trusted.positionRad + degToRad(v)), [0, ...around(15), 60]],
  ['how far the command lags', (c, v) => (joint(c).command.positionRad = joint(c).trusted.positionRad - degToRad(v)), [0, ...around(15), 60]],
  ['how stiffly it leads', (c, v) => (joint(c).command.stiffnessNmPerRad = v * joint(c).limits.stiffnessNmPerRad), [0, ...around(0.5), 1]],
  [LATE, (c, v) => c.stall.update(1_000_000, v), [0, ...around(20_000), 1e6, Number.NaN]],
];

/** What else may be wrong, each a thing of its own. */
const wrong: readonly ((context: CheckContext) => unknown)[] = [
  (c) => (c.inputs.hub.estopClosed = false),
  (c) => (c.inputs.hub.enableRelayClosed = false),
  (c) => (c.inputs.hub.brakeEngaged = true),
  (c) => (c.inputs.hub.patientButtonPressed = true),
  (c) => (c.inputs.monitor.reason = 'range'),
  (c) => (c.inputs.links[0]!.up = false),
  (c) => (c.inputs.treadmill.ready = false),
  (c) => (c.inputs.support.fault = true),
  (c) => (c.intent.sessionOpen = false),
  (c) => (c.intent.prepared = false),
  (c) => (c.intent.leaseEpoch = 0),
  (c) => (c.intent.recorderHealthy = false),
  (c) => (joint(c).input.driveState = 'disabled'),
  (c) => (joint(c).obedience.astray = true),
  (c) => (joint(c).trusted.motorFresh = false),
  (c) => (joint(c).trusted.disagrees = true),
  (c) => (joint(c).trusted.apart = true),
  (c) => (joint(c).trusted.torqueDoubted = true),
  (c) => (joint(c).load.hot = true),
  (c) => (c.interaction[JOINT]!.suspected = true),
  (c) => (c.stop = 'moving'),
  (c) => (c.stop = 'unknown'),
  (c) => (c.stopRequested = true),
  (c) => Object.assign(c, { belt: null, support: null }),
  (c) => Object.assign(joint(c), { limits: { ...joint(c).limits, releasedByRelayOnly: true } }),
];

/** A late tick explains a silence as long as itself, and a motor that moves comes nearer to where it was told to be: there less is wrong. */
const explains = (name: string, other: string): boolean => (name === LATE && /age$|clock/.test(other)) || (name.startsWith('the motor') && other.startsWith('how far'));

/** What follows when it stays so, longer than any grace. */
function actionOf(context: CheckContext, energised: boolean): number {
  const findings = new Int32Array(policy.length);
  runChecks(context, findings);
  const failsafe = new Failsafe(policy, 'none');
  failsafe.update(findings, 10e6, energised);
  return severity(failsafe.action);
}

it.each(inputs)('%s: a worse one never gives a milder action', (name, set, values) => {
  const independent = inputs.filter(([other]) => other !== name && !explains(name, other));
  const others = fc.subarray(independent, { maxLength: 4 }).chain((few) => fc.tuple(...few.map(([, put, choices]) => fc.constantFrom(...choices).map((value) => (c: CheckContext) => put(c, value)))));
  fc.assert(
    fc.property(others, fc.subarray([...wrong], { maxLength: 3 }), fc.boolean(), (moved, spoils, energised) => {
      let milder = 0;
      for (const value of values) {
        const context = healthyContext();
        for (const spoil of [...spoils, ...moved]) spoil(context);
        set(context, value);
        const action = actionOf(context, energised);
        expect(action, `${name} = ${value}`).toBeGreaterThanOrEqual(milder);
        milder = action;
      }
    }),
    { numRuns: 150 },
  );
});

it('each of them, at its worst, has an action of its own', () => {
  for (const [name, set, values] of inputs) {
    const context = healthyContext();
    if (name === 'how long the drives should be enabled') joint(context).input.driveState = 'disabled';
    if (name === 'how stiffly it leads') joint(context).command.positionRad = degToRad(60);
    set(context, values.at(-1)!);
    expect([name, actionOf(context, true) > 0]).toEqual([name, true]);
  }
});
