/** Laws that remember nothing but the last moment. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inertiaTorques, noLegMotion, noLegTorques } from '../../../../controller/estimation/leg-dynamics.ts';
import { GuidedLaw } from '../../../../controller/therapy/laws/guided.ts';
import { ResistLaw } from '../../../../controller/therapy/laws/resist.ts';
import { TransparentLaw } from '../../../../controller/therapy/laws/transparent.ts';
import { deviceOfLeg, inertiaOfLeg, LawTestLeg, leadTorqueNm, PERIOD_SEC } from './law-leg.ts';

describe('guidance', () => {
  it('is a share of the whole impedance, and carries the limb as far', () => {
    const leg = new LawTestLeg();
    const law = new GuidedLaw();
    law.act(leg, { strength: 0.7, elapsedSec: PERIOD_SEC });
    for (const { lead, plan } of leg.joints) expect(lead).toEqual({ positionRad: plan.positionRad, velocityRadPerSec: plan.velocityRadPerSec, stiffnessShare: 0.7, dampingShare: 0.7, carriedShare: 0.7, torqueNm: 0 });
    expect(law.led).toBe(0.7);
  });
});

describe('resistance', () => {
  it('takes power from whoever moves away from rest, the more the stronger it is', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 5, noNaN: true }), (strength, awayRad, radPerSec) => {
        const leg = new LawTestLeg();
        const [hip] = leg.joints;
        hip!.measured.positionRad = hip!.restRad + awayRad;
        hip!.measured.velocityRadPerSec = radPerSec;
        const law = new ResistLaw(1);
        law.act(leg, { strength, elapsedSec: PERIOD_SEC });
        const { stiffnessNmPerRad, dampingNmsPerRad } = hip!.profile;
        expect(leadTorqueNm(hip!)).toBeCloseTo(-strength * (0.03 * stiffnessNmPerRad * awayRad + dampingNmsPerRad * radPerSec), 9);
      }),
    );
  });
});

describe('transparency', () => {
  it('gives four fifths of what the orthosis alone needs for the motion that is seen', () => {
    const leg = new LawTestLeg();
    const law = new TransparentLaw(inertiaOfLeg, 2, 0.8);
    law.begin();
    const [hip, knee] = leg.joints;
    const accelerationRadPerSec2 = 5;
    for (let n = 0; n < 100; n++) {
      hip!.measured.velocityRadPerSec = n * PERIOD_SEC * accelerationRadPerSec2;
      law.act(leg, { strength: 1, elapsedSec: PERIOD_SEC });
    }
    const [motion, torques] = [{ ...noLegMotion(), hipRadPerSec: hip!.measured.velocityRadPerSec, hipRadPerSec2: accelerationRadPerSec2 }, noLegTorques()];
    inertiaTorques(deviceOfLeg, motion, torques);
    expect(hip!.lead.torqueNm).toBeCloseTo(0.8 * (torques.hipNm + hip!.profile.rotorInertiaKgM2 * accelerationRadPerSec2), 2);
    expect(knee!.lead.torqueNm).toBeCloseTo(0.8 * torques.kneeNm, 2);
    expect([hip!.lead.stiffnessShare, hip!.lead.dampingShare, hip!.lead.carriedShare]).toEqual([0, 0, 0]);
  });

  it('takes a speed that leaps, or is no number, for no great acceleration', () => {
    const leg = new LawTestLeg();
    const law = new TransparentLaw(inertiaOfLeg, 2, 0.8);
    for (const radPerSec of [0, 100, Number.NaN, 0, 1e9, 0]) {
      leg.joints[0]!.measured.velocityRadPerSec = radPerSec;
      law.act(leg, { strength: 1, elapsedSec: PERIOD_SEC });
    }
    law.begin();
    for (let n = 0; n < 3; n++) law.act(leg, { strength: 1, elapsedSec: PERIOD_SEC });
    expect(Math.abs(leg.joints[0]!.lead.torqueNm)).toBeLessThan(1e-9);
  });
});
