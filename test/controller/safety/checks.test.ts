import { describe, expect, it } from 'vitest';
import { ABSENT, allEnabled, PRESENT, runChecks, type CheckContext } from '../../../controller/safety/checks.ts';
import { Failsafe } from '../../../controller/safety/failsafe.ts';
import { allLinked } from '../../../controller/safety/linked.ts';
import { policy, type CheckId } from '../../../controller/safety/policy.ts';
import { degToRad } from '../../../protocols/units.ts';
import { healthyContext as healthy } from './check-context.ts';
import { MAX_AGE_US } from './fixtures.ts';

function findingsOf(context: CheckContext): Map<CheckId, number> {
  const findings = new Int32Array(policy.length);
  runChecks(context, findings);
  return new Map(policy.flatMap(({ check }, line) => (findings[line] === ABSENT ? [] : [[check, findings[line]!] as const])));
}

const JOINT = 2;
/** Number of the first joint that is only measured. */
const SENSED = 4;
type Spoil = (context: CheckContext) => unknown;
const joint = (context: CheckContext) => context.joints[JOINT]!;

/** Each: name, what is spoiled, which checks answer, and what they answer. */
const present: [string, Spoil, CheckId[], number][] = [
  ['the E-stop line is open', (c) => (c.inputs.hub.estopClosed = false), ['estopOpen'], PRESENT],
  ['the E-stop line was open when the hub fell silent', (c) => Object.assign(c.inputs.hub, { estopClosed: false, ageUs: 1e9 }), ['estopOpen', 'hubSilent'], PRESENT],
  ['the E-stop line was open, and the age of the hub is no number', (c) => Object.assign(c.inputs.hub, { estopClosed: false, ageUs: Number.NaN }), ['estopOpen', 'hubSilent'], PRESENT],
  ['no session was prepared', (c) => Object.assign(c, { sessionPrepared: false }), ['sessionClosed'], PRESENT],
  ['the session is closed', (c) => (c.intent.sessionOpen = false), ['sessionClosed'], PRESENT],
  ['the robot was not prepared', (c) => (c.intent.prepared = false), ['notPrepared'], PRESENT],
  ['the drive cannot carry the patient', (c) => (c.intent.unloadingKg = 9.9), ['stanceTooHeavy'], 0],
  ['the mass of the patient is no number', (c) => Object.assign(c, { bodyMassKg: Number.NaN }), ['stanceTooHeavy'], 0],
  ['nobody knows what the drives can carry', (c) => Object.assign(c, { carriedKg: [] }), ['stanceTooHeavy'], 0],
  ['nobody watches what the person does to a joint', (c) => Object.assign(c, { interaction: c.interaction.slice(0, JOINT) }), ['interactionTooStrong', 'spasmLasted', 'spasmSuspected'], JOINT],
  ['not everything was confirmed', (c) => Object.assign(c, { confirmed: false }), ['notConfirmed'], PRESENT],
  ['a link is down', (c) => (c.inputs.links[1]!.up = false), ['linkDown'], PRESENT],
  ['a drive is absent', (c) => (joint(c).input.driveState = 'absent'), ['driveSilent', 'driveNotEnabled'], JOINT],
  ['a drive is silent for too long', (c) => (joint(c).input.driveAgeUs = MAX_AGE_US + 1), ['driveSilent'], JOINT],
  ['a drive that only the relay can release is silent', (c) => Object.assign(joint(c), { limits: { ...joint(c).limits, releasedByRelayOnly: true }, input: { ...joint(c).input, driveAgeUs: MAX_AGE_US + 1 } }), ['driveSilent', 'driveUnattended'], JOINT],
  ['a drive that only the relay can release is gone', (c) => Object.assign(joint(c), { limits: { ...joint(c).limits, releasedByRelayOnly: true }, input: { ...joint(c).input, driveState: 'absent' } }), ['driveSilent', 'driveUnattended', 'driveNotEnabled'], JOINT],
  ['a drive that nobody reaches drives its joint on', (c) => (joint(c).lost.runsOn = true), ['driveUnattended'], JOINT],
  ["a drive's age is no number", (c) => (joint(c).input.driveAgeUs = Number.NaN), ['driveSilent'], JOINT],
  ['the hub is silent for too long', (c) => (c.inputs.hub.ageUs = MAX_AGE_US + 1), ['hubSilent'], PRESENT],
  ["the hub's age is no number", (c) => (c.inputs.hub.ageUs = Number.NaN), ['hubSilent'], PRESENT],
  ["the hub's clock stands", (c) => Object.assign(c.hubClock, { standsUs: MAX_AGE_US }), ['hubFrozen'], PRESENT],
  ['six frames came while the clock of the hub stood', (c) => Object.assign(c.hubClock, { repeats: 6 }), ['hubFrozen'], PRESENT],
  ["how long the hub's clock stands is no number", (c) => Object.assign(c.hubClock, { standsUs: Number.NaN }), ['hubFrozen'], PRESENT],
  ['the independent monitor sees something wrong', (c) => (c.inputs.monitor.reason = 'bytesLost'), ['monitorDisagrees'], PRESENT],
  ['the independent monitor names a joint', (c) => Object.assign(c.inputs.monitor, { reason: 'range', joint: JOINT }), ['monitorDisagrees'], JOINT],
  ['the independent monitor names the first joint', (c) => Object.assign(c.inputs.monitor, { reason: 'range', joint: 0 }), ['monitorDisagrees'], 0],
  ['the independent monitor names a joint that cannot be', (c) => Object.assign(c.inputs.monitor, { reason: 'range', joint: ABSENT }), ['monitorDisagrees'], PRESENT],
  ['the independent monitor is gone', (c) => (c.inputs.monitor.ageUs = MAX_AGE_US + 1), ['monitorDisagrees'], PRESENT],
  ["the independent monitor's age is no number", (c) => (c.inputs.monitor.ageUs = Number.NaN), ['monitorDisagrees'], PRESENT],
  ['the robot drives nothing', (c) => Object.assign(c, { joints: [] }), ['nothingDriven'], PRESENT],
  ['a joint that is only measured is not heard', (c) => (c.sensed[1]!.ageUs = MAX_AGE_US + 1), ['sensorSilent'], SENSED + 1],
  ['the age of a joint that is only measured is no number', (c) => (c.sensed[0]!.ageUs = Number.NaN), ['sensorSilent'], SENSED],
  ['a joint that is only measured tells what cannot be', (c) => (c.sensed[1]!.implausible = true), ['sensedImplausible'], SENSED + 1],
  ['a joint that is only measured repeats itself', (c) => (c.sensed[0]!.stuck = true), ['sensedImplausible'], SENSED],
  ['a servo that only measures has its torque on', (c) => (c.sensed[1]!.energised = true), ['sensorServoOn'], SENSED + 1],
  ['a motor reading is impossible', (c) => (joint(c).trusted.motorImplausible = true), ['implausible', 'motorLost'], JOINT],
  ['an encoder reading is impossible', (c) => (joint(c).trusted.encoderImplausible = true), ['implausible'], JOINT],
  ['motor and encoder disagree', (c) => (joint(c).trusted.disagrees = true), ['disagreement'], JOINT],
  ['motor and encoder are apart by what may be lateness', (c) => (joint(c).trusted.apart = true), ['encodersApart'], JOINT],
  ['the joint encoder is doubted', (c) => (joint(c).trusted.encoderDoubted = true), ['encoderWrong'], JOINT],
  ['a position sensor is stuck', (c) => (joint(c).trusted.stuck = true), ['sensorStuck'], JOINT],
  ['the joint torque sensor is doubted', (c) => (joint(c).trusted.torqueDoubted = true), ['torqueSensorDoubted', 'torqueSensorFault'], JOINT],
  ['a drive reports a fault', (c) => (joint(c).input.driveState = 'fault'), ['driveFault', 'driveNotEnabled'], JOINT],
  ['a drive does not become enabled in time', (c) => (joint(c).input.driveState = 'disabled'), ['driveNotEnabled'], JOINT],
  ['a drive gives another torque than it is told', (c) => (joint(c).obedience.astray = true), ['driveDisobeys'], JOINT],
  ['a drive gives so much else than it is told that its joint does not come to rest', (c) => Object.assign(joint(c).obedience, { astray: true, outOfControl: true }), ['driveDisobeys', 'driveOutOfControl'], JOINT],
  ['a drive is hot', (c) => (joint(c).load.hot = true), ['driveHot'], JOINT],
  ['a drive is near its overload', (c) => (joint(c).load.overloadNear = true), ['overloadNear'], JOINT],
  ['a drive is overloaded', (c) => (joint(c).load.overload = 1), ['overloaded'], JOINT],
  ['a drive gives too much power', (c) => (joint(c).load.powerW = joint(c).limits.powerLimitW + 0.1), ['powerTooHigh'], JOINT],
  ['a drive takes too much power', (c) => (joint(c).load.powerW = -joint(c).limits.powerLimitW - 0.1), ['powerTooHigh'], JOINT],
  ['a link is noisy', (c) => Object.assign(c, { linkNoise: { noisy: true } }), ['linkNoisy'], PRESENT],
  ['a drive is too hot', (c) => (joint(c).input.driveTempC = 91), ['driveTooHot'], JOINT],
  ["a drive's temperature is no number", (c) => (joint(c).input.driveTempC = Number.NaN), ['driveTooHot'], JOINT],
  ['the encoder is 1.5° outside the permitted range', (c) => (joint(c).trusted.encoderRad = degToRad(81.5)), ['outsideSoftRange'], JOINT],
  ['the encoder is 4° outside the permitted range', (c) => (joint(c).trusted.encoderRad = degToRad(-24)), ['outsideSoftRange', 'pastPermittedRange'], JOINT],
  ['the motor is 4° outside the permitted range', (c) => (joint(c).trusted.positionRad = degToRad(84)), ['outsideSoftRange', 'pastPermittedRange', 'trackingLost'], JOINT],
  ['the encoder is outside the hard range', (c) => (joint(c).trusted.encoderRad = degToRad(90.1)), ['outsideSoftRange', 'pastPermittedRange', 'pastHardRange'], JOINT],
  ['a doubted encoder alone is outside the hard range', (c) => Object.assign(joint(c).trusted, { encoderRad: degToRad(90.1), encoderDoubted: true }), ['encoderWrong'], JOINT],
  ['a doubted encoder is outside the hard range, and the drive is not heard', (c) => Object.assign(joint(c).trusted, { encoderRad: degToRad(90.1), encoderDoubted: true, motorFresh: false }), ['encoderWrong', 'outsideSoftRange', 'pastPermittedRange', 'pastHardRange'], JOINT],
  ['a person pushes the joint up out of its hard range', (c) => (joint(c).trusted.encoderRad = degToRad(90.1), void (c.interaction[JOINT]!.pushed = 1)), ['outsideSoftRange', 'pastPermittedRange'], JOINT],
  ['a person pushes the joint down out of its hard range', (c) => (joint(c).trusted.encoderRad = degToRad(-30.1), void (c.interaction[JOINT]!.pushed = -1)), ['outsideSoftRange', 'pastPermittedRange'], JOINT],
  ['the drive pushes the joint out of its hard range against a person', (c) => (joint(c).trusted.encoderRad = degToRad(90.1), void (c.interaction[JOINT]!.pushed = -1)), ['outsideSoftRange', 'pastPermittedRange', 'pastHardRange'], JOINT],
  ['the drive pushes the joint down out of its hard range against a person', (c) => (joint(c).trusted.encoderRad = degToRad(-30.1), void (c.interaction[JOINT]!.pushed = 1)), ['outsideSoftRange', 'pastPermittedRange', 'pastHardRange'], JOINT],
  ['the interaction is too strong', (c) => (c.interaction[JOINT]!.tooStrong = true), ['interactionTooStrong'], JOINT],
  ['a spasm is suspected', (c) => (c.interaction[JOINT]!.suspected = true), ['spasmSuspected'], JOINT],
  ['a suspected spasm has lasted', (c) => (c.interaction[JOINT]!.lasted = true), ['spasmLasted'], JOINT],
  ['the joint is too fast', (c) => (joint(c).trusted.velocityRadPerSec = degToRad(-251)), ['overSpeed'], JOINT],
  ['the joint did not stop in time', (c) => (c.stop = 'moving'), ['stopBreached'], PRESENT],
  ['nobody saw the joint come to rest', (c) => (c.stop = 'unknown'), ['stopUnconfirmed'], PRESENT],
  ['the drive gives too much torque', (c) => (joint(c).trusted.torqueNm = -121), ['overTorque'], JOINT],
  ['the joint does not follow', (c) => (joint(c).command.positionRad = degToRad(36)), ['trackingLost'], JOINT],
  ['the treadmill is silent for too long', (c) => (c.inputs.treadmill.ageUs = MAX_AGE_US + 1), ['treadmillSilent'], PRESENT],
  ["the treadmill's age is no number", (c) => (c.inputs.treadmill.ageUs = Number.NaN), ['treadmillSilent'], PRESENT],
  ['the treadmill reports a fault', (c) => (c.inputs.treadmill.fault = true), ['treadmillFault'], PRESENT],
  ['the treadmill is not ready', (c) => (c.inputs.treadmill.ready = false), ['treadmillFault'], PRESENT],
  ['the belt runs away', (c) => Object.assign(c, { belt: { runaway: true, desync: false } }), ['beltRunaway'], PRESENT],
  ['belt and legs part', (c) => Object.assign(c, { belt: { runaway: false, desync: true } }), ['treadmillDesync'], PRESENT],
  ['the stop rope is pulled', (c) => (c.inputs.treadmill.stopRopePulled = true), ['stopRope'], PRESENT],
  ['the support is silent for too long', (c) => (c.inputs.support.ageUs = MAX_AGE_US + 1), ['supportSilent'], PRESENT],
  ["the support's age is no number", (c) => (c.inputs.support.ageUs = Number.NaN), ['supportSilent'], PRESENT],
  ['the support reports a fault', (c) => (c.inputs.support.fault = true), ['supportFault'], PRESENT],
  ['the unloading drops', (c) => Object.assign(c, { support: { dropped: true, unlocked: false } }), ['supportDrop'], PRESENT],
  ['the rope stays unlocked', (c) => Object.assign(c, { support: { dropped: false, unlocked: true } }), ['supportUnlocked'], PRESENT],
  ['the lift is silent for too long', (c) => (c.inputs.lift.ageUs = MAX_AGE_US + 1), ['liftSilent'], PRESENT],
  ["the lift's age is no number", (c) => (c.inputs.lift.ageUs = Number.NaN), ['liftSilent'], PRESENT],
  ['the lift reports a fault', (c) => (c.inputs.lift.fault = true), ['liftFault'], PRESENT],
  ['the lift moved unasked', (c) => Object.assign(c, { lift: { ...c.lift, moved: true } }), ['liftMoved'], PRESENT],
  ['the lift runs on', (c) => Object.assign(c, { lift: { ...c.lift, runsOn: true } }), ['liftRunsOn'], PRESENT],
  ['the lift is blocked', (c) => Object.assign(c, { lift: { ...c.lift, blocked: true } }), ['liftBlocked'], PRESENT],
  ['the lift does not stand', (c) => Object.assign(c, { lift: { ...c.lift, standing: false } }), ['liftMoving'], PRESENT],
  ['the enable relay is open', (c) => (c.inputs.hub.enableRelayClosed = false), ['relayOpen'], PRESENT],
  ['the brakes were not seen to close', (c) => Object.assign(c, { brakes: { missed: true, brakesExpected: true } }), ['brakesMissed'], PRESENT],
  ['the brake is engaged', (c) => (c.inputs.hub.brakeEngaged = true), ['brakeEngaged'], PRESENT],
  ['the patient presses the button', (c) => (c.inputs.hub.patientButtonPressed = true), ['patientButton'], PRESENT],
  ['the station is gone', (c) => (c.intent.stationConnected = false), ['stationLost'], PRESENT],
  ['nobody holds the lease', (c) => (c.intent.leaseEpoch = 0), ['operatorLost'], PRESENT],
  ['the lease is too old', (c) => (c.intent.leaseAgeUs = 2_000_001), ['operatorLost'], PRESENT],
  ["the lease's age is no number", (c) => (c.intent.leaseAgeUs = Number.NaN), ['operatorLost'], PRESENT],
  ['the tick came too late', (c) => c.stall.update(1_000_000, 20_001), ['loopOverrun'], PRESENT],
  ["the tick's lateness is no number", (c) => c.stall.update(1_000_000, Number.NaN), ['loopOverrun'], PRESENT],
  ['the tick before took too long, or froze', (c) => (c.stall.update(1_000_000, 0), c.stall.update(1_024_001, 0)), ['loopOverrun'], PRESENT],
  ['somebody pressed stop', (c) => (c.stopRequested = true), ['operatorStop'], PRESENT],
  ['the recorder failed', (c) => (c.intent.recorderHealthy = false), ['recorderFailed'], PRESENT],
];

const absent: [string, Spoil][] = [
  ['a healthy robot', () => {}],
  ['an independent monitor that sees nothing wrong, whatever joint it named', (c) => Object.assign(c.inputs.monitor, { joint: JOINT, ageUs: MAX_AGE_US })],
  ['a hub that has not spoken yet, about the E-stop line', (c) => Object.assign(c.inputs.hub, { estopClosed: false, ageUs: Infinity })],
  ['inputs as old as they may be', (c) => Object.assign(joint(c).input, { driveAgeUs: MAX_AGE_US })],
  ['a drive that is not enabled yet, shortly after arming', (c) => Object.assign(joint(c).input, { driveState: 'disabled' }, void (c.energisedUs = 500_000))],
  ['a torque that is not what was told, shortly after arming', (c) => Object.assign(joint(c).obedience, { astray: true, outOfControl: true }, void (c.energisedUs = 500_000))],
  ['a temperature at its limit', (c) => (joint(c).input.driveTempC = 90)],
  ['as much power as there may be', (c) => (joint(c).load.powerW = -joint(c).limits.powerLimitW)],
  ['an overload that is not complete', (c) => (joint(c).load.overload = 0.999)],
  ['a joint half a degree outside its range', (c) => (joint(c).trusted.encoderRad = degToRad(80.5))],
  ['a joint as far above its range as one at rest may be', (c) => (joint(c).trusted.encoderRad = joint(c).limits.permitted.max + degToRad(1))],
  ['a joint as far below its range as one at rest may be', (c) => (joint(c).trusted.encoderRad = joint(c).limits.permitted.min - degToRad(1))],
  ['a joint just a quarter over its speed limit', (c) => (joint(c).trusted.velocityRadPerSec = joint(c).limits.speedRadPerSec * 1.25)],
  ['a torque just a fifth over its limit', (c) => (joint(c).trusted.torqueNm = joint(c).limits.torqueNm * 1.2)],
  ['a deviation of just 15°', (c) => Object.assign(joint(c).command, { positionRad: degToRad(15) }, void (joint(c).trusted.positionRad = 0))],
  ['a joint a quarter over its speed limit', (c) => (joint(c).trusted.velocityRadPerSec = degToRad(249))],
  ['a torque a fifth over its limit', (c) => Object.assign(joint(c).command, { torqueNm: 119 }, void (joint(c).trusted.torqueNm = 119))],
  ['a deviation of a soft leg', (c) => Object.assign(joint(c).command, { positionRad: degToRad(60), stiffnessNmPerRad: 200, torqueNm: -130 })],
  ['a deviation of 14°', (c) => Object.assign(joint(c).command, { positionRad: degToRad(34), torqueNm: -90 })],
  ['the last values of a silent drive', (c) => Object.assign(joint(c).trusted, { motorFresh: false, positionRad: degToRad(84), velocityRadPerSec: 9, torqueNm: 140 }, void (joint(c).command.stiffnessNmPerRad = 0))],
  ['a lease as old as it may be', (c) => (c.intent.leaseAgeUs = 2_000_000)],
  ['a treadmill and a support as old as they may be', (c) => Object.assign(c.inputs.treadmill, { ageUs: MAX_AGE_US }, void (c.inputs.support.ageUs = MAX_AGE_US))],
  ['a treadmill that is only read, whatever it says', (c) => Object.assign(c, { belt: null }, void Object.assign(c.inputs.treadmill, { ageUs: Infinity, ready: false, fault: true, stopRopePulled: true }))],
  ['a support that is only read, whatever it says', (c) => Object.assign(c, { support: null }, void Object.assign(c.inputs.support, { ageUs: Infinity, fault: true }))],
  ['a lift as old as it may be', (c) => (c.inputs.lift.ageUs = MAX_AGE_US)],
  ['a lift that is only read, whatever it says', (c) => Object.assign(c, { lift: null }, void Object.assign(c.inputs.lift, { ageUs: Infinity, fault: true, moving: true }))],
  ['a tick as late as it may be', (c) => c.stall.update(1_000_000, 20_000)],
  ['a tick before that took as long as it may', (c) => (c.stall.update(1_000_000, 0), c.stall.update(1_024_000, 0))],
];

describe('the checks', () => {
  it.each(present)('notice that %s', (_, spoil, checks, answer) => {
    const context = healthy();
    spoil(context);
    const found = findingsOf(context);
    expect([...found.keys()].sort()).toEqual([...checks].sort());
    expect([...found.values()].every((value) => value === answer)).toBe(true);
  });

  it('are each tried by a case above', () => {
    expect([...new Set(present.flatMap(([, , checks]) => checks))].sort()).toEqual(policy.map((line) => line.check).sort());
  });

  it.each(absent)('accept %s', (_, spoil) => {
    const context = healthy();
    spoil(context);
    expect([...findingsOf(context).keys()].filter((check) => check !== 'hubSilent')).toEqual([]);
  });
});

/** The one place where more of something, a person's push, gives a milder answer: the wall that he pushes against needs power. */
describe('a joint that a person pushes out of its hard range', () => {
  const pushedOut = (spoil: (context: CheckContext) => unknown): number | undefined => {
    const context = healthy();
    joint(context).trusted.encoderRad = degToRad(90.1);
    context.interaction[JOINT]!.pushed = 1;
    spoil(context);
    return findingsOf(context).get('pastHardRange');
  };

  it('keeps its power', () => {
    expect(pushedOut(() => {})).toBeUndefined();
    expect(pushedOut((c) => (joint(c).trusted.torqueNm = -60))).toBeUndefined();
  });

  it.each<[string, (context: CheckContext) => unknown]>([
    ['the torque sensor is doubted', (c) => (joint(c).trusted.torqueDoubted = true)],
    ['a position stands', (c) => (joint(c).trusted.stuck = true)],
    ['the encoders disagree', (c) => (joint(c).trusted.disagrees = true)],
    ['the drive is silent', (c) => (joint(c).trusted.motorFresh = false)],
    ['the hub is silent', (c) => (c.inputs.hub.ageUs = MAX_AGE_US + 1)],
    ["the hub's clock stands", (c) => Object.assign(c.hubClock, { standsUs: MAX_AGE_US })],
    ['the drive itself pushes it out', (c) => (joint(c).trusted.torqueNm = 11)],
    ['he pushes it inward', (c) => (c.interaction[JOINT]!.pushed = -1)],
    ['he does not push', (c) => (c.interaction[JOINT]!.pushed = 0)],
    ['he does not push, and it stands below its range', (c) => ((joint(c).trusted.encoderRad = degToRad(-30.1)), void (c.interaction[JOINT]!.pushed = 0))],
    ['nobody watches it', (c) => Object.assign(c, { interaction: [] })],
    ['its encoder stands at the upper end of its range', (c) => Object.assign(joint(c).trusted, { encoderRad: joint(c).limits.permitted.max, positionRad: degToRad(90.1) })],
    ['its encoder stands at the lower end of its range', (c) => (Object.assign(joint(c).trusted, { encoderRad: joint(c).limits.permitted.min, positionRad: degToRad(-30.1) }), void (c.interaction[JOINT]!.pushed = -1))],
  ])('loses it when %s', (_, spoil) => {
    expect(pushedOut(spoil)).toBe(JOINT);
  });
});

describe('a late tick', () => {
  const STALL_US = 15_000;
  const stalled = (silenceUs: number, stallUs: number): CheckId[] => {
    const context = healthy();
    for (const { input } of context.joints) input.driveAgeUs = silenceUs;
    context.inputs.hub.ageUs = silenceUs;
    context.inputs.monitor.ageUs = silenceUs;
    Object.assign(context.hubClock, { standsUs: silenceUs });
    context.stall.update(1_000_000, stallUs);
    return [...findingsOf(context).keys()];
  };

  it("does not take this computer's own stall for a silent robot", () => {
    expect(stalled(MAX_AGE_US + STALL_US - 1, STALL_US)).toEqual([]);
  });

  it('notices a silence that the stall does not explain', () => {
    expect(stalled(MAX_AGE_US + STALL_US + 1, STALL_US)).toEqual(['driveSilent', 'hubSilent', 'hubFrozen', 'monitorDisagrees']);
  });

  it('excuses no more than the stall that is allowed', () => {
    expect(stalled(70_000, 70_000)).toEqual(['loopOverrun', 'driveSilent', 'hubSilent', 'hubFrozen', 'monitorDisagrees']);
  });

  it('excuses nothing when the lateness is no number', () => {
    expect(stalled(MAX_AGE_US + 1, Number.NaN)).toContain('driveSilent');
  });
});

describe('the stop that people read', () => {
  /** All that only a long stall of the loop itself brings about; each test adds what it asks about. */
  const told = (spoil: Spoil) => {
    const context = healthy();
    for (const { input } of context.joints) Object.assign(input, { driveAgeUs: 200_000, driveState: 'disabled' });
    for (const device of [context.inputs.hub, context.inputs.monitor, context.inputs.treadmill, context.inputs.support]) device.ageUs = 200_000;
    Object.assign(context.hubClock, { standsUs: 200_000 });
    context.inputs.hub.enableRelayClosed = false;
    context.energisedUs = 1e9;
    context.stall.update(1_000_000, 0);
    context.stall.update(1_200_000, 0);
    spoil(context);
    const findings = new Int32Array(policy.length);
    runChecks(context, findings);
    const failsafe = new Failsafe(policy, 'none');
    failsafe.update(findings, 196_000, true);
    return { action: failsafe.action, cause: failsafe.cause };
  };

  it('names the computer where the loop itself stood still, and not the devices that it did not ask meanwhile', () => {
    expect(told(() => {})).toEqual({ action: 'protectiveStop', cause: 'loopOverrun' });
  });

  it('names the device where the loop was in time', () => {
    expect(told((c) => (c.stall.update(1_204_000, 0), Object.assign(c.inputs.hub, { ageUs: 0 })))).toEqual({ action: 'protectiveStop', cause: 'driveSilent' });
  });

  it('names what asks for more than a stall does, whatever the loop did', () => {
    expect(told((c) => Object.assign(joint(c), { limits: { ...joint(c).limits, releasedByRelayOnly: true } }))).toEqual({ action: 'torqueOff', cause: 'driveSilent' });
    expect(told((c) => (c.inputs.hub.estopClosed = false))).toEqual({ action: 'emergencyStop', cause: 'estopOpen' });
  });
});

describe('the robot is linked', () => {
  const linked = (spoil: Spoil): boolean => {
    const context = healthy();
    spoil(context);
    const findings = new Int32Array(policy.length);
    runChecks(context, findings);
    return allLinked(findings);
  };
  it('when every device answers, whatever else is wrong', () => {
    expect(linked((c) => (c.inputs.hub.patientButtonPressed = true))).toBe(true);
  });
  it.each([
    ['a link is down', (c: CheckContext) => (c.inputs.links[0]!.up = false)],
    ['a drive is silent', (c: CheckContext) => (joint(c).input.driveAgeUs = Infinity)],
    ['the hub is silent', (c: CheckContext) => (c.inputs.hub.ageUs = Infinity)],
  ])('not when %s', (_, spoil) => expect(linked(spoil)).toBe(false));
});

it('an answer that names no joint is the number of no joint', () => {
  expect([ABSENT, PRESENT].filter((answer) => answer >= 0)).toEqual([]);
});

it('all drives are enabled only when each says so', () => {
  const context = healthy();
  expect(allEnabled(context)).toBe(true);
  joint(context).input.driveState = 'fault';
  expect(allEnabled(context)).toBe(false);
});
