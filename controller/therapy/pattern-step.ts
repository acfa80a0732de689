/**
 * How long a step the pattern makes on a belt: as far as a foot goes back under its hip from its heel strike to the other's. Feet
 * that stand on a belt go with it, so it is this length, not the usual one of a speed, that says how fast the legs step.
 */
import { emptyLegPoints, legPoints, type LegGeometry } from '../../protocols/kinematics.ts';
import type { RangeRad, GaitProfile } from '../../protocols/profile.ts';
import { evaluateReference, type CurveShape, type GaitPlace, type ReferencePoint } from './gait-reference.ts';

/** One joint's part of the pattern. */
interface PatternCurve {
  readonly shape: CurveShape;
  readonly bounds: RangeRad;
}

interface PatternLeg {
  readonly hip: PatternCurve;
  readonly knee: PatternCurve;
}

const HEEL_STRIKE: GaitPlace = { phase: 0, cyclesPerSec: 0 };
const OTHER_HEEL_STRIKE: GaitPlace = { phase: 0.5, cyclesPerSec: 0 };

export class PatternStep {
  readonly #leg: LegGeometry;
  readonly #hip: ReferencePoint = { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 };
  readonly #knee: ReferencePoint = { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 };
  readonly #points = emptyLegPoints();

  constructor({ geometry }: GaitProfile, heightM: number) {
    this.#leg = { thighM: geometry.thighFraction * heightM, shankM: geometry.shankFraction * heightM };
  }

  /** Of these legs. */
  meanM(legs: readonly PatternLeg[]): number {
    let sumM = 0;
    for (const leg of legs) sumM += this.#ankleM(leg, HEEL_STRIKE) - this.#ankleM(leg, OTHER_HEEL_STRIKE);
    return sumM / legs.length;
  }

  #ankleM({ hip, knee }: PatternLeg, place: GaitPlace): number {
    evaluateReference('hip', place, hip.shape, hip.bounds, this.#hip);
    evaluateReference('knee', place, knee.shape, knee.bounds, this.#knee);
    return legPoints(this.#leg, this.#hip.positionRad, this.#knee.positionRad, this.#points).ankleXM;
  }
}
