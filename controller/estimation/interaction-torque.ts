/**
 * What the person adds to the joints of a leg: the torque that orthosis and relaxed limb need for the motion that is seen,
 * compared with the joint torque sensors. Found by a momentum observer, which needs no acceleration (A. De Luca, A.
 * Albu-Schäffer, S. Haddadin, G. Hirzinger, Collision detection and safe control with the DLR-III lightweight arm, IROS
 * 2006). The sensors sit between gear and segment, so the drives' friction and rotors do not enter.
 */
import { cos, sin } from '../../protocols/math.ts';
import type { JointKind, RobotProfile } from '../../protocols/profile.ts';
import { sides, type SessionSetup } from '../../protocols/supervision.ts';
import { US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { createLegModel, type LegModel } from './leg-dynamics.ts';

/** Own value: faster follows the noise of the drives' speeds (0.2 Nm at the hip), slower gives time away. */
const OBSERVER_PER_SEC = 100;
/**
 * Own values. When computer, adapter or wire has held readings up, they come late and then together: the time between their
 * arrivals is then not the one in which the joint moved, and what is found by it would be a push that nobody gave. A drive
 * that is asked in every cycle measures when it is asked, so its readings are counted, and dated by the cycle whose question
 * they answer. One that speaks unasked is dated by arrival: out of rhythm, the estimate stays as it was until the rhythm is
 * back, but not for more readings than these.
 */
const GAP_US = 10 * US_PER_MS; // OBSERVER_PER_SEC times the gap is at most 1
const CYCLES_KEPT = 16;
/** After a gap nobody knows how old its first reading is, nor which questions the next ones answer. */
const UNSETTLED_READINGS = 3;
/** An answer that lags for so many cycles lags no more: one before it was lost. */
const LOST_CYCLES = 8;
/** Of one answer per cycle. */
const ASKED_RATE = 0.9;
const [LEAST_OF_USUAL, MOST_OF_USUAL] = [0.5, 1.5];
const MOST_HELD = 5;
const USUAL_SHARE = 0.02;

export interface SensedJoint {
  /** Motor side. */
  readonly positionRad: number;
  readonly velocityRadPerSec: number;
  /** When they were heard, and how many readings there were by then. */
  readonly motorAtUs: number;
  readonly motorSequence: number;
  /** Between gear and segment. */
  readonly jointTorqueNm: number;
}

/** One momentum: how it was at the last readings, what the known torques did to it then, and what is unknown. */
interface Momentum {
  nms: number;
  knownNm: number;
  unknownNm: number;
}

interface LegObserver {
  readonly hip: number;
  readonly knee: number;
  /** −1: no drive moves it. */
  readonly ankle: number;
  readonly thigh: Momentum;
  readonly shank: Momentum;
  readonly foot: Momentum;
  /** Of the readings, loop time. */
  atUs: number;
  sequence: number;
  /** Time from one reading to the next. */
  usualUs: number;
  held: number;
  /** Readings per cycle. */
  rate: number;
  /** The cycle whose question the newest reading answers, when that was, whether it was counted, and for how many cycles answers have lagged. */
  asked: number;
  askedUs: number;
  counted: boolean;
  lagging: number;
  /** How many readings its joints have more than the one with the fewest, and for how many cycles it has been another number. */
  ahead: number;
  mixedFor: number;
  /** Readings that are still to come before their times are known again. */
  unsettled: number;
  readonly joints: number;
}

const unknownMomentum = (): Momentum => ({ nms: Number.NaN, knownNm: Number.NaN, unknownNm: 0 });

/**
 * The torque that is missing between two momenta, smoothed.
 * @param seconds since the last readings; NaN: not known
 */
function follow(momentum: Momentum, nms: number, knownNm: number, seconds: number): void {
  const missingNm = (nms - momentum.nms) / seconds - (knownNm + momentum.knownNm) / 2;
  if (!Number.isFinite(momentum.nms + momentum.knownNm)) momentum.unknownNm = Number.isFinite(nms + knownNm) ? 0 : Number.NaN;
  else if (!Number.isNaN(seconds)) momentum.unknownNm += OBSERVER_PER_SEC * seconds * (missingNm - momentum.unknownNm);
  momentum.nms = nms;
  momentum.knownNm = knownNm;
}

/** Are these readings as far from the last ones as readings usually are? */
function inRhythm(leg: LegObserver, elapsedUs: number, sequence: number): boolean {
  const eachUs = elapsedUs / (sequence - leg.sequence);
  leg.sequence = sequence;
  if (!(eachUs > 0 && eachUs < Infinity)) return false;
  const usualUs = Number.isNaN(leg.usualUs) ? eachUs : leg.usualUs;
  leg.usualUs = usualUs + USUAL_SHARE * (eachUs - usualUs);
  const regular = elapsedUs <= GAP_US && eachUs >= LEAST_OF_USUAL * usualUs && eachUs <= MOST_OF_USUAL * usualUs;
  leg.held = regular ? 0 : leg.held + 1;
  return regular || (leg.held > MOST_HELD && elapsedUs <= GAP_US);
}

/** Stands for the ankle of a foot that is fixed to its shank: it never moves, and its readings are always there. */
const FIXED: SensedJoint = { positionRad: 0, velocityRadPerSec: 0, motorAtUs: Infinity, motorSequence: Infinity, jointTorqueNm: 0 };

export class InteractionTorque {
  /** Per joint in the profile's order, Nm, flexion positive: what muscles, tissue and others add. NaN: unknown. */
  readonly torqueNm: Float64Array;
  /** Per joint: 1 when this cycle brought a new estimate. */
  readonly isNew: Uint8Array;
  readonly #model: LegModel;
  /** When the last cycles were, and how many there have been. */
  readonly #cyclesUs = new Float64Array(CYCLES_KEPT);
  #cycle = 0;
  readonly #legs: readonly LegObserver[];

  constructor(profile: RobotProfile, setup: SessionSetup | null) {
    this.#model = createLegModel(profile, setup, setup?.heightM);
    this.torqueNm = new Float64Array(profile.joints.length);
    this.isNew = new Uint8Array(profile.joints.length);
    this.#legs = sides.map((side) => {
      const place = (kind: JointKind): number => profile.joints.findIndex((joint) => joint.side === side && joint.kind === kind);
      const ankle = place('ankle');
      return { hip: place('hip'), knee: place('knee'), ankle, joints: ankle < 0 ? 2 : 3, ahead: 0, mixedFor: 0, unsettled: 0, thigh: unknownMomentum(), shank: unknownMomentum(), foot: unknownMomentum(), atUs: Number.NEGATIVE_INFINITY, sequence: 0, usualUs: Number.NaN, held: 0, rate: 0, asked: 0, askedUs: Number.NEGATIVE_INFINITY, counted: false, lagging: 0 };
    });
  }

  /** Once per cycle. */
  update(joints: readonly SensedJoint[], nowUs: number): void {
    this.isNew.fill(0);
    this.#cyclesUs[++this.#cycle % CYCLES_KEPT] = nowUs;
    for (const leg of this.#legs) {
      const hip = joints[leg.hip];
      const knee = joints[leg.knee];
      // A foot that no drive moves is part of the shank.
      if (hip !== undefined && knee !== undefined) this.#observe(leg, hip, knee, leg.ankle < 0 ? FIXED : joints[leg.ankle]);
    }
  }

  /**
   * One joint's new reading beside another's old one is no momentum: the old one's answer is waited for.
   * @param ahead how many readings more than the fewest the leg's joints have together; another one stays when one was lost
   */
  #mixed(leg: LegObserver, ahead: number): boolean {
    leg.mixedFor = ahead === leg.ahead || leg.rate < ASKED_RATE ? 0 : leg.mixedFor + 1;
    if (leg.mixedFor > 0 && leg.mixedFor < LOST_CYCLES) return true;
    leg.ahead = ahead;
    leg.mixedFor = 0;
    return false;
  }

  /** @returns from the cycle in which the drives were asked for the readings before to the one for these; 0: not known */
  #betweenUs(leg: LegObserver, readings: number): number {
    const newest = this.#cycle - 1;
    const asked = leg.asked + readings;
    const counted = leg.rate >= ASKED_RATE && asked <= newest && newest - asked < CYCLES_KEPT;
    leg.lagging = counted && asked < newest ? leg.lagging + 1 : 0;
    const known = counted && leg.lagging < LOST_CYCLES;
    const both = known && leg.counted;
    leg.counted = known;
    leg.asked = known ? asked : newest;
    const beforeUs = leg.askedUs;
    leg.askedUs = this.#cyclesUs[leg.asked % CYCLES_KEPT] ?? Number.NaN;
    const betweenUs = leg.askedUs - beforeUs;
    return both && betweenUs <= GAP_US ? betweenUs : 0;
  }

  #observe(leg: LegObserver, hip: SensedJoint, knee: SensedJoint, ankle: SensedJoint = FIXED): void {
    // All joints of a leg are needed for one momentum.
    const atUs = Math.min(hip.motorAtUs, knee.motorAtUs, ankle.motorAtUs);
    const sequence = Math.min(hip.motorSequence, knee.motorSequence, ankle.motorSequence);
    const elapsedUs = atUs - leg.atUs;
    leg.rate += ((elapsedUs > 0 ? sequence - leg.sequence : 0) - leg.rate) * USUAL_SHARE;
    if (elapsedUs <= 0 || sequence === leg.sequence || this.#mixed(leg, hip.motorSequence + knee.motorSequence + (leg.ankle < 0 ? 0 : ankle.motorSequence) - leg.joints * sequence)) return;
    leg.atUs = atUs;
    const betweenUs = this.#betweenUs(leg, sequence - leg.sequence);
    const regular = inRhythm(leg, elapsedUs, sequence);
    // Before the very first reading there was no gap.
    leg.unsettled = elapsedUs > GAP_US && elapsedUs < Infinity ? UNSETTLED_READINGS : Math.max(0, leg.unsettled - 1);
    const seconds = leg.unsettled > 0 ? Number.NaN : betweenUs > 0 ? betweenUs / US_PER_S : regular ? elapsedUs / US_PER_S : Number.NaN;
    const model = this.#model;
    const shankRad = hip.positionRad - knee.positionRad;
    const footRad = shankRad + ankle.positionRad;
    const thighSpeed = hip.velocityRadPerSec;
    const shankSpeed = hip.velocityRadPerSec - knee.velocityRadPerSec;
    const footSpeed = shankSpeed + ankle.velocityRadPerSec;
    const thighFootRad = hip.positionRad - footRad;
    const shankFootRad = shankRad - footRad;
    const h12 = model.couplingKgM2 * cos(knee.positionRad);
    const h13 = model.thighFootKgM2 * cos(thighFootRad) + model.thighFootAcrossKgM2 * sin(thighFootRad);
    const h23 = model.shankFootKgM2 * cos(shankFootRad) + model.shankFootAcrossKgM2 * sin(shankFootRad);
    const x12 = model.couplingKgM2 * sin(knee.positionRad) * thighSpeed * shankSpeed;
    const x13 = (model.thighFootKgM2 * sin(thighFootRad) - model.thighFootAcrossKgM2 * cos(thighFootRad)) * thighSpeed * footSpeed;
    const x23 = (model.shankFootKgM2 * sin(shankFootRad) - model.shankFootAcrossKgM2 * cos(shankFootRad)) * shankSpeed * footSpeed;
    const thighNms = model.thighInertiaKgM2 * thighSpeed + h12 * shankSpeed + h13 * footSpeed;
    const shankNms = model.shankInertiaKgM2 * shankSpeed + h12 * thighSpeed + h23 * footSpeed;
    const footNms = model.footInertiaKgM2 * footSpeed + h13 * thighSpeed + h23 * shankSpeed;
    follow(leg.thigh, thighNms, hip.jointTorqueNm + knee.jointTorqueNm - x12 - x13 - model.thighGravityNm * sin(hip.positionRad), seconds);
    follow(leg.shank, shankNms, -knee.jointTorqueNm - ankle.jointTorqueNm + x12 - x23 - model.shankGravityNm * sin(shankRad), seconds);
    follow(leg.foot, footNms, ankle.jointTorqueNm + x13 + x23 - model.footGravityNm * sin(footRad) - model.footForwardNm * cos(footRad), seconds);
    const isNew = Number.isNaN(seconds) ? 0 : 1;
    this.torqueNm[leg.hip] = leg.thigh.unknownNm + (leg.shank.unknownNm + leg.foot.unknownNm);
    this.torqueNm[leg.knee] = -(leg.shank.unknownNm + leg.foot.unknownNm);
    this.isNew[leg.hip] = this.isNew[leg.knee] = isNew;
    if (leg.ankle < 0) return;
    this.torqueNm[leg.ankle] = leg.foot.unknownNm;
    this.isNew[leg.ankle] = isNew;
  }
}
