/**
 * Whatever the robot does and whatever it does next: the torque that its drives are told never steps. It grows by the
 * profile's slow rate, falls by the fast one, and only the edge of the range may take outward torque at once and brake by
 * the fast rate.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { driveTorqueNm } from '../../../controller/safety/envelope.ts';
import type { RobotInputs } from '../../../protocols/joints.ts';
import { limitReasons, type StepOutput } from '../../../protocols/session-log.ts';
import { type OperatorCommand, type SessionSetup } from '../../../protocols/supervision.ts';
import { gaitModes } from '../../../protocols/training-mode.ts';
import { degToRad, kmhToMps } from '../../../protocols/units.ts';
import { profile, setup } from '../safety/fixtures.ts';
import { Rig } from './robot-step-rig.ts';
import { everyPair } from './support/bumps.ts';
import { Bench } from './support/step-bench.ts';

const PERIOD_SEC = 1 / profile.controlRateHz;
const TORQUE = 1 << limitReasons.indexOf('torque');
const ROUNDING_NM = 1e-6;
const ROUNDING_RAD = 1e-9;

/** Looks at every cycle: what the drives are told, where the joints are measured. */
class Bumps {
  readonly found: string[] = [];
  cycles = 0;
  #enabled = false;
  readonly #beforeNm = profile.joints.map(() => 0);

  look(inputs: RobotInputs, output: StepOutput): void {
    this.cycles++;
    profile.joints.forEach((joint, j) => {
      const out = output.permitted.joints[j]!;
      const { motorPositionRad: positionRad, motorVelocityRadPerSec: velocityRadPerSec } = inputs.joints[j]!;
      const before = this.#beforeNm[j]!;
      const now = output.permitted.enable ? driveTorqueNm(out, { positionRad, velocityRadPerSec, trusted: true }) : 0;
      this.#beforeNm[j] = now;
      if (!output.permitted.enable) return;
      const where = `${joint.id}, ${output.state}, cycle ${this.cycles}: ${before.toFixed(2)} → ${now.toFixed(2)} Nm`;
      const up = joint.torqueRateUpNmPerSec * PERIOD_SEC + ROUNDING_NM;
      const down = joint.torqueRateDownNmPerSec * PERIOD_SEC + ROUNDING_NM;
      const turned = now * before < 0;
      const braked = now * velocityRadPerSec < 0 && ((output.joints[j]?.limitedBy ?? 0) & TORQUE) !== 0;
      if (Math.abs(now) - (turned ? 0 : Math.abs(before)) > (braked ? down : up)) this.found.push(`grows too fast: ${where}`);
      if (!turned && Math.abs(before) - Math.abs(now) > down && !nearEdge(joint, positionRad, before)) this.found.push(`falls too fast: ${where}`);
      const stale = Math.abs(out.positionRad - positionRad) > degToRad(joint.speedLimitDegPerSec) * PERIOD_SEC + ROUNDING_RAD;
      if (!this.#enabled && stale) this.found.push(`an old set-point: ${where}`);
    });
    this.#enabled = output.permitted.enable;
  }
}

/** Within 10° of the edge that the torque pushes to. */
function nearEdge({ softRangeDeg }: (typeof profile.joints)[number], positionRad: number, torqueNm: number): boolean {
  return torqueNm > 0 ? positionRad > degToRad(softRangeDeg.max - 10) : positionRad < degToRad(softRangeDeg.min + 10);
}

/** A bench that is watched from its first cycle. */
class Scene {
  readonly bench: Bench;
  readonly bumps = new Bumps();

  constructor(session: SessionSetup) {
    this.bench = new Bench(session);
    this.run(0.02);
  }

  command(...commands: readonly OperatorCommand[]): this {
    for (const command of commands) this.bumps.look(this.bench.inputs, this.bench.command(command));
    return this;
  }

  run(seconds: number): this {
    this.bench.run(seconds, (output) => this.bumps.look(this.bench.inputs, output));
    return this;
  }

  guided(share: number): this {
    Object.assign(this.bench.intent, { guidanceLeft: share, guidanceRight: share });
    return this;
  }

  /** A person pushes on the left hip from now on. */
  pushed(): this {
    this.bench.spoil = ({ joints }) => (joints[0]!.jointTorqueNm -= 35);
    return this;
  }

  held(): this {
    this.bench.intent.holdAgeUs = 0;
    return this;
  }

  walking(share = 1): this {
    return this.guided(share).command('arm').run(1.2).command('start').run(5);
  }
}

interface Situation {
  readonly name: string;
  /** From released drives. */
  readonly enter: (scene: Scene) => Scene;
  /** What is asked for to get there from anywhere; what is refused changes nothing. */
  readonly ask: (scene: Scene) => Scene;
  readonly is: (output: StepOutput) => boolean;
  readonly session?: SessionSetup;
}

const walks = [0, 0.6, 1].map(
  (share): Situation => ({
    name: `walks at ${100 * share} % guidance`,
    enter: (scene) => scene.walking(share),
    ask: (scene) => scene.guided(share).command('acknowledge', 'resume', 'start'),
    is: ({ state, blend }) => state === 'running' && blend === 1,
  }),
);
const situations: readonly Situation[] = [
  { name: 'is released', enter: (scene) => scene, ask: (scene) => scene.command('disarm'), is: ({ state }) => state === 'ready' },
  { name: 'holds the posture', enter: (scene) => scene.command('arm').run(1.2), ask: (scene) => scene.command('acknowledge', 'arm'), is: ({ state }) => state === 'armed' },
  {
    name: 'starts',
    enter: (scene) => scene.command('arm').run(1.2).command('start').run(0.4),
    ask: (scene) => scene.command('acknowledge', 'arm', 'start'),
    is: ({ state, blend }) => state === 'running' && blend > 0 && blend < 1,
  },
  ...walks,
  {
    name: 'softens a leg',
    enter: (scene) => {
      scene.walking().pushed();
      for (let n = 0; n < 100 && scene.bench.output.action !== 'soften'; n++) scene.run(PERIOD_SEC);
      return scene.run(0.02);
    },
    ask: (scene) => scene.pushed(),
    is: ({ action }) => action === 'soften',
  },
  { name: 'pauses', enter: (scene) => scene.walking().command('pause').run(0.5), ask: (scene) => scene.command('pause'), is: ({ state }) => state === 'paused' },
  { name: 'lowers the legs', enter: (scene) => scene.walking().command('disarm').run(0.4), ask: (scene) => scene.command('disarm'), is: ({ state }) => state === 'stopping' },
  { name: 'brakes in a protective stop', enter: (scene) => scene.walking().command('stop').run(0.05), ask: (scene) => scene.command('stop'), is: ({ state }) => state === 'stopped' },
  {
    name: 'leads a joint into its range',
    enter: (scene) => scene.held().command('recover').run(0.5),
    ask: (scene) => scene.held().command('recover'),
    is: ({ state }) => state === 'recovering',
    session: { ...setup, permittedRangeRad: setup.permittedRangeRad.map((range, j) => (j === 1 ? { min: degToRad(25), max: range.max } : range)) },
  },
];

describe('the torque of the drives never steps', () => {
  it.each(situations.map((from) => [from.name, from] as const))('when the robot %s, and then does anything else, or stops and is armed again', (_, from) => {
    const bumps = situations.flatMap((to) => {
      const scene = from.enter(new Scene(from.session ?? setup));
      if (!from.is(scene.bench.output)) return [`not there: ${scene.bench.output.state}, ${scene.bench.output.action}, ${scene.bench.output.cause}`];
      to.ask(scene).run(0.8);
      scene.command('stop').run(0.3).command('acknowledge', 'disarm').run(2).command('acknowledge', 'arm').run(0.5);
      return scene.bumps.found.slice(0, 1).map((bump) => `then ${to.name}: ${bump}`);
    });
    expect(bumps).toEqual([]);
  });
});

describe('nor does it on the simulated body', () => {
  const rigs: Rig[] = [];
  afterEach(() => {
    for (const rig of rigs.splice(0)) rig.robot.dispose();
  });

  it('when any training mode follows any other, half faded in or whole', { timeout: 60_000 }, async () => {
    const joints = profile.joints.map(({ id, kind }) => ({ jointId: id, meanDeg: kind === 'hip' ? 5 : 35, cosDeg: [0], sinDeg: [15] }));
    const trajectory = { schemaVersion: 1 as const, name: 'another one', cycleSec: 2, cycles: 3, joints };
    for (const fadedSec of [0.7, 2.5]) {
      const rig = await Rig.create(75, 1.8, {}, { trajectory });
      rigs.push(rig);
      const bumps = new Bumps();
      const look = (output: StepOutput) => bumps.look(rig.inputs, output);
      rig.until((output) => output.readyBlocker === 'none', 2);
      rig.intent.speedMps = kmhToMps(2);
      rig.command('arm');
      rig.run(1.5, look);
      rig.command('start');
      rig.run(6, look);
      for (const mode of everyPair(gaitModes)) {
        rig.intent.mode = mode;
        rig.run(fadedSec, look);
      }
      expect(rig.output).toMatchObject({ state: 'running', action: 'none' });
      expect(bumps.found.slice(0, 3)).toEqual([]);
    }
  });

  const changes: [string, (rig: Rig) => void][] = [
    ['guidance falls to none', (rig) => Object.assign(rig.intent, { guidanceLeft: 0, guidanceRight: 0 })],
    ['the knees come later and the hips earlier', (rig) => rig.intent.timingShare.splice(0, 4, -0.1, 0.1, -0.1, 0.1)],
    ['the walk is paused', (rig) => rig.command('pause')],
    ['the legs are lowered', (rig) => rig.command('disarm')],
    ['a protective stop brakes', (rig) => rig.command('stop')],
    ['a person pushes and a leg softens', (rig) => rig.robot.controls.fault({ kind: 'push', joint: 'hipLeft', torqueNm: 30, riseMs: 50, holdMs: 150 })],
  ];
  it.each(changes)('when %s in a fast walk, and it is armed again', async (_, change) => {
    const rig = await Rig.create();
    rigs.push(rig);
    const bumps = new Bumps();
    const look = (output: StepOutput) => bumps.look(rig.inputs, output);
    rig.until((output) => output.readyBlocker === 'none', 2);
    rig.intent.speedMps = kmhToMps(3.2);
    rig.command('arm');
    rig.run(1.5, look);
    rig.command('start');
    rig.run(8, look);
    expect(rig.output).toMatchObject({ state: 'running', action: 'none' });
    change(rig);
    rig.run(1, look);
    for (const command of ['stop', 'acknowledge', 'disarm', 'arm'] as const) {
      rig.command(command);
      rig.run(command === 'arm' ? 1 : 3, look);
    }
    expect(rig.output).toMatchObject({ state: 'armed', action: 'none' });
    expect(bumps.found.slice(0, 3)).toEqual([]);
    expect(bumps.cycles).toBeGreaterThan(3000);
  });
});
