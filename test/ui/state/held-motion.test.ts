import { expect, test } from 'vitest';
import { HOLD_RENEW_MS } from '../../../protocols/supervision.ts';
import type { Answer } from '../../../ui/net/station-link.ts';
import { createHeldMotion } from '../../../ui/state/held-motion.ts';

const granted: Answer = { ok: true, epoch: null, sessionId: null };
const refused: Answer = { ok: false, code: 'notPermittedNow', message: 'Not now.' };

function rig(answer: Answer = granted, epoch: number | null = 7) {
  const told: string[] = [];
  const timers = new Set<() => void>();
  let resolveEpoch: (epoch: number | null) => void = () => undefined;
  const motion = createHeldMotion({
    link: { hold: (holder, sequence) => told.push(`hold ${holder}/${sequence}`), endHold: (holder) => told.push(`end ${holder}`) },
    epoch: () => new Promise((resolve) => (resolveEpoch = resolve)),
    command: (holder, command) => {
      told.push(`${typeof command === 'string' ? command : `lift to ${command.liftM}`} ${holder}`);
      return Promise.resolve(answer);
    },
    every: (ms, task) => {
      expect(ms).toBe(HOLD_RENEW_MS);
      timers.add(task);
      return () => timers.delete(task);
    },
  });
  /** The lease is held, and everything that follows from that has happened. */
  const lease = async (): Promise<void> => {
    resolveEpoch(epoch);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  return { motion, told, lease, beat: () => timers.forEach((task) => task()), timers };
}

test('the button is held before the motion is asked for, and renewed until it is let go', async () => {
  const r = rig();
  void r.motion.press('home');
  await r.lease();
  r.beat();
  r.beat();
  r.motion.letGo();
  r.beat();
  expect(r.told).toEqual(['hold 7/1', 'home 7', 'hold 7/2', 'hold 7/3', 'end 7']);
});

test('the sequence goes on growing with the next press', async () => {
  const r = rig();
  for (let press = 0; press < 2; press++) {
    void r.motion.press('recover');
    await r.lease();
    r.motion.letGo();
  }
  expect(r.told).toEqual(['hold 7/1', 'recover 7', 'end 7', 'hold 7/2', 'recover 7', 'end 7']);
});

test('nothing begins when the button was let go before this screen had control', async () => {
  const r = rig();
  void r.motion.press('home');
  r.motion.letGo();
  await r.lease();
  expect([r.told, r.timers.size]).toEqual([[], 0]);
});

test('nothing begins without control', async () => {
  const r = rig(granted, null);
  void r.motion.press('home');
  await r.lease();
  expect([r.told, r.timers.size]).toEqual([[], 0]);
});

test('a refused motion is not held on', async () => {
  const r = rig(refused);
  void r.motion.press('home');
  await r.lease();
  expect([r.told, r.timers.size]).toEqual([['hold 7/1', 'home 7', 'end 7'], 0]);
});

test('letting go twice says so once', async () => {
  const r = rig();
  void r.motion.press('home');
  await r.lease();
  r.motion.letGo();
  r.motion.letGo();
  expect(r.told.filter((line) => line.startsWith('end'))).toHaveLength(1);
});

test('a lift is asked for its height once, and goes while the button is renewed', async () => {
  const r = rig();
  void r.motion.press({ liftM: 1.1 });
  await r.lease();
  r.beat();
  r.motion.letGo();
  r.beat();
  expect(r.told).toEqual(['hold 7/1', 'lift to 1.1 7', 'hold 7/2', 'end 7']);
});
