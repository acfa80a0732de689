import { array, assert, boolean, integer, property, tuple } from 'fast-check';
import { expect, it } from 'vitest';
import { noticeLetGo } from '../../../controller/safety/let-go.ts';
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
