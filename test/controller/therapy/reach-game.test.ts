/** The rule that makes targets harder, and the game that asks for them. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { difficultyAfter, nextTarget, WANTED_SUCCESS } from '../../../controller/therapy/game-difficulty.ts';
import { ReachGame } from '../../../controller/therapy/reach-game.ts';
import { gameRecordSchema, type GameRecord } from '../../../protocols/game.ts';
import { createRandom } from '../../../protocols/random.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const metres = fc.double({ min: -0.8, max: 0.8, noNaN: true });
const norm = (m: readonly number[]): number => Math.sqrt(m.reduce((sum, part) => sum + part * part, 0));

describe('the difficulty', () => {
  test('stays within 0 … 1, never falls by a success and never rises by a failure', () => {
    fc.assert(
      fc.property(share, (difficulty) => {
        const [up, down] = [difficultyAfter(difficulty, true), difficultyAfter(difficulty, false)];
        expect(up).toBeGreaterThanOrEqual(difficulty);
        expect(down).toBeLessThanOrEqual(difficulty);
        expect(up).toBeLessThanOrEqual(1);
        expect(down).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('settles where a person, whatever he can, reaches three targets in four', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.3, max: 0.7, noNaN: true }), fc.integer({ min: 1, max: 1e6 }), (ability, seed) => {
        const random = createRandom(seed);
        let [difficulty, reached] = [0, 0];
        const tries = 4_000;
        for (let i = -200; i < tries; i++) {
          const success = random.next() < 1 / (1 + Math.exp((difficulty - ability) / 0.08));
          difficulty = difficultyAfter(difficulty, success);
          if (i >= 0) reached += Number(success);
        }
        expect(Math.abs(reached / tries - WANTED_SUCCESS)).toBeLessThan(0.03);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a target', () => {
  const workspaces = fc.tuple(fc.array(metres, { minLength: 3, maxLength: 3 }), fc.array(metres, { minLength: 3, maxLength: 3 })).map(([a, b]) => ({
    leastM: a.map((m, axis) => Math.min(m, b[axis]!)),
    mostM: a.map((m, axis) => Math.max(m, b[axis]!)),
    armLengthM: 0.8,
  }));

  test('can be touched by a straight arm, lies in or a little around where the hand has been, and is the smaller and sooner over the harder it is', () => {
    fc.assert(
      fc.property(workspaces, share, fc.integer({ min: 0, max: 1e6 }), (workspace, difficulty, seed) => {
        const { atM, radiusM, withinSec } = nextTarget(workspace, difficulty, createRandom(seed));
        expect(norm(atM)).toBeLessThanOrEqual(0.97 * 0.8 + 1e-9);
        const easier = nextTarget(workspace, difficulty / 2, createRandom(seed));
        expect(radiusM).toBeLessThanOrEqual(easier.radiusM);
        expect(withinSec).toBeLessThanOrEqual(easier.withinSec);
        // An arm that is long enough for all of it: nothing is drawn in.
        const free = nextTarget({ ...workspace, armLengthM: 10 }, difficulty, createRandom(seed));
        const beyond = free.atM.map((m, axis) => Math.abs(m - (workspace.leastM[axis]! + workspace.mostM[axis]!) / 2) - 1.15 * Math.max((workspace.mostM[axis]! - workspace.leastM[axis]!) / 2, 0.08));
        expect(Math.max(...beyond)).toBeLessThanOrEqual(1e-9);
      }),
    );
  });

  test('is the same for the same seed', () => {
    const workspace = { leastM: [0, -0.2, -0.4], mostM: [0.4, 0.3, 0], armLengthM: 0.8 };
    expect(nextTarget(workspace, 0.5, createRandom(3))).toEqual(nextTarget(workspace, 0.5, createRandom(3)));
    expect(nextTarget(workspace, 0.5, createRandom(3))).not.toEqual(nextTarget(workspace, 0.5, createRandom(4)));
  });
});

/** A hand that wanders first and then goes to what it is shown, as fast as it can. @param follows which targets he goes to */
function play(targets: number, speedMps: number, follows: (number: number) => boolean = () => true): GameRecord[] {
  const game = new ReachGame({ targets, seed: 7, armLengthM: 0.8 }, createRandom(7));
  const [handM, records] = [new Float64Array([0.3, 0, -0.3]), [] as GameRecord[]];
  let goal: readonly number[] | null = null;
  for (let cycle = 0; !game.over && cycle < 250 * 60 * 20; cycle++) {
    const nowUs = cycle * 4_000;
    if (goal === null && records.length < 2) handM.set([0.3 + 0.1 * Math.sin(cycle / 100), 0.15 * Math.cos(cycle / 80), -0.3 + 0.1 * Math.sin(cycle / 60)]);
    else if (goal !== null) {
      const way = goal.map((m, axis) => m - handM[axis]!);
      const step = Math.min(1, (speedMps * 0.004) / Math.max(norm(way), 1e-9));
      way.forEach((m, axis) => (handM[axis] = handM[axis]! + m * step));
    }
    const record = game.look(handM, nowUs);
    if (record === null) continue;
    records.push(record);
    if (record.what === 'target') goal = follows(record.number) ? record.atM : null;
  }
  return records;
}

describe('a game', () => {
  test('begins, asks for each target once and tells what came of it, and ends; every record is as the file has it', () => {
    const records = play(10, 1);
    expect(records.map(({ what }) => what)).toEqual(['begin', ...Array.from({ length: 10 }, () => ['target', 'outcome']).flat(), 'end']);
    for (const record of records) expect(gameRecordSchema.parse(record)).toEqual(record);
    expect(records.at(-1)).toMatchObject({ what: 'end', targets: 10, reached: 10 });
  });

  test('gets harder for who reaches all, and easier for who reaches none', () => {
    const course = (records: readonly GameRecord[]): number[] => records.flatMap((record) => (record.what === 'target' ? [record.difficulty] : []));
    const [able, idle] = [course(play(20, 1)), course(play(20, 1, () => false))];
    expect(able.every((difficulty, i) => i === 0 || difficulty >= able[i - 1]!)).toBe(true);
    expect(able.at(-1)).toBeGreaterThan(0.7);
    expect(idle.at(-1)).toBe(0);
  });

  test('does not take passing through a target for reaching it, and a hand that is not believed for none', () => {
    const game = new ReachGame({ targets: 1, seed: 1, armLengthM: 0.8 }, createRandom(1));
    const handM = new Float64Array([0.3, 0, -0.3]);
    let target: Extract<GameRecord, { what: 'target' }> | null = null;
    let outcome: GameRecord | null = null;
    for (let cycle = 0; outcome === null; cycle++) {
      const inside = target !== null && cycle % 50 < 25;
      const record = game.look(target !== null && cycle % 50 === 10 ? null : inside ? Float64Array.from(target!.atM) : handM, cycle * 4_000);
      if (record?.what === 'target') target = record;
      if (record?.what === 'outcome') outcome = record;
    }
    expect(outcome).toMatchObject({ reached: false, closestM: 0 });
  });
});
