import { expect, it } from 'vitest';
import { untrustedJoint } from '../../../controller/safety/trusted-joint.ts';

it('a joint of which nothing is known yet is neither believed nor accused, and no first reading looks like one that was seen before', () => {
  const { motorSequence, ...joint } = untrustedJoint();
  expect(motorSequence).toBeLessThan(0);
  expect(Object.values(joint).filter((value) => value !== 0 && value !== false)).toEqual([]);
});
