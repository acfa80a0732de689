/** Footplates on the real physics and over the real wire bytes, in lock-step. */
import { describe, expect, it } from 'vitest';
import { prepareRobot } from '../../../controller/cli/lockstep-preparation.ts';
import { LockstepRig } from '../../../controller/cli/lockstep-rig.ts';
import { scriptSetup, type ScriptParameters } from '../../../controller/cli/session-script.ts';
import { degToRad, kmhToMps } from '../../../protocols/units.ts';
import type { TrainingMode } from '../../../protocols/training-mode.ts';
import type { RobotTruth } from '../../../sim/truth.ts';
import type { VirtualRobotOptions } from '../../../sim/virtual-robot.ts';
import { footplates } from '../../sim/support/profile.ts';
import { WantedBumps } from './support/bumps.ts';

const profile = footplates();
const ACTOR = 'test';
const TIMEOUT_MS = 120_000;
/** Cycles: a twentieth of a stride. */
const SEEN_AFTER = 16;

interface Seen {
  readonly state: string;
  readonly steps: number;
  readonly distanceM: number;
  readonly truth: RobotTruth;
  /** Torques that stepped, by name. */
  readonly bumps: readonly string[];
  change(mode: TrainingMode): void;
}

/** @param each after every cycle of the walk, seconds after its start */
async function walk(initial: ScriptParameters, sec: number, each: (seen: Seen, atSec: number) => void, unknown: Partial<VirtualRobotOptions> = {}): Promise<void> {
  const { bodyMassKg = 75, heightM = 1.8 } = unknown;
  const rig = await LockstepRig.create({ profile, seed: 3, ...unknown, bodyMassKg, heightM, sink: { row: () => {} } });
  try {
    rig.start();
    await prepareRobot(rig);
    const setup = scriptSetup({ title: 'test', profile: profile.id, patient: { ref: 'p', bodyMassKg, heightM }, durationSec: 1, initial, timeline: [] }, profile);
    rig.loop.openSession(setup, { sessionId: 's', actor: ACTOR }, rig.nowUs);
    const run = async (cycles: number, look?: (cycle: number) => void): Promise<void> => {
      for (let cycle = 0; cycle < cycles; cycle++) {
        await rig.cycle();
        look?.(cycle);
      }
    };
    await run(250);
    rig.loop.operator.command(rig.epoch, 'arm', ACTOR, rig.nowUs);
    await run(500);
    rig.loop.operator.command(rig.epoch, 'start', ACTOR, rig.nowUs);
    const bumps = new WantedBumps(profile);
    const change = (mode: TrainingMode): void => rig.loop.operator.setParameters({ epoch: rig.epoch, actor: ACTOR, reason: 'test', parameters: { ...setup.parameters, mode } }, rig.nowUs);
    await run(250 * sec, (cycle) => {
      const { inputs, intent, output } = rig.loop.cycle;
      const { state, stepsLeft, stepsRight, distanceM } = output;
      bumps.look({ inputs, intent, cycle }, output);
      each({ state, steps: stepsLeft + stepsRight, distanceM, truth: rig.robot.robot.truth(), bumps: bumps.found, change }, cycle / 250);
    });
  } finally {
    rig.dispose();
  }
}

const metres = ({ joints }: RobotTruth, joint: number): number => (joints[joint]?.positionRad ?? Number.NaN) * (profile.joints[joint]?.leadMPerRad ?? 1);

describe('walking on footplates', () => {
  it('step length from the plates’ true places, cadence from the steps’ times and speed from the way agree to 1 %', { timeout: TIMEOUT_MS }, async () => {
    const strikes: { atSec: number; stepM: number; distanceM: number }[] = [];
    let slipMps = 0;
    let before = 0;
    /** Both feet stand and go with the ground: the length of a step can be seen until the other leaves it. */
    let sinceStrike = Infinity;
    await walk({ speedKmh: 1.5 }, 20, ({ state, steps, distanceM, truth }, atSec) => {
      expect(state).toBe('running');
      if (atSec < 8) {
        before = steps;
        return;
      }
      for (const foot of Object.values(truth.ground!.feet)) slipMps = Math.max(slipMps, Math.abs(foot.forefoot.slipMps));
      sinceStrike = steps > before ? 0 : sinceStrike + 1;
      if (sinceStrike === SEEN_AFTER) strikes.push({ atSec, stepM: Math.abs(metres(truth, 0) - metres(truth, 3)), distanceM });
      before = steps;
    });
    const [first, last] = [strikes[0]!, strikes.at(-1)!];
    const stepM = strikes.reduce((sum, strike) => sum + strike.stepM, 0) / strikes.length;
    const cadencePerMin = (60 * (strikes.length - 1)) / (last.atSec - first.atSec);
    const speedMps = (last.distanceM - first.distanceM) / (last.atSec - first.atSec);
    expect(strikes.length).toBeGreaterThan(10);
    expect(Math.abs((stepM * cadencePerMin) / 60 / speedMps - 1)).toBeLessThan(0.01);
    expect(Math.abs(speedMps / kmhToMps(1.5) - 1)).toBeLessThan(0.01);
    expect(slipMps).toBeLessThan(0.15);
  });

  it.each([
    ['slopeWalk', { pitchLeft: 10, pitchRight: 10 }, {}],
    ['slopeWalk', { pitchLeft: -10, pitchRight: -10 }, {}],
    ['stairsUp', {}, { verticalLeft: 1.44, verticalRight: 1.44 }],
    ['stairsDown', {}, { verticalLeft: 1.44, verticalRight: 1.44 }],
  ] as const)('over %s, offset %o, scale %o, without a stop and within 1 cm', { timeout: TIMEOUT_MS }, async (mode, offsetDeg, romScale) => {
    const heights: number[] = [];
    let before = -1;
    await walk({ mode, speedKmh: 1, offsetDeg, romScale }, 14, ({ state, steps, truth }, atSec) => {
      expect(state).toBe('running');
      const left = steps !== before && atSec > 8 && metres(truth, 0) > metres(truth, 3);
      if (left) heights.push(metres(truth, 1) - metres(truth, 4));
      before = steps;
    });
    const slope = 'pitchLeft' in offsetDeg ? offsetDeg.pitchLeft : 0;
    const riseM = mode === 'slopeWalk' ? 0.275 * Math.tan(degToRad(slope)) : mode === 'stairsUp' ? 0.18 : -0.18;
    expect(heights.length).toBeGreaterThan(1);
    for (const heightM of heights) expect(Math.abs(heightM - riseM)).toBeLessThan(0.01);
  });

  // On plates that stayed level his calf lifted him by a tenth of his legs' length; then they were pulled straight, which was taken for a spasm.
  it('down stairs who is light stays on his saddle, and no leg is pulled straight', { timeout: TIMEOUT_MS }, async () => {
    let highestM = 0;
    await walk({ mode: 'stairsDown', speedKmh: 1.25, unloadingKg: 30 }, 14, ({ state, truth }, atSec) => {
      expect(state).toBe('running');
      if (atSec > 2) highestM = Math.max(highestM, truth.ground?.pelvisHeightM ?? Number.NaN);
    }, { bodyMassKg: 56, heightM: 1.63, limbMassScale: 0.8 });
    const { thighFraction, shankFraction, saddleLowestFraction } = profile.geometry;
    expect(highestM / (1.63 * (thighFraction + shankFraction))).toBeLessThan(saddleLowestFraction + 0.02);
  });

  it('a plate stays led at no guidance, with half of its friction and a heavier leg', { timeout: TIMEOUT_MS }, async () => {
    let worstM = 0;
    await walk({ speedKmh: 1.5, guidance: { left: 0, right: 0 } }, 11, ({ state, truth }, atSec) => {
      expect(state).toBe('running');
      if (atSec > 6) worstM = Math.max(worstM, Math.abs(metres(truth, 0)));
    }, { frictionScale: 0.5, limbMassScale: 1.2 });
    expect(worstM).toBeGreaterThan(0.15);
    expect(worstM).toBeLessThan(0.6 * 0.275 + 0.04);
  });

  it('is helped, or leaves its own timing, without a bump and with no plate loose; a step that waits, waits', { timeout: TIMEOUT_MS }, async () => {
    const modes = [[6, 'pathControl'], [9, 'assistStiffness'], [12, 'assistTorque'], [15, 'triggered'], [21, 'levelWalk']] as const;
    let next = 0;
    let worstM = 0;
    let waited = 0;
    let last: Seen | null = null;
    await walk({ speedKmh: 1 }, 24, (seen, atSec) => {
      expect(seen.state).toBe('running');
      const due = modes[next];
      if (due !== undefined && atSec >= due[0]) {
        seen.change(due[1]);
        next++;
      }
      if (atSec > 6) worstM = Math.max(worstM, Math.abs(metres(seen.truth, 0)));
      if (atSec > 19.5 && atSec < 21) waited = Math.max(waited, seen.steps - (last?.steps ?? 0));
      last = seen;
    });
    expect(next).toBe(modes.length);
    expect(waited).toBe(0);
    // No farther forward or back than where a step ends, and a little.
    expect(worstM).toBeLessThan(0.6 * 0.275 + 0.05);
    expect((last as Seen | null)?.bumps).toEqual([]);
  });
});
