import { describe, expect, it } from 'vitest';
import { readCycleRow } from '../../../protocols/cycle-row.ts';
import { cycleLayout, emptyInputs, emptyIntent, fieldOffset } from '../../../protocols/session-log.ts';
import { createRobotStep } from '../../../controller/robot/robot-step.ts';
import { ending } from '../safety/fixtures.ts';
import { LoopRig, PERIOD_US, profile, setup } from './support/fake-robot.ts';

const layout = cycleLayout(profile.joints.length, profile.links.length);
const column = (row: Float64Array, key: string): number => row[fieldOffset(layout, key)]!;

describe('the control loop', () => {
  it('walks a robot from power-up to a stop that it comes to rest in', () => {
    const rig = new LoopRig();
    rig.walk();
    expect(rig.state).toBe('running');
    expect(rig.loop.cycle.output.stepsLeft + rig.loop.cycle.output.stepsRight).toBeGreaterThan(0);
    rig.loop.operator.stop('tester', rig.nowUs);
    rig.ticks(1);
    expect(rig.state).toBe('stopped');
    expect(rig.loop.moving).toBe(true);
    rig.ticks(250);
    expect(rig.loop.moving).toBe(false);
    expect(rig.loop.latched).toBe('operatorStop');
  });

  it('writes one row per cycle', () => {
    const rig = new LoopRig();
    rig.ticks(25, false);
    expect(rig.rows.map((row) => column(row, 'cycle'))).toEqual(Array.from({ length: 25 }, (_, n) => n));
    expect(column(rig.rows[24]!, 'nowUs')).toBe(25 * PERIOD_US);
  });

  it('lets a session replay from its first row, with the stop that stood before it', () => {
    const rig = new LoopRig();
    rig.ticks(10, false);
    rig.loop.operator.stop('tester', rig.nowUs);
    rig.ticks(2, false);
    const { latched } = rig.loop;
    expect(latched).toBe('operatorStop');
    rig.rows.length = 0;
    rig.loop.operator.takeLease(1, rig.nowUs);
    rig.loop.openSession(setup, { sessionId: 's1', actor: 'tester' }, rig.nowUs);
    rig.loop.operator.command(1, 'stop', 'tester', rig.nowUs);
    rig.ticks(50);
    rig.loop.operator.command(1, 'acknowledge', 'tester', rig.nowUs);
    rig.ticks(50);
    expect(rig.state).toBe('ready');
    rig.loop.operator.command(1, 'arm', 'tester', rig.nowUs);
    rig.ticks(250);
    expect(rig.state).toBe('armed');

    const step = createRobotStep(profile, setup, latched);
    const inputs = emptyInputs(profile.joints.length, profile.links.length);
    const intent = emptyIntent(profile.joints.length);
    for (const row of rig.rows) {
      readCycleRow(row, 0, inputs, intent);
      const output = step.step(inputs, intent);
      expect([output.phase, output.blend, output.upTimeUs, Number(output.permitted.enable)]).toEqual(['phase', 'blend', 'upTimeUs', 'enable'].map((key) => column(row, key)));
    }
  });

  it('acts on a stop that comes between opening a session and its first cycle', () => {
    const rig = new LoopRig();
    rig.ticks(10, false);
    rig.loop.operator.takeLease(1, rig.nowUs);
    rig.loop.openSession(setup, { sessionId: 's1', actor: 'tester' }, rig.nowUs);
    rig.loop.operator.stop('anyone', rig.nowUs);
    rig.ticks(2);
    expect(rig.state).toBe('stopped');
  });

  it('opens and closes no session while the robot moves, and none twice', () => {
    const rig = new LoopRig();
    rig.walk();
    expect(() => rig.loop.openSession(setup, { sessionId: 's2', actor: 'tester' }, rig.nowUs)).toThrow(/Session s1 is open/);
    expect(() => rig.loop.closeSession(rig.nowUs)).toThrow(/moving/);
    rig.loop.operator.stop('tester', rig.nowUs);
    rig.ticks(500);
    rig.loop.closeSession(rig.nowUs);
    expect(() => rig.loop.closeSession(rig.nowUs)).toThrow(/No session is open/);
    rig.ticks(2);
    expect(rig.io.writes.at(-1)).toMatchObject({ enable: false });
  });

  it('tells of every change of state with its cause, and of links', () => {
    const rig = new LoopRig();
    rig.walk();
    rig.loop.operator.stop('tester', rig.nowUs);
    rig.ticks(2);
    const states = rig.events.filter((event) => event.kind === 'state').map((event) => [event.oldValue, event.newValue, event.cause]);
    expect(states).toEqual([
      ['connecting', 'ready', 'none'],
      ['ready', 'armed', 'none'],
      ['armed', 'running', 'none'],
      ['running', 'stopped', 'operatorStop'],
    ]);
    expect(rig.events.filter((event) => event.kind === 'link').map((event) => event.subject)).toEqual(profile.links.map((link) => link.id));
  });

  it('stops when the lease is not renewed', () => {
    const rig = new LoopRig();
    rig.walk();
    rig.ticks(Math.ceil((profile.watchdogs.leaseMs * 1_000) / PERIOD_US) + 2, false);
    expect(rig.state).toBe('stopped');
    expect(rig.loop.cycle.output.cause).toBe('operatorLost');
    expect(rig.events).toContainEqual(expect.objectContaining({ kind: 'lease', subject: 'expired' }));
  });

  it('releases the drives and the enable relay for good when anything in a cycle throws', () => {
    const rig = new LoopRig();
    rig.walk();
    expect(rig.io.writes.at(-1)).toEqual({ enable: true, relay: 'keepClosed' });
    rig.io.fault = new Error('broken');
    rig.ticks(1);
    expect(rig.failures).toEqual([rig.io.fault]);
    expect(rig.loop.failed).toBe(true);
    expect(rig.io.writes.at(-1)).toEqual({ enable: false, relay: 'open' });
    rig.io.fault = null;
    rig.ticks(5);
    expect(rig.io.writes.slice(-5)).toEqual(Array.from({ length: 5 }, () => ({ enable: false, relay: 'open' })));
    expect(rig.failures).toHaveLength(1);
  });
});

describe('the brakes of a robot whose stops end on them', () => {
  const rigOf = (then: 'hold' | 'lower' | 'brake'): LoopRig => new LoopRig(undefined, ending(then));

  it('are asked for as permitted: closed until it is armed, and after a stop before the drives let go', () => {
    const rig = rigOf('brake');
    rig.walk();
    expect(rig.state).toBe('running');
    expect(rig.io.brakesAsked).toEqual([true, false]);
    rig.loop.operator.stop('tester', rig.nowUs);
    rig.ticks(100);
    expect(rig.io.brakesAsked).toEqual([true, false, true]);
    expect(rig.io.writes.at(-1)).toMatchObject({ enable: true });
    rig.ticks(700);
    expect(rig.io.writes.at(-1)).toMatchObject({ enable: false });
    expect(rig.io.brakesAsked).toEqual([true, false, true]);
    rig.loop.closeSession(rig.nowUs);
    rig.ticks(10);
    expect(rig.io.brakesAsked).toEqual([true, false, true]);
    expect(rig.rows.map((row) => column(row, 'closeBrakes')).at(-1)).toBe(1);
  });

  it('are asked again ten times a second until the hub says so', () => {
    const rig = rigOf('brake');
    rig.io.brakesObey = false;
    rig.ticks(250, false);
    expect(rig.io.brakesAsked).toEqual(Array.from({ length: 10 }, () => true));
  });

  it('are closed when a cycle fails', () => {
    const rig = rigOf('brake');
    rig.walk();
    rig.io.fault = new Error('broken');
    rig.ticks(1);
    expect(rig.io.brakesAsked.at(-1)).toBe(true);
  });

  it('are nobody’s business on other robots', () => {
    for (const then of ['hold', 'lower'] as const) {
      const rig = rigOf(then);
      rig.walk();
      rig.loop.operator.stop('tester', rig.nowUs);
      rig.ticks(700);
      rig.io.fault = new Error('broken');
      rig.ticks(1);
      expect(rig.io.brakesAsked).toEqual([]);
    }
  });

  it('or the drives hold the patient: no session is closed meanwhile', () => {
    const rig = rigOf('hold');
    rig.walk();
    rig.loop.operator.stop('tester', rig.nowUs);
    rig.ticks(1_000);
    expect(() => rig.loop.closeSession(rig.nowUs)).toThrow(/holds the patient/);
    rig.loop.operator.command(1, 'acknowledge', 'tester', rig.nowUs);
    rig.ticks(500);
    rig.loop.closeSession(rig.nowUs);
    expect(rig.io.writes.at(-1)).toMatchObject({ enable: false });
  });
});
