import { describe, expect, it } from 'vitest';
import { Operator } from '../../../controller/robot/operator.ts';
import type { DariError } from '../../../protocols/errors.ts';
import type { SessionEvent } from '../../../protocols/session-log.ts';
import type { GaitParameters, SupervisorState } from '../../../protocols/supervision.ts';
import { createRandom } from '../../../protocols/random.ts';
import { therapyLimits } from '../../../protocols/therapy-limits.ts';
import { degToRad, kmhToMps } from '../../../protocols/units.ts';
import { profile, setup } from './support/fake-robot.ts';

const TTL_US = profile.watchdogs.leaseMs * 1_000;

function operatorIn(state: SupervisorState, moving = false): { operator: Operator; events: SessionEvent[] } {
  const events: SessionEvent[] = [];
  const operator = new Operator(profile, createRandom(1), (event) => events.push(event), () => {});
  operator.observe({ state, cause: 'none', readyBlocker: 'none', moving });
  return { operator, events };
}

function withSession(state: SupervisorState, moving = false) {
  const made = operatorIn(state);
  made.operator.takeLease(1, 0);
  made.operator.openSession(setup);
  made.operator.fill(0);
  made.operator.observe({ state, cause: 'none', readyBlocker: 'none', moving });
  return made;
}

const codeOf = (act: () => void): string => {
  try {
    act();
    return 'done';
  } catch (error) {
    return (error as DariError).code;
  }
};

const change = (parameters: Partial<GaitParameters>, epoch = 1) => ({ epoch, actor: 'therapist', parameters: { ...setup.parameters, ...parameters } });

describe('the lease', () => {
  /** Answers the challenge of this moment, as a page that is awake does. */
  function answer(operator: Operator, sequence: number, nowUs: number): boolean {
    operator.fill(nowUs);
    return operator.renewLease(1, sequence, operator.openChallenge ?? -1, nowUs);
  }

  it('ages between renewals and ends for good when they stop', () => {
    const { operator, events } = operatorIn('ready');
    operator.takeLease(1, 0);
    expect(answer(operator, 1, 500_000)).toBe(true);
    expect(operator.fill(700_000).leaseAgeUs).toBe(200_000);
    expect(operator.fill(500_000 + TTL_US + 1).leaseAgeUs).toBeGreaterThan(TTL_US);
    expect(answer(operator, 2, 500_000 + TTL_US + 2)).toBe(false);
    expect(events.filter((event) => event.subject === 'expired')).toHaveLength(1);
    operator.takeLease(2, 3_000_000);
    expect(operator.fill(3_000_000).leaseAgeUs).toBe(0);
  });

  it('is not renewed by a repeated or older sequence', () => {
    const { operator } = operatorIn('ready');
    operator.takeLease(1, 0);
    expect(answer(operator, 5, 0)).toBe(true);
    expect(answer(operator, 5, 500_000)).toBe(false);
    expect(answer(operator, 4, 500_000)).toBe(false);
    expect(answer(operator, Number.NaN, 500_000)).toBe(false);
    expect(answer(operator, 6, 500_000)).toBe(true);
  });

  it('does not change hands while the robot moves', () => {
    const { operator } = operatorIn('ready');
    operator.takeLease(1, 0);
    operator.observe({ state: 'running', cause: 'none', readyBlocker: 'none', moving: true });
    expect(() => operator.takeLease(2, 10)).toThrow(/moving/);
    expect(operator.leaseEpoch).toBe(1);
  });
});

describe('commands', () => {
  it('go out one per cycle, in order, with growing numbers', () => {
    const { operator } = withSession('armed');
    const first = operator.command(1, 'start', 'x', 0);
    const second = operator.command(1, 'disarm', 'x', 0);
    expect({ ...operator.fill(1) }).toMatchObject({ command: 'start', commandSequence: first });
    expect({ ...operator.fill(2) }).toMatchObject({ command: 'disarm', commandSequence: second });
    expect({ ...operator.fill(3) }).toMatchObject({ command: 'disarm', commandSequence: second });
  });

  it('give way to a stop, which needs no lease', () => {
    const { operator } = withSession('armed');
    operator.command(1, 'start', 'x', 0);
    operator.command(99, 'stop', 'a bystander', 0);
    expect(operator.fill(1).command).toBe('stop');
    const sequence = operator.intent.commandSequence;
    expect(operator.fill(2).commandSequence).toBe(sequence);
  });

  it('are refused in a state in which they mean nothing, with the reason', () => {
    const { operator } = withSession('stopped');
    operator.observe({ state: 'stopped', cause: 'driveSilent', readyBlocker: 'driveSilent', moving: false });
    expect(() => operator.command(1, 'start', 'x', 0)).toThrow(/"start" is not possible while the robot is stopped \(cause: driveSilent\)/);
    operator.observe({ state: 'ready', cause: 'none', readyBlocker: 'outsideSoftRange', moving: false });
    expect(() => operator.command(1, 'start', 'x', 0)).toThrow(/"start" is not possible while the robot is ready \(it cannot be armed: outsideSoftRange\)/);
    operator.observe({ state: 'idle', cause: 'none', readyBlocker: 'notPrepared', moving: false });
    expect(() => operator.command(1, 'arm', 'x', 0)).toThrow(/"arm" is not possible while the robot is idle \(it cannot be armed: notPrepared\)/);
    operator.observe({ state: 'stopped', cause: 'driveSilent', readyBlocker: 'driveSilent', moving: false });
    expect(codeOf(() => operator.command(1, 'acknowledge', 'x', 0))).toBe('done');
  });

  it('are refused without the lease', () => {
    const { operator } = withSession('ready');
    expect(() => operator.command(2, 'arm', 'x', 0)).toThrow(/Someone else is in control/);
    expect(() => operator.command(1, 'arm', 'x', TTL_US + 1)).toThrow(/not renewed in time/);
  });

  it('cannot pile up', () => {
    const { operator } = withSession('armed');
    for (let n = 0; n < 8; n++) operator.command(1, 'start', 'x', 0);
    expect(codeOf(() => operator.command(1, 'start', 'x', 0))).toBe('notPermittedNow');
  });
});

describe('parameters', () => {
  it('become one event per number that changed, with old, new, actor and reason', () => {
    const { operator, events } = withSession('armed');
    events.length = 0;
    operator.setParameters({ ...change({ guidance: { left: 0.4, right: 0.5 }, romScale: [1, 0.9, 1, 1] }), reason: 'tired' }, 77);
    expect(events).toEqual([
      { atUs: 77, kind: 'parameter', subject: 'guidance.left', oldValue: '0.5', newValue: '0.4', actor: 'therapist', reason: 'tired' },
      { atUs: 77, kind: 'parameter', subject: 'romScale.kneeLeft', oldValue: '1', newValue: '0.9', actor: 'therapist', reason: 'tired' },
    ]);
    expect(operator.fill(80)).toMatchObject({ guidanceLeft: 0.4, guidanceRight: 0.5, romScale: [1, 0.9, 1, 1] });
  });

  it('of which one is the mode: it stays until another is chosen, and must be one of this robot', () => {
    const { operator, events } = withSession('armed');
    expect(operator.intent.mode).toBe('guidedGait');
    events.length = 0;
    operator.setParameters(change({ mode: 'pathControl' }), 5);
    expect(events).toEqual([{ atUs: 5, kind: 'parameter', subject: 'mode', oldValue: 'guidedGait', newValue: 'pathControl', actor: 'therapist' }]);
    operator.setParameters(change({ guidance: { left: 0.4, right: 0.5 } }), 6);
    expect(operator.fill(7).mode).toBe('pathControl');
    expect(() => operator.setParameters(change({ mode: 'passiveMotion' }), 8)).toThrow(/cannot train in the mode passiveMotion. Choose guidedGait, pathControl/);
    expect(operator.intent.mode).toBe('pathControl');
  });

  it('keep to the limits of the profile, and say them', () => {
    const { operator } = withSession('armed');
    const refused: [Partial<GaitParameters>, RegExp][] = [
      [{ speedMps: kmhToMps(3.3) }, /speedMps of 3.30 km\/h is outside 0.50 km\/h … 3.20 km\/h/],
      [{ speedMps: Number.NaN }, /speedMps/],
      [{ guidance: { left: -0.1, right: 0 } }, /guidance.left/],
      [{ romScale: [1, 1, 1.3, 1] }, /romScale.hipRight of 130 %/],
      [{ offsetRad: [0, 0, 0, degToRad(11)] }, /offsetRad.kneeRight of 11.0°/],
      [{ timingShare: [0, 0.11, 0, 0] }, /timingShare.kneeLeft of 11 %/],
      [{ timingShare: [0] }, /has 1 values, but the robot has 4 joints/],
      [{ romScale: [1, 1] }, /has 2 values, but the robot has 4 joints/],
    ];
    for (const [parameters, message] of refused) expect(() => operator.setParameters(change(parameters), 1)).toThrow(message);
    expect(operator.parameters).toEqual(setup.parameters);
  });

  it('take a value that stands on its limit after conversion from a screen unit', () => {
    const { operator } = withSession('armed');
    operator.setParameters(change({ speedMps: kmhToMps(3.2), offsetRad: profile.joints.map(() => degToRad(-10)) }), 1);
    expect(operator.intent.speedMps).toBe(kmhToMps(3.2));
  });

  it('change in small steps only while the robot moves', () => {
    const { operator } = withSession('running', true);
    const { guidance, speedMps } = therapyLimits(profile);
    expect(() => operator.setParameters(change({ guidance: { left: 0.5 + guidance.movingStep + 0.01, right: 0.5 } }), 1)).toThrow(/too much at once/);
    operator.setParameters(change({ guidance: { left: 0.5 + guidance.movingStep, right: 0.5 } }), 1);
    expect(() => operator.setParameters(change({ speedMps: kmhToMps(1.5) + 2 * speedMps.movingStep }), 1)).toThrow(/at most/);
  });

  it('need a session', () => {
    const { operator } = operatorIn('ready');
    operator.takeLease(1, 0);
    expect(() => operator.setParameters(change({}), 1)).toThrow(/No session is open/);
  });
});

describe('the setup of a session', () => {
  it('must fit the robot and its own limits', () => {
    const { operator } = operatorIn('ready');
    const outside = setup.permittedRangeRad.map((range, j) => (j === 1 ? { min: range.min - 0.1, max: range.max } : range));
    expect(() => operator.openSession({ ...setup, permittedRangeRad: outside })).toThrow(/permitted range of kneeLeft, -5.7° … 75.0°, must lie inside 0° … 75°/);
    expect(() => operator.openSession({ ...setup, permittedRangeRad: [] })).toThrow(/0 joints/);
    expect(() => operator.openSession({ ...setup, bodyMassKg: 140 })).toThrow(/140 kg is outside 15 … 135 kg/);
    expect(() => operator.openSession({ ...setup, heightM: Number.NaN })).toThrow(/height/);
    expect(operator.intent.sessionOpen).toBe(false);
  });

  it('is copied: what the caller does with it later changes nothing', () => {
    const { operator } = operatorIn('ready');
    const mine = structuredClone(setup);
    operator.openSession(mine);
    mine.parameters.romScale[0] = 0.5;
    expect(operator.parameters?.romScale[0]).toBe(1);
  });
});
