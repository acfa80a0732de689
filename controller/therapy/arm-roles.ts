/**
 * Who moves whom, arm by arm. Led: along the program. Leading: nothing pulls it, it is the person's. Following: where the other
 * arm is, as its image in a mirror, or in parallel, which is the same way in space from the fitting posture. A change of mode
 * fades from one to the other, and so does a change half-way: neither a target steps, nor its speed, nor its acceleration.
 */
import type { ArmKind } from '../../protocols/arm-profile.ts';
import { clamp } from '../../protocols/math.ts';
import type { Side } from '../../protocols/supervision.ts';
import type { TrainingMode } from '../../protocols/training-mode.ts';

/** Own values: long against a step of a firm arm, short against a therapist's patience. */
export const FADE_SEC = 1.5;
const LAG_SEC = 0.12;
/** Closer than this it has arrived. */
const ARRIVED = 1e-6;

/** Joints that turn to the side: an arm in parallel to the other turns them the other way. */
const sideways: readonly ArmKind[] = ['shoulderHorizontal', 'shoulderRotation', 'forearm'];
export const turnsSideways = (kind: ArmKind): boolean => sideways.includes(kind);

const roles = ['led', 'leads', 'follows', 'parallel'] as const;

/** Shares of an arm, 0 … 1: led, leading and following are 1 together; of following, how much is in parallel. */
export interface ArmShares {
  readonly led: number;
  readonly leads: number;
  readonly follows: number;
  readonly parallel: number;
}

const ofLed: ArmShares = { led: 1, leads: 0, follows: 0, parallel: 0 };
const ofLeading: ArmShares = { led: 0, leads: 1, follows: 0, parallel: 0 };
const ofFollowing: ArmShares = { led: 0, leads: 0, follows: 1, parallel: 0 };
const ofParallel: ArmShares = { led: 0, leads: 0, follows: 1, parallel: 1 };

/** Modes in which a person moves every arm that the robot has, and nothing goes along the program. */
const aloneModes: readonly TrainingMode[] = ['transparent', 'resist'];
export const movesAlone = (mode: TrainingMode): boolean => aloneModes.includes(mode);

/** Modes in which a person leads. */
const leaders: Readonly<Partial<Record<TrainingMode, { readonly leader: Side; readonly follower: ArmShares }>>> = {
  leftLeads: { leader: 'left', follower: ofFollowing },
  rightLeads: { leader: 'right', follower: ofFollowing },
  leftLeadsParallel: { leader: 'left', follower: ofParallel },
  rightLeadsParallel: { leader: 'right', follower: ofParallel },
};

function wantedOf(mode: TrainingMode, side: Side): ArmShares {
  if (movesAlone(mode)) return ofLeading;
  const pair = leaders[mode];
  if (pair === undefined) return ofLed;
  return pair.leader === side ? ofLeading : pair.follower;
}

/** Goes straight to its target, and through three lags, so that its acceleration is smooth too. Those that begin together arrive together: their sum stays. */
class Fade {
  value = 0;
  perSec = 0;
  perSec2 = 0;
  #target = 0;
  #straight = 0;
  #first = 0;
  #second = 0;
  #perSec = 0;

  reset(target: number): void {
    this.#target = this.#straight = this.#first = this.#second = this.value = target;
    this.perSec = this.perSec2 = 0;
  }

  begin(target: number, fadeSec: number): void {
    this.#target = target;
    this.#perSec = Math.abs(target - this.#straight) / fadeSec;
  }

  advance(elapsedSec: number): void {
    if (this.value === this.#target && this.#straight === this.#target && this.perSec === 0) return;
    const step = this.#perSec * elapsedSec;
    this.#straight = clamp(this.#target, this.#straight - step, this.#straight + step);
    const lag = elapsedSec / LAG_SEC;
    this.#first += (this.#straight - this.#first) * lag;
    this.#second += (this.#first - this.#second) * lag;
    this.value += (this.#second - this.value) * lag;
    this.perSec = (this.#second - this.value) / LAG_SEC;
    this.perSec2 = ((this.#first - this.#second) / LAG_SEC - this.perSec) / LAG_SEC;
    if (Math.max(Math.abs(this.#first - this.#target), Math.abs(this.#second - this.#target), Math.abs(this.value - this.#target)) < ARRIVED) this.reset(this.#target);
  }
}

export class ArmRole {
  readonly led = new Fade();
  readonly leads = new Fade();
  readonly follows = new Fade();
  readonly parallel = new Fade();
  #wanted: ArmShares = ofLed;

  constructor(private readonly side: Side) {
    this.led.reset(1);
  }

  /** The person is to move it. */
  get isToLead(): boolean {
    return this.#wanted.leads === 1;
  }

  wantedIn(mode: TrainingMode): ArmShares {
    return wantedOf(mode, this.side);
  }

  /** Without a fade. */
  begin(mode: TrainingMode): void {
    this.#wanted = wantedOf(mode, this.side);
    for (const role of roles) this[role].reset(this.#wanted[role]);
  }

  /** From how it is now. @param fadeSec not less than `FADE_SEC` */
  change(mode: TrainingMode, fadeSec: number): void {
    this.#wanted = wantedOf(mode, this.side);
    for (const role of roles) this[role].begin(this.#wanted[role], fadeSec);
  }

  advance(elapsedSec: number): void {
    for (const role of roles) this[role].advance(elapsedSec);
  }
}
