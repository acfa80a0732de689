import { describe, expect, it } from 'vitest';
import { personMoves } from '../../../controller/safety/person-moves.ts';
import { untrustedJoint, type TrustedJoint } from '../../../controller/safety/trusted-joint.ts';

const pushed = (side: -1 | 0 | 1) => ({ suspected: true, lasted: true, tooStrong: true, pushed: side });
const joint = (change: Partial<TrustedJoint> = {}): TrustedJoint => ({ ...untrustedJoint(), trusted: true, motorFresh: true, ...change });

describe('a joint is moved by a person', () => {
  it('only to the side where he pushes, and only when he is watched', () => {
    expect(([1, -1, 0] as const).map((side) => personMoves(pushed(side), joint(), false))).toEqual([1, -1, 0]);
    expect(personMoves(undefined, joint(), false)).toBe(0);
  });

  it.each(['torqueDoubted', 'stuck', 'disagrees', 'apart', 'encoderDoubted', 'encoderImplausible'] as const)('not when a sensor is in doubt: %s', (doubt) => {
    expect(personMoves(pushed(1), joint({ [doubt]: true }), false)).toBe(0);
  });

  it('not when what the sensors or the drive say is old', () => {
    expect(personMoves(pushed(1), joint(), true)).toBe(0);
    expect(personMoves(pushed(1), joint({ motorFresh: false }), false)).toBe(0);
  });

  it.each([1, -1] as const)('not when the drive itself pushes that way (%i) with more than 10 Nm, or with what is no number', (side) => {
    for (const [torqueNm, seen] of [[-50, side], [10, side], [10.01, 0], [50, 0], [Number.NaN, 0]] as const) expect(personMoves(pushed(side), joint({ torqueNm: side * torqueNm }), false)).toBe(seen);
  });
});
