import { array, assert, boolean, constantFrom, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { severity } from '../../../controller/safety/failsafe.ts';
import { SafeState, safeEnd, type SafeEnd, type Stance } from '../../../controller/safety/safe-state.ts';
import { PermittedCommand } from '../../../protocols/joints.ts';
import { actions, supervisorStates, type SupervisorState } from '../../../protocols/supervision.ts';
import { ending, PERIOD_US, profile } from './fixtures.ts';

type Then = 'hold' | 'lower' | 'brake';
const ends: readonly Then[] = ['hold', 'lower', 'brake'];

const walking: Stance = { state: 'running', action: 'none', energised: true, braked: false, supporting: true, letGo: false, brakesSeen: false };
const stopped: Stance = { ...walking, state: 'stopped', action: 'protectiveStop' };

function robot(then: Then) {
  const permitted = PermittedCommand.mint(profile.joints.length);
  const safe = new SafeState(ending(then).stop, permitted);
  const run = (stance: Partial<Stance>, seconds = PERIOD_US / 1e6): { closed: boolean; holdsOn: boolean; missed: number; expected: boolean } => {
    let missed = 0;
    for (let n = Math.round((seconds * 1e6) / PERIOD_US); n > 0; n--) {
      safe.update({ ...walking, ...stance }, PERIOD_US);
      missed += Number(safe.missed);
    }
    return { closed: permitted.closeBrakes, holdsOn: safe.holdsOn, missed, expected: safe.brakesExpected };
  };
  return { permitted, safe, run };
}

describe('the safe state', () => {
  const carried: readonly SupervisorState[] = ['recovering', 'armed', 'running', 'paused', 'stopping', 'stopped'];
  it.each(supervisorStates)('in %s is what the profile says where the drives carry somebody, else release', (state) => {
    for (const then of ends) expect(safeEnd(state, then)).toBe<SafeEnd>(carried.includes(state) ? then : 'release');
  });

  it('is nothing to hold on for, and nothing missed, before the first cycle', () => {
    for (const then of ends) expect(robot(then).safe).toMatchObject({ holdsOn: false, missed: false });
  });

  it('of a robot that lowers touches no brake and holds on to nothing', () => {
    const { run, permitted } = robot('lower');
    expect(permitted.closeBrakes).toBe(false);
    for (const state of supervisorStates)
      for (const action of actions)
        for (const flag of [false, true])
          expect(run({ state, action, energised: flag, braked: flag, supporting: flag, brakesSeen: !flag }, 1)).toEqual({ closed: false, holdsOn: false, missed: 0, expected: false });
  });

  it('of a robot that holds is to hold on as long as it is stopped, however long', () => {
    const { run } = robot('hold');
    expect(run({ ...stopped, braked: true }, 600)).toEqual({ closed: false, holdsOn: true, missed: 0, expected: false });
    for (const state of supervisorStates) expect([state, run({ state }).holdsOn]).toEqual([state, state === 'stopped']);
  });
});

it('an acknowledgement ends the holding of this stop, and of no later one', () => {
  for (const then of ['hold', 'brake'] as const) {
    const { run, safe } = robot(then);
    safe.acknowledge();
    run({});
    expect(run({ ...stopped, braked: true }, 1).holdsOn).toBe(true);
    safe.acknowledge();
    expect(run({ ...stopped, braked: true }, 1).holdsOn).toBe(false);
    run({});
    expect(run({ ...stopped, braked: true }, 1).holdsOn).toBe(true);
  }
});

describe('a robot that stands on its brakes', () => {
  it('keeps them closed from the beginning until its drives give all their support', () => {
    const { run, permitted } = robot('brake');
    expect(permitted.closeBrakes).toBe(true);
    expect(run({ state: 'ready', energised: false, supporting: false }).closed).toBe(true);
    expect(run({ state: 'armed', energised: false, supporting: false }).closed).toBe(true);
    expect(run({ state: 'armed', supporting: false }, 1).closed).toBe(true);
    expect(run({ state: 'armed' }).closed).toBe(false);
    expect(run({}, 10).closed).toBe(false);
  });

  it('closes them in a stop only when the joints should stand, and holds on until they are seen closed', () => {
    const { run } = robot('brake');
    run({});
    expect(run(stopped, 0.2)).toMatchObject({ closed: false, holdsOn: true });
    expect(run({ ...stopped, braked: true })).toMatchObject({ closed: true, holdsOn: true });
    expect(run({ ...stopped, braked: true, brakesSeen: true })).toMatchObject({ closed: true, holdsOn: false });
    expect(run({ ...stopped, braked: true })).toMatchObject({ holdsOn: true });
  });

  it('does not close them under joints that stand while it trains, nor opens them again in a stop', () => {
    const { run } = robot('brake');
    run({});
    expect(run({ state: 'paused', braked: true }, 1).closed).toBe(false);
    expect(run({ ...stopped, braked: true }).closed).toBe(true);
    expect(run(stopped, 1).closed).toBe(true);
    expect(run({ ...stopped, state: 'stopping' }, 1).closed).toBe(true);
  });

  it('tells once that they were not seen closed in half a second, and holds on', () => {
    const { run } = robot('brake');
    run({});
    expect(run(stopped, 0.2).missed).toBe(0);
    expect(run({ ...stopped, braked: true }, 0.496).missed).toBe(0);
    expect(run({ ...stopped, braked: true }).missed).toBe(1);
    expect(run({ ...stopped, braked: true }, 60)).toMatchObject({ missed: 0, holdsOn: true, closed: true });
  });

  it('has nothing to tell of brakes that are seen in time, nor of a stop that found the drives released', () => {
    const { run } = robot('brake');
    run({});
    run({ ...stopped, braked: true }, 0.496);
    expect(run({ ...stopped, braked: true, brakesSeen: true }).missed).toBe(0);
    expect(run({ ...stopped, braked: true }, 0.496).missed).toBe(0);
    expect(run({ ...stopped, energised: false }, 1).missed).toBe(0);
    expect(run({ state: 'armed', supporting: false }, 1).missed).toBe(0);
  });

  it('keeps them closed while an acknowledged stop is lowered, and after it', () => {
    const { run } = robot('brake');
    run({});
    run({ ...stopped, braked: true });
    expect(run({ state: 'stopping', supporting: true }, 1)).toMatchObject({ closed: true, holdsOn: false });
    expect(run({ state: 'ready', energised: false }).closed).toBe(true);
  });

  it.each(['stopping', 'recovering'] as const)('lets the limb down into them where it comes to rest by itself while %s, and holds on until they are seen closed', (state) => {
    const { run } = robot('brake');
    run({});
    expect(run({ state }, 1)).toMatchObject({ closed: false, holdsOn: false });
    expect(run({ state, braked: true }, 0.4)).toMatchObject({ closed: true, holdsOn: true, missed: 0, expected: true });
    expect(run({ state, braked: true, brakesSeen: true })).toMatchObject({ closed: true, holdsOn: false });
    expect(run({ state: 'ready', energised: false, supporting: false })).toMatchObject({ closed: true, holdsOn: false });
  });

  it.each(['stopping', 'recovering'] as const)('tells that brakes do not close while %s', (state) => {
    const { run } = robot('brake');
    run({});
    expect(run({ state, braked: true }, 0.496).missed).toBe(0);
    expect(run({ state, braked: true })).toMatchObject({ missed: 1, holdsOn: true });
    expect(run({ ...stopped, braked: true }, 1)).toMatchObject({ missed: 0, holdsOn: true, closed: true });
  });

  it('closes them at once when the power is cut, whatever it does', () => {
    for (const state of supervisorStates)
      for (const action of actions) {
        const { run } = robot('brake');
        run({});
        const closes = severity(action) >= severity('torqueOff') || safeEnd(state, 'brake') === 'release';
        expect([state, action, run({ state, action }).closed]).toEqual([state, action, closes]);
      }
  });

  it('expects closed brakes while it closes them, and for half a second after it opened them', () => {
    const { run } = robot('brake');
    expect(run({ state: 'ready', energised: false }).expected).toBe(true);
    expect(run({}, 0.5).expected).toBe(true);
    expect(run({}, 0.008).expected).toBe(false);
    expect(run({ ...stopped, braked: true }).expected).toBe(true);
  });

  it('lets no released drive stand beside open brakes, in whatever order things happen', () => {
    const stance = record({ state: constantFrom(...supervisorStates), action: constantFrom(...actions), energised: boolean(), braked: boolean(), supporting: boolean(), letGo: boolean(), brakesSeen: boolean() });
    assert(
      property(array(stance, { maxLength: 40 }), (stances) => {
        const { safe, permitted } = robot('brake');
        for (const each of stances) {
          const before = permitted.closeBrakes;
          safe.update(each, PERIOD_US);
          expect((each.energised && !each.letGo) || permitted.closeBrakes).toBe(true);
          // Nothing but drives that carry opens them.
          expect(!before || permitted.closeBrakes || (each.supporting && each.energised)).toBe(true);
          expect(each.state !== 'stopped' || each.brakesSeen || safe.holdsOn).toBe(true);
        }
      }),
    );
  });
});
