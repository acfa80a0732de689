/**
 * What a CiA 402 drive does with its targets: ramps, the cyclic modes, and its own position and velocity loop. Units are
 * the joint's, as the drive counts them. The loop is τ = K·(p_ref − p) + B·(v_ref − v); in the velocity modes p_ref runs
 * on with v_ref, which makes it a PI loop, and while it holds a place an integral part takes friction's rest away.
 */
import { clamp } from '../../protocols/math.ts';
import { MODE } from '../../protocols/wire/cia402.ts';

/** Set by the drive from its objects. */
export interface MotionTargets {
  mode: number;
  positionRad: number;
  velocityRadPerSec: number;
  torqueNm: number;
  torqueOffsetNm: number;
  profileVelocityRadPerSec: number;
  accelerationRadPerSec2: number;
  decelerationRadPerSec2: number;
  quickStopRadPerSec2: number;
  torqueSlopeNmPerSec: number;
  maxVelocityRadPerSec: number;
  maxTorqueNm: number;
  /** Between two targets of a cyclic mode (60C2h). */
  interpolationS: number;
}

export const emptyTargets = (): MotionTargets => ({
  mode: 0,
  positionRad: 0,
  velocityRadPerSec: 0,
  torqueNm: 0,
  torqueOffsetNm: 0,
  profileVelocityRadPerSec: 0,
  accelerationRadPerSec2: 0,
  decelerationRadPerSec2: 0,
  quickStopRadPerSec2: 0,
  torqueSlopeNmPerSec: 0,
  maxVelocityRadPerSec: 0,
  maxTorqueNm: 0,
  interpolationS: 0,
});

/** While it holds a place, friction's last rest of error fades with this time constant: the integral part, kept slow for any load. */
const HOLDING_S = 0.4;
/** Part of its greatest torque that the integral part may take. */
const HOLDING_SHARE = 0.2;
/** From this share of its greatest speed on, torque that pushes further is taken back. */
const SPEED_LIMIT_STARTS = 0.9;

export class Motion {
  #positionRefRad = 0;
  #velocityRefRadPerSec = 0;
  #torqueRefNm = 0;
  /** The integral part. */
  #holdingNm = 0;
  /** Profile position: set-points taken; a cyclic mode follows its target without being told. */
  #setPointRad = 0;
  /** A limit cut what the loop wanted. */
  limited = false;

  constructor(
    private readonly stiffnessNmPerRad: number,
    private readonly dampingNmsPerRad: number,
    /** An error that it does not see. */
    private readonly countRad: number,
  ) {}

  get positionRefRad(): number {
    return this.#positionRefRad;
  }

  /** The reference has arrived where it was told to go. */
  get arrived(): boolean {
    return this.#setPointRad === this.#positionRefRad && this.#velocityRefRadPerSec === 0;
  }

  /** Enabled, or another mode: it begins where the motor is, without a jump. */
  start(positionRad: number, velocityRadPerSec: number): void {
    this.#positionRefRad = positionRad;
    this.#setPointRad = positionRad;
    this.#velocityRefRadPerSec = velocityRadPerSec;
    this.#torqueRefNm = 0;
    this.#holdingNm = 0;
  }

  /** Profile position: go there. */
  setPoint(positionRad: number): void {
    this.#setPointRad = positionRad;
  }

  torqueNm(targets: Readonly<MotionTargets>, braking: boolean, positionRad: number, velocityRadPerSec: number, durationS: number): number {
    this.limited = false;
    const { mode } = targets;
    if (braking) return this.#limit(this.#brake(targets.quickStopRadPerSec2, positionRad, velocityRadPerSec, durationS), targets, velocityRadPerSec);
    if (mode === MODE.cyclicTorque || mode === MODE.profileTorque) {
      const step = mode === MODE.profileTorque ? targets.torqueSlopeNmPerSec * durationS : Infinity;
      this.#torqueRefNm += clamp(targets.torqueNm - this.#torqueRefNm, -step, step);
      return this.#limit(this.#torqueRefNm + targets.torqueOffsetNm, targets, velocityRadPerSec);
    }
    if (mode === MODE.profileVelocity) this.#ramp(targets.velocityRadPerSec, targets, durationS);
    else if (mode === MODE.cyclicVelocity) this.#velocityRefRadPerSec = clamp(targets.velocityRadPerSec, -targets.maxVelocityRadPerSec, targets.maxVelocityRadPerSec);
    else if (mode === MODE.profilePosition) this.#profile(targets, durationS);
    else if (mode === MODE.cyclicPosition) this.#follow(targets, durationS);
    else this.#velocityRefRadPerSec = 0;
    if (mode !== MODE.profilePosition) this.#positionRefRad += this.#velocityRefRadPerSec * durationS;
    if (mode === MODE.profileVelocity || mode === MODE.cyclicVelocity) this.#holdBack(positionRad, targets.maxTorqueNm);
    else this.#hold(positionRad, targets.maxTorqueNm, durationS);
    return this.#limit(this.#servoNm(positionRad, velocityRadPerSec) + this.#holdingNm + targets.torqueOffsetNm, targets, velocityRadPerSec);
  }

  #hold(positionRad: number, maxTorqueNm: number, durationS: number): void {
    const errorRad = this.#positionRefRad - positionRad;
    if (Math.abs(this.#velocityRefRadPerSec) * HOLDING_S > this.countRad || Math.abs(errorRad) <= this.countRad) return;
    const most = HOLDING_SHARE * maxTorqueNm;
    this.#holdingNm = clamp(this.#holdingNm + ((this.stiffnessNmPerRad * errorRad) / HOLDING_S) * durationS, -most, most);
  }

  #brake(decelerationRadPerSec2: number, positionRad: number, velocityRadPerSec: number, durationS: number): number {
    const step = decelerationRadPerSec2 * durationS;
    this.#velocityRefRadPerSec -= clamp(this.#velocityRefRadPerSec, -step, step);
    this.#positionRefRad = positionRad;
    return this.#servoNm(positionRad, velocityRadPerSec);
  }

  #servoNm(positionRad: number, velocityRadPerSec: number): number {
    return this.stiffnessNmPerRad * (this.#positionRefRad - positionRad) + this.dampingNmsPerRad * (this.#velocityRefRadPerSec - velocityRadPerSec);
  }

  #ramp(wanted: number, targets: Readonly<MotionTargets>, durationS: number): void {
    const goal = clamp(wanted, -targets.maxVelocityRadPerSec, targets.maxVelocityRadPerSec);
    const speedsUp = Math.abs(goal) > Math.abs(this.#velocityRefRadPerSec);
    const step = (speedsUp ? targets.accelerationRadPerSec2 : targets.decelerationRadPerSec2) * durationS;
    this.#velocityRefRadPerSec += clamp(goal - this.#velocityRefRadPerSec, -step, step);
  }

  /** A trapezoid of speed: as fast as it may be and still stop at the goal. */
  #profile(targets: Readonly<MotionTargets>, durationS: number): void {
    const way = this.#setPointRad - this.#positionRefRad;
    const speed = Math.min(targets.profileVelocityRadPerSec, targets.maxVelocityRadPerSec, Math.sqrt(2 * targets.decelerationRadPerSec2 * Math.abs(way)));
    this.#ramp(Math.sign(way) * speed, targets, durationS);
    const step = this.#velocityRefRadPerSec * durationS;
    if (Math.abs(step) >= Math.abs(way) && step * way >= 0) {
      this.#positionRefRad = this.#setPointRad;
      this.#velocityRefRadPerSec = 0;
    } else this.#positionRefRad += step;
  }

  /** Cyclic position: interpolates between targets. */
  #follow(targets: Readonly<MotionTargets>, durationS: number): void {
    const wanted = (targets.positionRad - this.#positionRefRad) / Math.max(durationS, targets.interpolationS);
    this.#velocityRefRadPerSec = clamp(wanted, -targets.maxVelocityRadPerSec, targets.maxVelocityRadPerSec);
  }

  /** A reference that ran away from a motor that cannot follow would be paid back as a lunge. */
  #holdBack(positionRad: number, maxTorqueNm: number): void {
    const lead = this.stiffnessNmPerRad > 0 ? maxTorqueNm / this.stiffnessNmPerRad : 0;
    this.#positionRefRad = clamp(this.#positionRefRad, positionRad - lead, positionRad + lead);
  }

  #limit(wantedNm: number, targets: Readonly<MotionTargets>, velocityRadPerSec: number): number {
    let torqueNm = clamp(wantedNm, -targets.maxTorqueNm, targets.maxTorqueNm);
    const share = Math.abs(velocityRadPerSec) / targets.maxVelocityRadPerSec;
    if (torqueNm * velocityRadPerSec > 0 && share > SPEED_LIMIT_STARTS) torqueNm *= clamp((1 - share) / (1 - SPEED_LIMIT_STARTS), 0, 1);
    this.limited = torqueNm !== wantedNm;
    return torqueNm;
  }
}
