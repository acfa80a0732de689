/**
 * The limb keeps its own timing in a tunnel around the path of its joints: inside it moves freely, helped along by a slight
 * flow; the wall is a spring that begins at its edge. Only the window moves with the belt, or with the hand's pace (after A. Duschau-Wicke,
 * J. von Zitzewitz, A. Caprez, L. Lünenburger, R. Riener, Path control: a method for patient-cooperative robot-aided gait
 * rehabilitation, IEEE TNSRE 18, 2010).
 */
import { clamp } from '../../../protocols/math.ts';
import { degToRad } from '../../../protocols/units.ts';
import type { GaitPlace, ReferencePoint } from '../gait-reference.ts';
import { setLead, type LawJoint, type LawLimb, type LawMoment, type TrainingLaw } from './law.ts';

/** Own values. */
const TUNNEL_RAD = degToRad(5);
/** Depth in the wall at which the damping is whole. */
const WALL_RAD = degToRad(2);
/** Of the stride or the repetition, before and behind its clock. */
const WINDOW = 0.06;
const PLACES = 4;
const FLOW_SHARE = 0.2;
/** The nearest place of the path may leap where the path comes back to itself. */
const FOLLOW_SEC = 0.05;

export class PathControlLaw implements TrainingLaw {
  /** Within the tunnel. */
  readonly free = 0.5;
  readonly led = 0;
  readonly #point: ReferencePoint = { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 };
  readonly #place: GaitPlace = { phase: 0, cyclesPerSec: 0, cyclesPerSec2: 0 };
  /** Of the limb before the clock, in strides. */
  #ahead = 0;

  begin(): void {
    this.#ahead = 0;
  }

  act({ joints, place }: LawLimb, { strength, elapsedSec }: LawMoment): void {
    this.#ahead += (this.#nearest(joints, place) - this.#ahead) * Math.min(1, elapsedSec / FOLLOW_SEC);
    for (const joint of joints) {
      this.#look(joint, place, this.#ahead);
      const { positionRad, velocityRadPerSec } = this.#point;
      const is = joint.measured.positionRad;
      const edgeRad = clamp(is, positionRad - TUNNEL_RAD, positionRad + TUNNEL_RAD);
      const wall = clamp(Math.abs(is - edgeRad) / WALL_RAD, 0, 1);
      setLead(joint.lead, edgeRad, velocityRadPerSec, strength * Number(edgeRad !== is), strength * (FLOW_SHARE + (1 - FLOW_SHARE) * wall), 0, 0);
    }
  }

  /** @returns how far before the clock the place of the path is that is nearest to the limb, in strides */
  #nearest(joints: readonly LawJoint[], place: GaitPlace): number {
    let nearest = 0;
    let least = Infinity;
    for (let i = -PLACES; i <= PLACES; i++) {
      const ahead = (i * WINDOW) / PLACES;
      let distance = 0;
      for (const joint of joints) {
        this.#look(joint, place, ahead);
        distance += (joint.measured.positionRad - this.#point.positionRad) ** 2;
      }
      if (distance >= least) continue;
      least = distance;
      nearest = ahead;
    }
    return nearest;
  }

  #look(joint: LawJoint, { phase, cyclesPerSec }: GaitPlace, ahead: number): void {
    this.#place.phase = phase + ahead;
    this.#place.cyclesPerSec = cyclesPerSec;
    joint.at(this.#place, this.#point);
  }
}
