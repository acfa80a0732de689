import { expect, it } from 'vitest';
import { OdriveSync } from '../../../hal/drives/odrive-sync.ts';

const ask = (sync: OdriveSync): string => {
  const out = new Uint8Array(64);
  return String.fromCharCode(...out.subarray(0, sync.encode(out, 0)));
};

it('an ODrive line is in step again when the newest question’s own number comes back, and not before', () => {
  const sync = new OdriveSync();
  expect(sync.lost).toBe(true);
  expect(ask(sync)).toBe('f 1001*70\n');
  expect(ask(sync)).toBe('f 1002*69\n');
  for (const late of ['0.250000 0.000000', '8', 'invalid motor 1001', 'encoder set to 1002']) expect([late, sync.accept(late)]).toEqual([late, false]);
  expect(sync.accept('invalid motor 1002')).toBe(true);
  expect(sync.lost).toBe(false);
});

it('an ODrive whose error text has another wording is in step after it', () => {
  const sync = new OdriveSync();
  ask(sync);
  expect(sync.accept('invalid command format')).toBe(true);
});

it('an ODrive line knows since when nothing was answered', () => {
  const sync = new OdriveSync();
  ask(sync);
  sync.accept('invalid motor 1001');
  expect(sync.silentUs(5_000)).toBe(0);
  sync.lose(6_000);
  sync.lose(9_000);
  expect(sync.silentUs(10_000)).toBe(4_000);
});
