import { describe, expect, it } from 'vitest';
import { driveTorqueNm, Envelope, type Measured } from '../../../controller/safety/envelope.ts';
import { emptyJointCommand } from '../../../protocols/joints.ts';
import { degToRad } from '../../../protocols/units.ts';
import { limits, PERIOD_US } from './fixtures.ts';

const [hip] = limits;
/** Of a limb so light that next to nothing may speed it up toward an edge, however far away that is. */
const light = { ...hip!, edge: { ...hip!.edge, marginNmsPerRad: 0.1 } };
const { permitted, edge, torqueNm } = light;
const BEYOND_RAD = degToRad(3);
const heldNm = edge.stiffnessNmPerRad * BEYOND_RAD;

/** What the drive gives at rest, once all ramps are over. */
function settledNm(positionRad: number, wantedNm: number): number {
  const envelope = new Envelope([light], PERIOD_US / 1e6);
  const is: Measured = { positionRad, velocityRadPerSec: 0, trusted: true };
  for (let i = 0; i < 250; i++) envelope.apply({ joints: [{ ...emptyJointCommand(), positionRad, torqueNm: wantedNm }] }, [is], true);
  return driveTorqueNm(envelope.permitted.joints[0]!, is);
}

describe('a light limb beyond one edge of its range', () => {
  it.each([-torqueNm, 0, torqueNm])('is held off the upper stop by all that the wall asks for, not by what the other edge lets through (%d Nm wanted)', (wantedNm) => {
    expect(settledNm(permitted.max + BEYOND_RAD, wantedNm)).toBeCloseTo(-heldNm, 6);
  });

  it.each([-torqueNm, 0, torqueNm])('and off the lower one (%d Nm wanted)', (wantedNm) => {
    expect(settledNm(permitted.min - BEYOND_RAD, wantedNm)).toBeCloseTo(heldNm, 6);
  });

  it('is sped up by next to nothing between them, either way', () => {
    const middleRad = (permitted.min + permitted.max) / 2;
    const mostNm = edge.marginNmsPerRad * edge.speedRadPerSec;
    for (const wantedNm of [-torqueNm, torqueNm]) expect(settledNm(middleRad, wantedNm)).toBeCloseTo(Math.sign(wantedNm) * mostNm, 6);
  });
});
