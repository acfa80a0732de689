import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextState, supervisorEvents, type SupervisorEvent } from '../../../controller/safety/supervisor.ts';
import { supervisorStates, type SupervisorState } from '../../../protocols/supervision.ts';

/** The same rules written down a second time, as the safety concept words them: one line per state, '-' = stays. */
const expected: Record<SupervisorState, string> = {
  //           linked unlinked   prepared unprepared arm   disarm   start   pause  resume  prepare  home   recover    released ack  ackHolding protectiveStop emergency
  connecting: 'idle   -          -        -          -     -        -       -      -       -        -      -          -        -    -          stopped        emergency',
  idle: '      -      connecting ready    -          -     -        -       -      -       selfTest homing -          -        -    -          stopped        emergency',
  selfTest: '  -      -          -        -          -     -        -       -      -       -        -      -          idle     -    -          stopped        emergency',
  homing: '    -      -          -        -          -     -        -       -      -       -        -      -          idle     -    -          stopped        emergency',
  ready: '     -      connecting -        idle       armed -        -       -      -       selfTest -      recovering -        -    -          stopped        emergency',
  recovering: '-      -          -        -          -     -        -       -      -       -        -      -          idle     -    -          stopped        emergency',
  armed: '     -      -          -        -          -     stopping running -      -       -        -      -          -        -    -          stopped        emergency',
  running: '   -      -          -        -          -     stopping -       paused -       -        -      -          -        -    -          stopped        emergency',
  paused: '    -      -          -        -          -     stopping -       -      running -        -      -          -        -    -          stopped        emergency',
  stopping: '  -      -          -        -          -     -        -       -      -       -        -      -          idle     -    -          stopped        emergency',
  stopped: '   -      -          -        -          -     -        -       -      -       -        -      -          -        idle stopping   -              emergency',
  emergency: ' -      -          -        -          -     -        -       -      -       -        -      -          -        idle -          -              -',
};

const cells = supervisorStates.flatMap((state) => {
  const row = expected[state].trim().split(/\s+/);
  return supervisorEvents.map((event, i) => [state, event, row[i] === '-' ? state : (row[i] as SupervisorState)] as const);
});

describe('the supervisor', () => {
  it('has a rule for every state and event', () => {
    expect(cells).toHaveLength(supervisorStates.length * supervisorEvents.length);
    expect(cells.every(([, , to]) => supervisorStates.includes(to))).toBe(true);
  });

  it.each(cells)('in %s on %s goes to %s', (from, event, to) => {
    expect(nextState(from, event)).toBe(to);
  });

  it.each([
    ['an acknowledgement', ['acknowledged', 'acknowledgedHolding'], ['stopped', 'emergency']],
    ['an arming', ['arm'], ['stopped', 'emergency', 'connecting', 'idle', 'selfTest', 'homing', 'ready', 'recovering', 'stopping']],
    ['a start', ['start'], ['stopped', 'emergency', 'connecting', 'idle', 'selfTest', 'homing', 'ready', 'recovering', 'stopping', 'armed']],
    ['a preparation', ['prepared'], ['stopped', 'emergency', 'connecting', 'idle', 'selfTest', 'homing', 'stopping']],
  ] as const)('after a stop never gets further without %s, whatever else happens', (_, without, reachable) => {
    const others = supervisorEvents.filter((event) => !(without as readonly SupervisorEvent[]).includes(event));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...others), { maxLength: 40 }), (events) => {
        let state: SupervisorState = 'stopped';
        for (const event of events) {
          state = nextState(state, event);
          expect(reachable).toContain(state);
        }
      }),
    );
  });
});
