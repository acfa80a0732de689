import { describe, expect, it } from 'vitest';
import { PathControlLaw } from '../../../../controller/therapy/laws/path-control.ts';
import { degToRad } from '../../../../protocols/units.ts';
import { CYCLES_PER_STRIDE, LawTestLeg, PERIOD_SEC } from './law-leg.ts';

/** A leg that walks for two strides, so many strides before the belt and so far beside the path. */
function walked(ahead: number, besideDeg: number, look: (leg: LawTestLeg) => void): void {
  const leg = new LawTestLeg();
  const law = new PathControlLaw();
  law.begin();
  for (let n = 0; n < 2 * CYCLES_PER_STRIDE; n++) {
    leg.goOn();
    leg.follow(ahead);
    leg.joints[0]!.measured.positionRad += degToRad(besideDeg);
    law.act(leg, { strength: 1, elapsedSec: PERIOD_SEC });
    if (n > CYCLES_PER_STRIDE) look(leg);
  }
}

describe('path control', () => {
  it.each([0, 0.04, -0.04])('leaves a leg alone that walks the path %f strides before the belt, but for a slight flow', (ahead) => {
    walked(ahead, 0, ({ joints }) => {
      for (const { lead } of joints) expect([lead.stiffnessShare, lead.dampingShare]).toEqual([0, expect.closeTo(0.2, 9)]);
    });
  });

  it('leaves it alone beside the path too, within the tunnel', () => {
    walked(0, 3, ({ joints }) => expect(joints[0]!.lead.stiffnessShare).toBe(0));
  });

  it('is a wall outside: a spring from the edge of the tunnel, back to it', () => {
    let most = 0;
    walked(0, 14, ({ joints: [hip] }) => {
      const { lead, measured } = hip!;
      most = Math.max(most, measured.positionRad - lead.positionRad);
      expect(lead.positionRad).toBeLessThanOrEqual(measured.positionRad);
      expect(lead.stiffnessShare).toBe(Number(lead.positionRad < measured.positionRad));
    });
    // 14° beside, 5° of tunnel; where the path bends away another place of it is nearer.
    expect(most).toBeGreaterThan(degToRad(8));
    expect(most).toBeLessThan(degToRad(9.5));
  });

  it('goes no further ahead or behind than its window: a leg that stands is pulled on', () => {
    const leg = new LawTestLeg();
    const law = new PathControlLaw();
    law.begin();
    leg.follow();
    let most = 0;
    for (let n = 0; n < CYCLES_PER_STRIDE; n++) {
      leg.goOn();
      law.act(leg, { strength: 1, elapsedSec: PERIOD_SEC });
      most = Math.max(most, ...leg.joints.map(({ lead, measured }) => lead.stiffnessShare * Math.abs(lead.positionRad - measured.positionRad)));
    }
    expect(most).toBeGreaterThan(degToRad(20));
  });

  it('is as firm as the therapist lets', () => {
    const leg = new LawTestLeg();
    leg.follow();
    leg.joints[0]!.measured.positionRad += degToRad(20);
    const law = new PathControlLaw();
    law.act(leg, { strength: 0.4, elapsedSec: PERIOD_SEC });
    expect(leg.joints[0]!.lead.stiffnessShare).toBeCloseTo(0.4, 9);
  });
});
