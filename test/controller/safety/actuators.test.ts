import { describe, expect, it } from 'vitest';
import { Actuators } from '../../../controller/safety/actuators.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { PermittedCommand, type DesiredCommand } from '../../../protocols/joints.ts';
import { supervisorStates, type Action, type Cause, type SupervisorState } from '../../../protocols/supervision.ts';
import { kgToNewton } from '../../../protocols/units.ts';
import { ABSENT, PRESENT } from '../../../controller/safety/checks.ts';
import { policy } from '../../../controller/safety/policy.ts';
import { emptyIntent, type Intent } from '../../../protocols/session-log.ts';
import { driven, healthyInputs, lift } from './fixtures.ts';

const PERIOD_SEC = 0.004;

function bench(profile: RobotProfile = driven) {
  const permitted = PermittedCommand.mint(4);
  const actuators = new Actuators(profile, permitted, PERIOD_SEC);
  const inputs = healthyInputs();
  /** What is permitted after a second in this state. */
  const after = (state: SupervisorState, { action = 'none', cause = 'none', desired = { joints: [], beltSpeedMps: 0.2, unloadingN: 100 }, steps = false }: { action?: Action; cause?: Cause; desired?: DesiredCommand; steps?: boolean } = {}) => {
    for (let n = 0; n < 250; n++) actuators.apply(desired, inputs, { action, cause }, state, steps);
    return permitted;
  };
  return { permitted, actuators, inputs, after };
}

function without(...keys: ('treadmill' | 'bodyWeightSupport')[]): RobotProfile {
  const profile = { ...driven };
  for (const key of keys) delete profile[key];
  return profile;
}

describe('the belt', () => {
  it('runs only while the robot runs', () => {
    const { after } = bench();
    for (const state of ['connecting', 'idle', 'selfTest', 'homing', 'recovering', 'ready', 'armed', 'paused', 'stopping', 'stopped', 'emergency'] as const)
      expect([state, after(state).beltSpeedMps]).toEqual([state, 0]);
    expect(after('running').beltSpeedMps).toBeCloseTo(0.2, 9);
    expect(after('running').beltEnable).toBe(true);
    expect(after('armed')).toMatchObject({ beltSpeedMps: 0, beltEnable: false });
  });

  it.each(['paused', 'stopping'] as const)('goes on with fading legs while the robot is %s, and slows where they are held', (state) => {
    const { after } = bench();
    after('running');
    expect(after(state).beltSpeedMps).toBeCloseTo(0.2, 9);
    expect(after(state, { desired: { joints: [] } }).beltSpeedMps).toBe(0);
  });

  it.each(['soften', 'hold'] as const)('slows to the slowest walking at %s', (action) => {
    const { after } = bench();
    after('running');
    expect(after('running', { action }).beltSpeedMps).toBeCloseTo(0.5 / 3.6, 9);
  });

  it('keeps its speed at warn and limit', () => {
    const { after } = bench();
    after('running');
    for (const action of ['warn', 'limit'] as const) expect(after('running', { action }).beltSpeedMps).toBeCloseTo(0.2, 9);
  });

  it('loses its enable at once in a stop for its own fault, and in another stop when it runs away', () => {
    for (const runsAway of [false, true]) {
      const { after, actuators, inputs, permitted } = bench();
      after('running');
      Object.assign(inputs.treadmill, { leftMps: runsAway ? 0.5 : 0.2, rightMps: 0.2 });
      actuators.judge(inputs, null, true, 4_000);
      expect(actuators.beltWatch?.runaway).toBe(runsAway);
      actuators.apply({ joints: [] }, inputs, { action: 'protectiveStop', cause: 'operatorStop' }, 'stopped', false);
      expect(permitted.beltEnable).toBe(!runsAway);
      actuators.apply({ joints: [] }, inputs, { action: 'protectiveStop', cause: 'treadmillFault' }, 'stopped', false);
      expect(permitted.beltEnable).toBe(false);
    }
  });

  it('keeps its enable while a runaway has not stopped the robot yet', () => {
    const { after, actuators, inputs } = bench();
    after('running');
    inputs.treadmill.leftMps = 0.5;
    actuators.judge(inputs, null, true, 4_000);
    expect(after('running').beltEnable).toBe(true);
  });
});

describe('the support', () => {
  it('is free while a patient is trained, and locked else', () => {
    const { after } = bench();
    for (const state of ['armed', 'running', 'paused'] as const) expect([state, after(state).lockSupport]).toEqual([state, false]);
    for (const state of ['connecting', 'idle', 'selfTest', 'homing', 'recovering', 'ready', 'stopping', 'stopped', 'emergency'] as const)
      expect([state, after(state).lockSupport]).toEqual([state, true]);
    expect(after('running').unloadingN).toBeCloseTo(kgToNewton(5), 6);
  });

  // Locked, it is a spring: plates that go on for a second would swing their patient in it, from 30 kg to 68 and back to 15.
  it('stays free at the end of a walk until the legs stand, and locks at once in every other stop', () => {
    const { after } = bench();
    after('running', { steps: true });
    expect(after('stopping', { steps: true }).lockSupport).toBe(false);
    expect(after('stopping', { steps: false }).lockSupport).toBe(true);
    for (const state of ['stopped', 'emergency'] as const) expect([state, after(state, { steps: true }).lockSupport]).toEqual([state, true]);
    after('running', { steps: true });
    expect(after('stopping', { steps: true, cause: 'supportFault' }).lockSupport).toBe(true);
  });

  it('is locked at its own fault, and when nobody says how much to carry', () => {
    const { after } = bench();
    expect(after('running', { cause: 'supportFault' }).lockSupport).toBe(true);
    expect(after('running').lockSupport).toBe(false);
    expect(after('running', { desired: { joints: [] } }).lockSupport).toBe(true);
  });

  it('is watched with what it was told', () => {
    const { after, actuators, inputs } = bench();
    after('running');
    after('running');
    inputs.support.unloadingN = 0;
    actuators.judge(inputs, null, true, 4_000);
    expect(actuators.supportWatch?.dropped).toBe(true);
  });
});

describe('the lift', () => {
  const nothing = (): Int32Array => new Int32Array(policy.length).fill(ABSENT);
  const held = (): Intent => ({ ...emptyIntent(4), liftTargetM: 1.2, holdAgeUs: 80_000 });
  interface How {
    readonly profile?: RobotProfile;
    readonly intent?: Intent;
    readonly state?: SupervisorState;
    readonly findings?: Int32Array;
    readonly energised?: boolean;
  }
  const up = ({ profile = { ...driven, armLift: lift }, intent = held(), state = 'ready', findings = nothing(), energised = false }: How = {}) => {
    const { actuators, inputs, permitted } = bench(profile);
    permitted.enable = energised;
    actuators.applyLift(intent, inputs, state, findings);
    return { actuators, inputs, permitted, enable: permitted.liftEnable };
  };

  it('moves while a person holds it to move and nothing is driven, and in no other state', () => {
    expect(up().permitted).toMatchObject({ liftEnable: true, liftHeightM: expect.closeTo(1.05 + lift.speedMps * PERIOD_SEC, 9) as number });
    for (const state of supervisorStates) expect([state, up({ state }).enable]).toEqual([state, state === 'idle' || state === 'ready']);
  });

  it.each([
    ['a drive is energised', { energised: true }],
    ['the robot is being prepared', { intent: { ...held(), preparing: true } }],
    ['the button was not renewed in time', { intent: { ...held(), holdAgeUs: 200_001 } }],
    ['nobody holds the button', { intent: { ...held(), holdAgeUs: Infinity } }],
    ['how long it is held is no number', { intent: { ...held(), holdAgeUs: Number.NaN } }],
    ['nobody asks for a height', { intent: { ...held(), liftTargetM: 0 } }],
    ['something is wrong', { findings: nothing().fill(PRESENT) }],
    ['there is none', { profile: driven }],
  ])('stands when %s', (_why, how) => {
    expect(up(how).enable).toBe(false);
  });

  it('is watched with what it was told', () => {
    const { actuators, inputs } = up();
    actuators.judge(inputs, null, false, 4_000);
    expect(actuators.liftWatch).toMatchObject({ standing: false, moved: false });
    inputs.lift.heightM = 1.1;
    actuators.judge(inputs, null, false, 4_000);
    expect(actuators.liftWatch).toMatchObject({ moved: true });
    expect(up({ profile: driven }).actuators.liftWatch).toBe(null);
  });
});

it('what a robot does not drive is not watched, stands and stays locked', () => {
  const { after, actuators, inputs } = bench(without('treadmill', 'bodyWeightSupport'));
  actuators.judge(inputs, { joints: [], beltSpeedMps: 0.2 }, true, 4_000);
  expect([actuators.beltWatch, actuators.supportWatch]).toEqual([null, null]);
  expect(after('running')).toMatchObject({ beltSpeedMps: 0, beltEnable: false, unloadingN: 0, lockSupport: true });
});

it('a robot with a belt alone needs no support, and the other way round', () => {
  expect(bench(without('bodyWeightSupport')).after('running')).toMatchObject({ beltSpeedMps: expect.closeTo(0.2, 9) as number, lockSupport: true });
  expect(bench(without('treadmill')).after('running')).toMatchObject({ beltSpeedMps: 0, beltEnable: false, lockSupport: false });
});
