/**
 * Where in his own stride a person is whom the robot does not lead: an adaptive oscillator on the angle between his thighs, which
 * is greatest about when a heel strikes. Its phase is that of the pattern which has the same first harmonic.
 */
import { AdaptiveOscillator } from '../estimation/adaptive-oscillator.ts';
import { emptyLegPoints, legPoints, type LegGeometry } from '../../protocols/kinematics.ts';
import { atan, clamp } from '../../protocols/math.ts';
import type { Side } from '../../protocols/supervision.ts';
import { degToRad } from '../../protocols/units.ts';
import type { OwnStride } from './gait-clock.ts';
import { fourierDeg } from './gait-reference-data.ts';
import type { MeasuredJoint } from './therapy.ts';

/**
 * Own values. Strides of 0.7 to 10 s. Legs that do the same in turn have no even harmonics between them; with these, half of the
 * frequency would fit as well as the frequency. Relative to a smaller amplitude nothing is learned faster.
 */
const SHAPE = { harmonics: [1, 3], leastHz: 0.1, mostHz: 1.5, leastAmplitude: 0.3 };
/** With which a walk begins. */
const BEGINS_HZ = 0.5;
const BEGINS_RAD = degToRad(3);
/** Between the thighs, a way to and fro that is shorter than this is no walk; forgotten in so long. */
const LEAST_WALK_RAD = degToRad(12);
const FORGET_SEC = 3;
/** And a slower one is none at all. */
const STILL_RAD_PER_SEC = 0.15;
/** What was learned lasts longer than the movement: he walks while the thighs move with this share of its speed. */
const MOVING_SHARE = 0.4;
const MOVING_SEC = 0.4;
/** How fast the clock comes to his phase, per second; it never goes back. */
const PULL_PER_SEC = 2;
/** Half free, in the tunnel of the path, the robot's clock still leads. */
const LED_FREE = 0.5;
const TWO_PI = 2 * Math.PI;
/** Phase of the first harmonic, A·sin(2π·phase + lead), of the pattern's angle between the thighs. */
const LEAD_RAD = Math.PI / 2 - atan((fourierDeg.hip.sinDeg[0] ?? 0) / (fourierDeg.hip.cosDeg[0] ?? 1));

interface OwnLeg {
  readonly hip: { readonly measured: MeasuredJoint };
  readonly knee: { readonly measured: MeasuredJoint };
}

export class OwnGait implements OwnStride {
  /** How far the stride is his own, 0: the robot's … 1. */
  share = 0;
  /** He walks, with whatever the robot does. */
  walks = false;
  readonly #oscillator = new AdaptiveOscillator(SHAPE);
  readonly #points = emptyLegPoints();
  #squareSpeed = 0;
  #highestRad = 0;
  #lowestRad = 0;

  constructor(
    private readonly geometry: LegGeometry,
    private readonly legs: Readonly<Record<Side, OwnLeg>>,
  ) {}

  /** Once per cycle. @param free how far his legs move as they like, 0 … 1 */
  look(elapsedSec: number, free: number): void {
    this.share = clamp((free - LED_FREE) / (1 - LED_FREE), 0, 1);
    const left = this.legs.left.hip.measured;
    const right = this.legs.right.hip.measured;
    this.#notice(left.positionRad - right.positionRad, left.velocityRadPerSec - right.velocityRadPerSec, elapsedSec);
  }

  #notice(apartRad: number, speed: number, elapsedSec: number): void {
    if (!Number.isFinite(apartRad + speed)) return;
    this.#squareSpeed += (speed * speed - this.#squareSpeed) * Math.min(1, elapsedSec / MOVING_SEC);
    const forgotten = Math.min(1, elapsedSec / FORGET_SEC);
    this.#highestRad = Math.max(apartRad, this.#highestRad + (apartRad - this.#highestRad) * forgotten);
    this.#lowestRad = Math.min(apartRad, this.#lowestRad + (apartRad - this.#lowestRad) * forgotten);
    const still = this.#squareSpeed < STILL_RAD_PER_SEC * STILL_RAD_PER_SEC;
    if (still) this.#oscillator.reset(BEGINS_HZ, BEGINS_RAD, speed < 0 ? Math.PI : 0);
    else this.#oscillator.update(apartRad, elapsedSec);
    const { amplitude, frequencyHz } = this.#oscillator;
    const usual = MOVING_SHARE * amplitude * TWO_PI * frequencyHz;
    this.walks = !still && this.#highestRad - this.#lowestRad >= LEAST_WALK_RAD && 2 * this.#squareSpeed >= usual * usual;
  }

  /** Strides per second with which a clock that stands here goes with him; it stands while he does. */
  paceFrom(phase: number): number {
    if (!this.walks) return 0;
    const { frequencyHz, phaseRad } = this.#oscillator;
    const ahead = (phaseRad - LEAD_RAD) / TWO_PI - phase;
    return clamp(frequencyHz + PULL_PER_SEC * (ahead - Math.round(ahead)), 0, 2 * SHAPE.mostHz);
  }

  /** How far a foot stands before the other one, m; not less than nothing. */
  stepM(side: Side): number {
    const aheadM = this.#ankleXM(this.legs.left) - this.#ankleXM(this.legs.right);
    return Math.max(0, side === 'left' ? aheadM : -aheadM);
  }

  #ankleXM({ hip, knee }: OwnLeg): number {
    return legPoints(this.geometry, hip.measured.positionRad, knee.measured.positionRad, this.#points).ankleXM;
  }
}
