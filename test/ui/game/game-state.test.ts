import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ReachGame } from '../../../controller/therapy/reach-game.ts';
import type { GameRecord } from '../../../protocols/game.ts';
import { parseProfile } from '../../../protocols/profile-text.ts';
import { sensedJointsOf } from '../../../protocols/profile.ts';
import { createRandom } from '../../../protocols/random.ts';
import { telemetryChannels } from '../../../protocols/telemetry.ts';
import { createHand } from '../../../ui/game/hand.ts';
import { fieldPoint, gameAfter, type GameState } from '../../../ui/game/game-state.ts';
import { LiveTelemetry } from '../../../ui/state/live-telemetry.ts';

/** A whole game of the controller's own, with a hand that goes to every second target. */
function played(): GameRecord[] {
  const game = new ReachGame({ targets: 6, seed: 3, armLengthM: 0.8 }, createRandom(3));
  const records: GameRecord[] = [];
  let aim: readonly [number, number, number] = [0.3, 0.1, -0.4];
  for (let us = 0; !game.over && us < 200e6; us += 4_000) {
    const wander = us < 3e6 ? 0.1 * (us / 3e6) : 0;
    const record = game.look(Float64Array.of(aim[0] + wander, aim[1], aim[2] + wander), us);
    if (record === null) continue;
    records.push(record);
    if (record.what === 'target' && record.number % 2 === 0) aim = record.atM;
    else if (record.what === 'target') aim = [0.3, 0.1, -0.75];
  }
  return records;
}

describe('a game as it is shown', () => {
  const records = played();
  const follow = (heard: readonly GameRecord[]): GameState | null => heard.reduce<GameState | null>((state, record, i) => gameAfter(state, record, i), null);

  it('ends with the score that the game itself has counted', () => {
    const end = records.at(-1);
    expect(end?.what).toBe('end');
    const before = follow(records.slice(0, -1));
    const after = follow(records);
    expect(after).toMatchObject({ over: true, targets: 6, tried: 6, target: null });
    expect(before?.reached).toBe(after?.reached);
    expect(after?.reached).toBe(records.filter((record) => record.what === 'outcome' && record.reached).length);
    expect(after?.reached).toBeGreaterThan(0);
  });

  it('shows a target from when it appears until it is decided, with the time at which it appeared', () => {
    const first = records.findIndex(({ what }) => what === 'target');
    expect(follow(records.slice(0, first))).toMatchObject({ target: null, targets: 6, last: null });
    expect(follow(records.slice(0, first + 1))).toMatchObject({ target: records[first], shownAtSec: first, tried: 0 });
    expect(follow(records.slice(0, first + 2))).toMatchObject({ target: null, tried: 1 });
  });

  it('does without its beginning on a page that came later, and another game begins anew', () => {
    const late = follow(records.slice(3));
    expect(late).toMatchObject({ over: true, targets: 6 });
    expect(gameAfter(late, records[0]!, 9)).toMatchObject({ over: false, reached: 0, tried: 0, last: null });
  });
});

describe('the field', () => {
  it('has forward to the right from the side, the right hand at the right from behind, and up above', () => {
    expect(fieldPoint('side', [0.4, 0.2, 0.1], 0.8)).toEqual({ x: 0.5, y: -0.125 });
    expect(fieldPoint('behind', [0.4, -0.2, 0.1], 0.8)).toEqual({ x: 0.25, y: -0.125 });
  });

  it('has the hand where the joints put it, and none when one of them is not believed', () => {
    const profile = parseProfile(readFileSync('hal/profiles/arm-support.json', 'utf8'), 'arm-support.json');
    const channels = telemetryChannels(profile);
    const hand = createHand(profile, 1.8)!;
    const live = new LiveTelemetry(channels, profile);
    const values = new Float32Array(channels.length);
    const set = (name: string, value: number): void => void (values[channels.findIndex((channel) => channel.name === name)] = value);
    for (const { id } of sensedJointsOf(profile)) set(`sensedTrusted.${id}`, 1);
    live.take({ sequence: 0, timeUs: 1, values }, 0);
    const hanging = hand.at(live)!;
    expect(hanging[2]).toBeCloseTo(-hand.armLengthM, 6);
    set('sensedTrusted.elbow', 0);
    live.take({ sequence: 1, timeUs: 2, values }, 0);
    expect(hand.at(live)).toBeNull();
  });

  it('is for arms that nothing moves', () => {
    expect(createHand(parseProfile(readFileSync('hal/profiles/arm-exo.json', 'utf8'), 'arm-exo.json'), 1.8)).toBeNull();
  });
});
