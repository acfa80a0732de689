/** What a stop ends in on robots of each kind, step by step. */
import { describe, expect, it } from 'vitest';
import { relayOrder } from '../../../controller/robot/robot-step.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import type { StepOutput } from '../../../protocols/session-log.ts';
import type { Cause, OperatorCommand, SupervisorState } from '../../../protocols/supervision.ts';
import { degToRad, radToDeg } from '../../../protocols/units.ts';
import { ending, PERIOD_US, profile, setup } from '../safety/fixtures.ts';
import { Bench } from './support/step-bench.ts';


/** Brakes that move 60 ms after they were told to. */
class Braked {
  readonly bench: Bench;
  closes = true;
  opens = true;
  closed = true;
  #wrongUs = 0;

  constructor(begin: (robot: RobotProfile) => Bench) {
    this.bench = begin(ending('brake'));
    this.bench.spoil = (inputs) => {
      const { closeBrakes } = this.bench.output.permitted;
      this.#wrongUs = closeBrakes === this.closed ? 0 : this.#wrongUs + PERIOD_US;
      if (this.#wrongUs >= 60_000 && (closeBrakes ? this.closes : this.opens)) this.closed = closeBrakes;
      inputs.hub.brakeEngaged = this.closed;
    };
  }

  static walking(): Braked {
    const braked = new Braked((robot) => Bench.walking(robot));
    braked.closed = false;
    return braked;
  }
}

/** @returns how far, in degrees, an acknowledgement moves what the joints are told, for a second */
function movedBy(bench: Bench): number {
  const stood = bench.output.desired.joints.map(({ positionRad }) => positionRad);
  let mostRad = 0;
  const look = ({ desired }: StepOutput): void => desired.joints.forEach(({ positionRad }, j) => (mostRad = Math.max(mostRad, Math.abs(positionRad - stood[j]!))));
  look(bench.command('acknowledge'));
  bench.run(1, look);
  return radToDeg(mostRad);
}

describe('a robot that lowers', () => {
  it('lets go by itself after every stop', () => {
    const bench = Bench.walking(ending('lower'));
    bench.command('stop');
    expect(bench.run(3).permitted).toMatchObject({ enable: false, closeBrakes: false });
  });

  it('takes no acknowledgement of a drive that dropped out as long as it holds, and one when it has let go', () => {
    const bench = Bench.walking(ending('lower'));
    bench.spoil = (inputs) => (inputs.joints[1]!.driveState = 'disabled');
    bench.run(1);
    expect(bench.command('acknowledge')).toMatchObject({ state: 'stopped', cause: 'driveNotEnabled' });
    bench.run(2);
    expect(bench.output.permitted.enable).toBe(false);
    expect(bench.command('acknowledge')).toMatchObject({ state: 'ready', action: 'none' });
  });

  it('lowers the legs where they are when a person acknowledges early, not where they stood before the walk', () => {
    const bench = Bench.walking();
    bench.run(0.35);
    bench.command('stop');
    bench.run(0.5);
    expect(movedBy(bench)).toBeLessThan(0.5);
    expect(bench.output).toMatchObject({ state: 'stopping', action: 'none' });
  });
});

describe('a robot that holds', () => {
  it('holds on however long, until a person acknowledges, then lowers and releases', () => {
    const bench = Bench.walking(ending('hold'));
    bench.run(0.35);
    bench.command('stop');
    bench.run(60);
    expect(bench.output).toMatchObject({ state: 'stopped', action: 'protectiveStop', cause: 'operatorStop' });
    expect(bench.output.permitted).toMatchObject({ enable: true, closeBrakes: false });
    for (const joint of bench.output.permitted.joints) expect(joint.stiffnessNmPerRad).toBeGreaterThan(100);
    expect(movedBy(bench)).toBeLessThan(0.5);
    expect(bench.output).toMatchObject({ state: 'stopping', action: 'none' });
    bench.run(1.5);
    expect(bench.output.state).toBe('ready');
    expect(bench.output.permitted.enable).toBe(false);
  });

  it('lowers for a person who acknowledges though its cause is still there, and stays stopped', () => {
    const bench = Bench.walking(ending('hold'));
    bench.spoil = (inputs) => (inputs.joints[1]!.driveState = 'disabled');
    bench.run(10);
    expect(bench.output).toMatchObject({ state: 'stopped', cause: 'driveNotEnabled', permitted: { enable: true } });
    expect(bench.command('acknowledge').state).toBe('stopped');
    bench.run(2);
    expect(bench.output).toMatchObject({ state: 'stopped', cause: 'driveNotEnabled', permitted: { enable: false } });
    bench.spoil = () => {};
    bench.tick();
    expect(bench.command('acknowledge').state).toBe('ready');
  });

  it('does not let go because a person moves the limb that it holds', () => {
    const bench = Bench.walking(ending('hold'));
    bench.command('stop');
    bench.run(10);
    let byRad = 0;
    bench.spoil = (inputs) => {
      byRad = Math.min(0.08, byRad + 0.0002);
      const joint = inputs.joints[0]!;
      joint.motorPositionRad = joint.encoderPositionRad += byRad;
    };
    bench.run(5);
    expect(bench.output.action).toBe('protectiveStop');
    expect(bench.output.permitted.enable).toBe(true);
  });

  it('still loses its power where holding is no longer safe', () => {
    const bench = Bench.walking(ending('hold'));
    bench.command('stop');
    bench.run(10);
    bench.spoil = (inputs) => (inputs.hub.estopClosed = false);
    expect(bench.tick()).toMatchObject({ state: 'emergency', action: 'emergencyStop' });
    expect(bench.output.permitted.enable).toBe(false);
  });
});

describe('a robot that stands on its brakes', () => {
  it('is armed on closed brakes, and opens them when its drives carry the legs', () => {
    const braked = new Braked((robot) => new Bench(undefined, 'none', robot));
    const { bench } = braked;
    expect(bench.run(0.1)).toMatchObject({ state: 'ready', readyBlocker: 'none', permitted: { closeBrakes: true } });
    bench.command('arm');
    bench.run(0.9);
    expect(bench.output).toMatchObject({ state: 'armed', permitted: { enable: true, closeBrakes: true } });
    bench.run(0.3);
    expect(bench.output).toMatchObject({ state: 'armed', permitted: { enable: true, closeBrakes: false } });
    bench.command('start');
    bench.run(6);
    expect(bench.output).toMatchObject({ state: 'running', blend: 1, action: 'none' });
  });

  it('stops when they do not open in time', () => {
    const braked = new Braked((robot) => new Bench(undefined, 'none', robot));
    const { bench } = braked;
    braked.opens = false;
    bench.run(0.1);
    bench.command('arm');
    bench.run(1.7);
    expect(bench.output).toMatchObject({ state: 'stopped', cause: 'brakeEngaged' });
  });

  it('stops when somebody closes one while it walks', () => {
    const braked = Braked.walking();
    braked.closed = true;
    braked.opens = false;
    expect(braked.bench.tick()).toMatchObject({ state: 'stopped', cause: 'brakeEngaged' });
  });

  it('comes to rest, closes its brakes, and lets go only then', () => {
    const { bench } = Braked.walking();
    bench.command('stop');
    let closedAfterMs = Number.NaN;
    bench.run(1, ({ permitted }) => {
      expect(permitted.enable).toBe(true);
      closedAfterMs = permitted.closeBrakes && Number.isNaN(closedAfterMs) ? bench.inputs.nowUs / 1000 : closedAfterMs;
      if (!permitted.closeBrakes) return;
      for (const joint of bench.inputs.joints) expect(Math.abs(radToDeg(joint.motorVelocityRadPerSec))).toBeLessThan(profile.stop.restSpeedDegPerSec);
    });
    expect(closedAfterMs).not.toBeNaN();
    bench.run(2);
    expect(bench.output).toMatchObject({ state: 'stopped', cause: 'operatorStop', permitted: { enable: false, closeBrakes: true } });
    expect(bench.command('acknowledge')).toMatchObject({ state: 'ready', readyBlocker: 'none', permitted: { closeBrakes: true } });
    expect(bench.command('arm').state).toBe('armed');
  });

  it('whose brakes are not seen to close says so, holds on, and lowers when a person has acknowledged', () => {
    const braked = Braked.walking();
    const { bench } = braked;
    braked.closes = false;
    bench.command('stop');
    bench.run(0.6);
    expect(bench.output.cause).toBe('operatorStop');
    bench.run(60);
    expect(bench.output).toMatchObject({ state: 'stopped', action: 'protectiveStop', cause: 'brakesOpen', permitted: { enable: true, closeBrakes: true } });
    expect(bench.step.latched).toBe('brakesOpen');
    expect(bench.command('acknowledge')).toMatchObject({ state: 'stopping', action: 'none' });
    bench.run(2);
    expect(bench.output).toMatchObject({ state: 'ready', permitted: { enable: false, closeBrakes: true } });
  });

  it('does not believe a hub that is silent', () => {
    const { bench } = Braked.walking();
    bench.spoil = (inputs) => Object.assign(inputs.hub, { ageUs: 1e6, brakeEngaged: true });
    bench.run(1.3);
    expect(bench.output.permitted).toMatchObject({ enable: true, closeBrakes: true });
  });

  const cuts: [string, Cause, (bench: Bench) => unknown][] = [
    ['by the emergency stop', 'estopOpen', (b) => (b.spoil = (i) => (i.hub.estopClosed = false))],
    ['because a drive tells what cannot be', 'implausibleInput', (b) => (b.spoil = (i) => (i.joints[1]!.motorPositionRad = Number.NaN))],
  ];
  it.each(cuts)('whose power is cut %s closes them in the same cycle', (_, cause, spoil) => {
    const { bench } = Braked.walking();
    spoil(bench);
    bench.run(0.2, (output) => expect(output.permitted.closeBrakes).toBe(relayOrder(output) === 'open'));
    expect(bench.output).toMatchObject({ cause, permitted: { enable: false, closeBrakes: true } });
  });
});

it('closes the brakes of a robot that stands in them as soon as a joint is let go, which held nothing any more', () => {
  const { bench } = Braked.walking();
  let drift = 0;
  bench.spoil = (i) => (i.joints[0]!.encoderPositionRad += drift += 0.008);
  bench.run(0.2, ({ permitted }) => expect(permitted.closeBrakes).toBe(permitted.joints[0]!.dampingNmsPerRad === 0));
  expect(bench.output).toMatchObject({ action: 'protectiveStop', cause: 'sensorDisagreement', permitted: { enable: true, closeBrakes: true } });
});

describe('the emergency stop', () => {
  type Begin = (robot: RobotProfile) => Bench;
  const still: Begin = (robot) => new Bench(setup, 'none', robot);
  const walking: Begin = (robot) => Bench.walking(robot);
  const unprepared: Begin = (robot) => {
    const bench = new Bench(null, 'none', robot);
    bench.intent.prepared = false;
    bench.tick();
    return bench;
  };
  const preparing =
    (command: OperatorCommand): Begin =>
    (robot) => {
      const bench = unprepared(robot);
      bench.command(command);
      bench.intent.preparing = true;
      bench.tick();
      return bench;
    };
  const after =
    (begin: Begin, ...commands: OperatorCommand[]): Begin =>
    (robot) => {
      const bench = begin(robot);
      for (const command of commands) bench.command(command);
      bench.run(0.1);
      return bench;
    };
  const outside = { ...setup, permittedRangeRad: setup.permittedRangeRad.map((range) => ({ ...range, max: degToRad(18) })) };

  /** A way into each state but that of the emergency stop itself. */
  const ways: Record<Exclude<SupervisorState, 'emergency'>, Begin> = {
    connecting: (robot) => {
      const bench = still(robot);
      bench.spoil = (inputs) => (inputs.links[0]!.up = false);
      bench.run(0.1);
      return bench;
    },
    idle: unprepared,
    selfTest: preparing('prepare'),
    homing: preparing('home'),
    ready: still,
    recovering: (robot) => {
      const bench = new Bench(outside, 'none', robot);
      bench.intent.holdAgeUs = 0;
      return after(() => bench, 'recover')(robot);
    },
    armed: after(still, 'arm'),
    running: walking,
    paused: after(walking, 'pause'),
    stopping: after(walking, 'disarm'),
    stopped: after(walking, 'stop'),
  };
  const cases = (Object.keys(ways) as (keyof typeof ways)[]).flatMap((state) => (['hold', 'lower', 'brake'] as const).map((then) => [state, then] as const));

  it.each(cases)('in %s of a robot that ends its stops by %s is obeyed within two cycles, latched, and reset in two steps only', (state, then) => {
    const bench = ways[state](ending(then));
    expect(bench.output.state).toBe(state);
    const { preparing: prepares } = bench.intent;
    bench.spoil = (inputs) => (inputs.hub.estopClosed = false);
    bench.run((2 * PERIOD_US) / 1e6);
    const obeyed = { state: 'emergency', action: 'emergencyStop', cause: 'estopOpen', permitted: { enable: false, closeBrakes: then === 'brake' } };
    expect(bench.output).toMatchObject(obeyed);
    expect(relayOrder(bench.output)).toBe('open');
    // One step alone does nothing, whichever it is.
    expect(bench.command('acknowledge').state).toBe('emergency');
    bench.spoil = () => {};
    bench.run(1);
    expect(bench.output).toMatchObject(obeyed);
    for (const command of ['arm', 'start', 'resume', 'recover', 'prepare', 'home'] as const) expect(bench.command(command).state).toBe('emergency');
    bench.command('acknowledge');
    const rest = bench.intent.prepared ? 'ready' : 'idle';
    expect(bench.output.state).toBe(prepares ? 'selfTest' : rest);
    bench.run(1, ({ permitted }) => expect(permitted.enable).toBe(false));
  });
});
