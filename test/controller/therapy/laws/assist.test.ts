/** Both laws that help as needed, and what has to hold for them (J.L. Emken 2008; E.T. Wolbrecht 2008). */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARM_TUNING } from '../../../../controller/therapy/arm-lane.ts';
import { AssistStiffnessLaw } from '../../../../controller/therapy/laws/assist-stiffness.ts';
import { AssistTorqueLaw } from '../../../../controller/therapy/laws/assist-torque.ts';
import { LEG_TUNING } from '../../../../controller/therapy/leg-lanes.ts';
import { GuidedLaw } from '../../../../controller/therapy/laws/guided.ts';
import { setLead, type LawLimb, type TrainingLaw } from '../../../../controller/therapy/laws/law.ts';
import { degToRad } from '../../../../protocols/units.ts';
import { CYCLES_PER_STRIDE, LawTestLeg, leadTorqueNm, PERIOD_SEC } from './law-leg.ts';

interface Walk {
  readonly law: TrainingLaw;
  readonly leg: LawTestLeg;
  /** Goes on for a stride; the leg is so far behind the pattern. */
  stride(behindRad: (joint: number) => number, look?: () => void): void;
}

function walk(law: TrainingLaw, strength = 1): Walk {
  const leg = new LawTestLeg();
  law.begin();
  const stride = (behindRad: (joint: number) => number, look = () => {}): void => {
    for (let n = 0; n < CYCLES_PER_STRIDE; n++) {
      leg.goOn();
      leg.follow();
      leg.joints.forEach(({ measured }, j) => (measured.positionRad -= behindRad(j)));
      law.act(leg, { strength, elapsedSec: PERIOD_SEC });
      look();
    }
  };
  return { law, leg, stride };
}

const { stiffnessForgettingCycles: STIFFNESS_STRIDES, torqueForgettingCycles: TORQUE_STRIDES, learnedNmPerRad } = LEG_TUNING;
const byStiffness = (): TrainingLaw => new AssistStiffnessLaw(STIFFNESS_STRIDES);
const byTorque = (): TrainingLaw => new AssistTorqueLaw(TORQUE_STRIDES, learnedNmPerRad);
const nothing = (): number => 0;
/** What the movement below needs, always. */
class WholeTorque implements TrainingLaw {
  readonly led = 0;
  readonly free = 0;
  begin(): void {}
  act({ joints: [hip] }: LawLimb): void {
    setLead(hip!.lead, 0, 0, 0, 0, 0, 15);
  }
}

const laws: [string, () => TrainingLaw, number, () => TrainingLaw][] = [
  ['by stiffness', byStiffness, STIFFNESS_STRIDES, () => new GuidedLaw()],
  ['by torque', byTorque, TORQUE_STRIDES, () => new WholeTorque()],
];
const help = ({ leg }: Walk): number => leg.joints[0]!.lead.stiffnessShare + Math.abs(leg.joints[0]!.lead.torqueNm);

it('a leg that is helped by stiffness is led as far as its spring is firm, and no further than the therapist lets', () => {
  const led = walk(byStiffness(), 0.4);
  led.stride(() => degToRad(20));
  expect(led.law.led).toBeCloseTo(0.4, 2);
  for (let n = 0; n < STIFFNESS_STRIDES; n++) led.stride(nothing);
  expect(led.law.led).toBeCloseTo(0.4 / Math.E, 1);
});

it('of an arm falls in its own number of repetitions', () => {
  const { stiffnessForgettingCycles, torqueForgettingCycles, learnedNmPerRad: ofArm } = ARM_TUNING;
  const [stiff, torque] = [walk(new AssistStiffnessLaw(stiffnessForgettingCycles)), walk(new AssistTorqueLaw(torqueForgettingCycles, ofArm))];
  for (const [walked, cycles, quantity] of [[stiff, stiffnessForgettingCycles, 'stiffnessShare'], [torque, torqueForgettingCycles, 'torqueNm']] as const) {
    for (let n = 0; n < 12; n++) walked.stride(() => degToRad(3.5));
    const before = walked.leg.joints[0]!.lead[quantity];
    for (let n = 0; n < cycles; n++) walked.stride(nothing);
    expect(walked.leg.joints[0]!.lead[quantity] / before).toBeCloseTo(1 / Math.E, 1);
  }
});

describe.each(laws)('help as needed %s', (name, create, forgettingStrides, forgetsNothing) => {
  it('falls by a factor e in the stated number of strides when there is no error', () => {
    const walked = walk(create());
    for (let n = 0; n < 20; n++) walked.stride(() => degToRad(20));
    const spring = name === 'by torque' ? walked.leg.joints[0]!.lead.stiffnessShare : 0;
    const before = help(walked) - spring;
    for (let n = 0; n < 2 * forgettingStrides; n++) walked.stride(nothing);
    // The first stride without error begins where the help was whole.
    expect((help(walked) - spring) / before).toBeCloseTo(Math.exp(-2), 2);
  });

  it('falls so from wherever a patient has brought it', () => {
    const offRad = fc.double({ min: -0.6, max: 0.6, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(offRad, offRad), { minLength: 1, maxLength: 4 }), (errors) => {
        const walked = walk(create());
        for (const [hip, knee] of errors) walked.stride((j) => (j === 0 ? hip : knee));
        const own = ({ lead }: (typeof walked.leg.joints)[number]): number => (name === 'by torque' ? lead.torqueNm : lead.stiffnessShare);
        walked.stride(nothing);
        const before = walked.leg.joints.map(own);
        for (let n = 0; n < forgettingStrides; n++) walked.stride(nothing);
        // By steps, and between them a straight line: a hundredth more than the exponential.
        walked.leg.joints.forEach((joint, j) => expect(Math.abs(own(joint) - before[j]! / Math.E)).toBeLessThanOrEqual(0.02 * Math.abs(before[j]!)));
      }),
      { numRuns: 8 },
    );
  });

  it('comes where it is needed, and in the direction that it is needed in', () => {
    const walked = walk(create());
    for (let n = 0; n < 30; n++) walked.stride((j) => (j === 0 ? degToRad(8) : 0));
    const [hip, knee] = walked.leg.joints;
    expect(leadTorqueNm(hip!)).toBeGreaterThan(5);
    expect(Math.abs(leadTorqueNm(knee!))).toBeLessThan(1);
  });

  it('never is more than the therapist lets, whatever the leg does', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.array(fc.double({ min: -1.5, max: 1.5, noNaN: true }), { minLength: 1, maxLength: 6 }), (strength, behind) => {
        const walked = walk(create(), strength);
        // Beyond what it may be.
        let [mostShare, mostNm] = [-Infinity, -Infinity];
        for (const rad of behind)
          walked.stride(
            () => rad,
            () => {
              for (const { lead, profile } of walked.leg.joints) {
                mostShare = Math.max(mostShare, lead.stiffnessShare - strength);
                mostNm = Math.max(mostNm, Math.abs(lead.torqueNm) - strength * 0.6 * profile.interactionLimitNm);
              }
            },
          );
        expect(mostShare).toBeLessThanOrEqual(1e-12);
        expect(mostNm).toBeLessThanOrEqual(1e-9);
      }),
      { numRuns: 12 },
    );
  });

  /**
   * A movement that needs 15 Nm at the hip, of which the patient gives a part and the robot another; by the rest the leg lags.
   * @param own what he gives next, from what he gave and how far his leg lagged
   * @returns what he gives in the end, and how far his leg lags
   */
  function trained(law: TrainingLaw, own: (ownNm: number, lagRad: number) => number): { ownNm: number; lagRad: number } {
    const walked = walk(law);
    let [ownNm, lagRad] = [15, 0];
    for (let n = 0; n < 120; n++) {
      let robotNm = 0;
      walked.stride((j) => (j === 0 ? lagRad : 0), () => (robotNm += leadTorqueNm(walked.leg.joints[0]!) / CYCLES_PER_STRIDE));
      lagRad += 0.1 * ((15 - ownNm - robotNm) / 60 - lagRad / 10);
      ownNm = own(ownNm, lagRad);
    }
    return { ownNm, lagRad };
  }

  it('keeps the error of a weak patient small', () => {
    expect(Math.abs(trained(create(), () => 5).lagRad)).toBeLessThan(degToRad(8));
  });

  it('leaves more to a patient who slacks than help that forgets nothing', () => {
    // He gives a little less each time, and more when he sees his leg lag (D.J. Reinkensmeyer, J.L. Emken, S.C. Cramer 2004).
    const slacks = (ownNm: number, lagRad: number): number => Math.min(15, 0.93 * ownNm + 15 * Math.max(0, lagRad));
    expect(trained(create(), slacks).ownNm).toBeGreaterThan(1.3 * trained(forgetsNothing(), slacks).ownNm);
  });
});
