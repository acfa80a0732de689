/** How a robot follows its pattern. */
import { expect } from 'vitest';
import { radToDeg } from '../../../../protocols/units.ts';
import type { Rig } from '../robot-step-rig.ts';

/** Range of each joint's angle while it goes on for so long, and how far from the reference it was. */
export function measureTracking(rig: Rig, seconds: number): { rangeDeg: number[]; rmsDeg: number[] } {
  const seen = rig.joints.map(() => ({ least: Infinity, most: -Infinity, square: 0 }));
  let cycles = 0;
  rig.run(seconds, (output) => {
    cycles++;
    rig.joints.forEach(({ positionRad }, j) => {
      const joint = seen[j]!;
      joint.least = Math.min(joint.least, positionRad);
      joint.most = Math.max(joint.most, positionRad);
      joint.square += (output.joints[j]!.referencePositionRad - positionRad) ** 2;
    });
  });
  expect(rig.output).toMatchObject({ state: 'running', cause: 'none' });
  return { rangeDeg: seen.map(({ least, most }) => radToDeg(most - least)), rmsDeg: seen.map(({ square }) => radToDeg(Math.sqrt(square / cycles))) };
}
