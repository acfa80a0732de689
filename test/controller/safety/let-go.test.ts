import { array, assert, boolean, integer, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LostDrives, noticeLetGo } from '../../../controller/safety/let-go.ts';
import type { JointInputs } from '../../../protocols/joints.ts';
import { untrustedJoint } from '../../../controller/safety/trusted-joint.ts';

const joints = (...disagree: readonly boolean[]) => disagree.map((disagrees) => ({ ...untrustedJoint(), disagrees }));

it('lets go of the joints whose sensors differ, once the failsafe table asks for it', () => {
  const letGo = new Uint8Array(3);
  expect(noticeLetGo(letGo, joints(false, true, false), false, true)).toBe(false);
  expect([...letGo]).toEqual([0, 0, 0]);
  expect(noticeLetGo(letGo, joints(false, true, false), true, true)).toBe(true);
  expect([...letGo]).toEqual([0, 1, 0]);
});

it('keeps a joint let go although its sensors agree again, takes in another, and forgets all when the drives are released', () => {
  const letGo = new Uint8Array(3);
  noticeLetGo(letGo, joints(false, true, false), true, true);
  expect(noticeLetGo(letGo, joints(false, false, true), true, true)).toBe(true);
  expect([...letGo]).toEqual([0, 1, 1]);
  expect(noticeLetGo(letGo, joints(true, true, true), true, false)).toBe(false);
  expect([...letGo]).toEqual([0, 0, 0]);
});

it('says in every cycle whether any joint is let go, and takes none back while the drives are energised', () => {
  assert(
    property(integer({ min: 0, max: 4 }), array(tuple(array(boolean(), { minLength: 4, maxLength: 4 }), boolean(), boolean())), (known, cycles) => {
      const letGo = new Uint8Array(4);
      for (const [disagree, due, energised] of cycles) {
        const before = [...letGo];
        const any = noticeLetGo(letGo, joints(...disagree.slice(0, known)), due, energised);
        expect(any).toBe(letGo.includes(1));
        expect([...letGo]).toEqual(before.map((was, j) => Number(energised && (was === 1 || (due && j < known && disagree[j] === true)))));
      }
    }),
  );
});

describe('a drive that lets go by itself in a stop', () => {
  const STOPS = true;
  const drives = (...states: readonly JointInputs['driveState'][]) => states.map((driveState) => ({ driveState, driveAgeUs: 1_000 }));

  it('is known at once when it says so, or its driver knows that its watchdog is over', () => {
    for (const state of ['disabled', 'fault'] as const) {
      const lost = new LostDrives([100_000, 100_000]);
      expect(lost.update(drives('enabled', 'enabled'), STOPS, 4_000)).toBe(false);
      expect(lost.update(drives('enabled', state), STOPS, 4_000)).toBe(true);
      expect(lost.update(drives(state, 'enabled'), STOPS, 4_000)).toBe(true);
    }
  });

  it('and is gone has let go when its own watchdog is over, counted anew whenever it is heard', () => {
    const lost = new LostDrives([20_000, 8_000]);
    expect(lost.update(drives('absent', 'enabled'), STOPS, 16_000)).toBe(false);
    expect(lost.update(drives('enabled', 'enabled'), STOPS, 4_000)).toBe(false);
    expect(lost.update(drives('absent', 'enabled'), STOPS, 16_000)).toBe(false);
    expect(lost.update(drives('absent', 'absent'), STOPS, 3_999)).toBe(false);
    expect(lost.update(drives('absent', 'absent'), STOPS, 1)).toBe(true);
    expect(lost.update(drives('enabled', 'absent'), STOPS, 4_000)).toBe(true);
    expect(lost.update(drives('enabled', 'enabled'), STOPS, 4_000)).toBe(false);
  });

  // A line that a fifth device takes: its drives are said to be enabled, as they were when last heard.
  it('and is not heard, whatever it said last, has let go when its own watchdog is over', () => {
    const lost = new LostDrives([100_000, 100_000]);
    const heardUs = (...agesUs: readonly number[]) => agesUs.map((driveAgeUs) => ({ driveState: 'enabled' as const, driveAgeUs }));
    expect(lost.update(heardUs(1_000, 99_999), STOPS, 4_000)).toBe(false);
    expect(lost.update(heardUs(1_000, 100_000), STOPS, 4_000)).toBe(true);
    expect(lost.update(heardUs(Number.NaN, 1_000), STOPS, 4_000)).toBe(true);
    expect(lost.update(heardUs(100_000, 1_000), !STOPS, 4_000)).toBe(false);
    expect(lost.update(heardUs(1_000, 1_000), STOPS, 4_000)).toBe(false);
  });

  it('is no news while nothing stops, though the time of a silence counts', () => {
    const lost = new LostDrives([20_000]);
    expect(lost.update(drives('disabled'), !STOPS, 4_000)).toBe(false);
    expect(lost.update(drives('absent'), !STOPS, 20_000)).toBe(false);
    expect(lost.update(drives('absent'), STOPS, 4_000)).toBe(true);
  });

  it('of which nobody knows after how long is lost as soon as it is not heard', () => {
    const lost = new LostDrives([]);
    expect(lost.update(drives('enabled'), STOPS, 4_000)).toBe(false);
    expect(lost.update(drives('absent'), STOPS, 4_000)).toBe(true);
  });
});
