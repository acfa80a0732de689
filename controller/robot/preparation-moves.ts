/** The steps of a preparation in which the empty orthosis moves: the sign of every sensor, and the way home. */
import { minimumJerk } from '../../protocols/math.ts';
import { degToRad, US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { TorqueSlope } from './torque-slope.ts';
import { firstNot, PreparationTask, type Look, type TaskTools, type Verdict } from './preparation-task.ts';

/** Own values. */
const PATIENCE_US = 5 * US_PER_S;
/** The bound is 2°; the way there takes `TRAVEL_US`, half of it back again. */
const TRAVEL_RAD = degToRad(1.5);
const MOST_RAD = degToRad(2);
const TRAVEL_US = 400 * US_PER_MS;
const [DWELL_US, LONGEST_DWELL_US] = [150 * US_PER_MS, 450 * US_PER_MS];
/** Of the way told: less is a joint that does not move, or a sensor that does not follow. */
const LEAST_SHARE = 0.5;
/** Of the torque that the empty orthosis should show; wide, because its cables, or a limb left in it, are in it. */
const [LEAST_TORQUE_SHARE, MOST_TORQUE_SHARE] = [0.25, 10];
/** A joint that is held softly may stick half-way: until it has come so far, half of its friction is added each 0.1 s. */
const PUSHED_SHARE = 0.7;
const PUSH_PER_SEC = 5;
const MOST_PUSH = 1.6;
const HOMING_ACCELERATION_RAD_PER_SEC2 = degToRad(40);
/** So long may a joint stand off its set-point, held by friction. */
const SETTLE_US = 3 * US_PER_S;
const HOME_TOLERANCE_RAD = degToRad(1.5);
/** A person who let go may press again. */
const REGRIP_US = 2 * US_PER_S;

type SignPhase = 'wait' | 'enable' | 'grow' | 'there' | 'dwell' | 'back' | 'lower';

/** Each joint in turn goes a little way; motor, encoder and torque sensor must say so, with the right sign and about the right size. */
export class SignsTask extends PreparationTask<SignPhase> {
  readonly step = 'signs';
  /** A sensor that turns the wrong way parts from the other one; this step says which it is, and its own bound is as tight. */
  override expects = ['brakeEngaged', 'disagreement'] as const;
  /** Set-point, and what the sensors told there. */
  #originRad = 0;
  #startRad = 0;
  #startEncoderRad = 0;
  #travelRad = 0;
  /** Share of the joint's friction that helps it. */
  #pushed = 0;
  #torque = new TorqueSlope();

  constructor(tools: TaskTools) {
    super(tools, 'wait');
  }

  protected cycle(look: Look): Verdict {
    const { inputs, joints } = look;
    switch (this.phase) {
      case 'wait':
        this.release(look);
        this.tools.io.requestBrakes(false, inputs.nowUs);
        if (!inputs.hub.brakeEngaged && inputs.hub.enableRelayClosed && firstNot('disabled', inputs) < 0) {
          this.tools.motion.begin(joints);
          return this.enter('enable');
        }
        return this.elapsedUs > PATIENCE_US ? this.fail('brakeDoesNotRelease') : 'running';
      case 'enable':
        this.hold(look, false);
        if (firstNot('enabled', inputs) < 0) return this.enter('grow');
        return this.elapsedUs > PATIENCE_US ? this.fail('driveNotEnabled', firstNot('enabled', inputs)) : 'running';
      case 'grow':
        this.hold(look, true);
        return this.tools.motion.holds && this.elapsedUs > POWER_UP_AND_SETTLE_US ? this.#beginJoint(0, look) : 'running';
      case 'lower':
        this.lower(look);
        return this.tools.motion.lowered ? 'passed' : 'running';
      case 'there':
      case 'dwell':
      case 'back':
      default:
        return this.#travel(look);
    }
  }

  #beginJoint(index: number, { joints }: Look): Verdict {
    const { profile, motion } = this.tools;
    const [joint, seen] = [profile.joints[index], joints[index]];
    if (joint === undefined || seen === undefined) {
      this.joint = -1;
      return this.enter('lower');
    }
    this.joint = index;
    this.#originRad = motion.targetRad(index);
    this.#startRad = seen.positionRad;
    this.#startEncoderRad = seen.encoderRad;
    const { min, max } = joint.softRangeDeg;
    this.#travelRad = this.#originRad > degToRad((min + max) / 2) ? -TRAVEL_RAD : TRAVEL_RAD;
    this.#torque = new TorqueSlope();
    return this.enter('there');
  }

  #travel(look: Look): Verdict {
    const seen = look.joints[this.joint];
    const [motorRad, encoderRad] = [(seen?.positionRad ?? Number.NaN) - this.#startRad, (seen?.encoderRad ?? Number.NaN) - this.#startEncoderRad];
    if (!(Math.abs(motorRad) <= MOST_RAD && Math.abs(encoderRad) <= MOST_RAD)) return this.fail('movesTooFar', this.joint);
    const shareDone = Math.max(motorRad / this.#travelRad, encoderRad / this.#travelRad);
    this.#aim(look, shareDone);
    this.hold(look, true);
    if (this.elapsedUs < (this.phase === 'dwell' ? (shareDone < PUSHED_SHARE ? LONGEST_DWELL_US : DWELL_US) : TRAVEL_US)) return 'running';
    if (this.phase === 'there') return this.enter('dwell');
    if (this.phase === 'dwell') return this.#judgeMotion(motorRad, encoderRad);
    return this.#judgeTorque(look);
  }

  /** Minimum jerk. @param shareDone of the way, by the sensor that shows more of it */
  #aim({ inputs, joints }: Look, shareDone: number): void {
    const { motion } = this.tools;
    const share = Math.min(1, this.elapsedUs / TRAVEL_US);
    const direction = this.phase === 'back' ? -1 : 1;
    const moves = this.phase !== 'dwell' && share < 1;
    const travelSec = TRAVEL_US / US_PER_S;
    const done = this.phase === 'dwell' ? 1 : minimumJerk(share);
    const perSec = moves ? (30 * share * share * (1 - share) * (1 - share) * this.#travelRad) / travelSec : 0;
    const toldRad = this.#travelRad * (direction > 0 ? done : 1 - done);
    motion.aim(this.joint, this.#originRad + toldRad, direction * perSec, this.#pushNm(shareDone));
    const input = inputs.joints[this.joint];
    this.#torque.add(input?.encoderPositionRad ?? Number.NaN, input?.jointTorqueNm ?? Number.NaN, motion.gravityNm(this.joint, joints), motion.inertiaKgM2(this.joint, joints), this.periodUs / US_PER_S);
  }

  #pushNm(shareDone: number): number {
    if (this.phase !== 'dwell') this.#pushed = 0;
    else if (shareDone < PUSHED_SHARE) this.#pushed = Math.min(MOST_PUSH, this.#pushed + (PUSH_PER_SEC * this.periodUs) / US_PER_S);
    return Math.sign(this.#travelRad) * this.#pushed * (this.tools.profile.joints[this.joint]?.coulombFrictionNm ?? 0);
  }

  #judgeMotion(motorRad: number, encoderRad: number): Verdict {
    const [motor, encoder] = [motorRad / this.#travelRad, encoderRad / this.#travelRad];
    if (motor < -LEAST_SHARE) return this.fail('motorSign', this.joint);
    if (encoder < -LEAST_SHARE) return this.fail('encoderSign', this.joint);
    if (!(motor >= LEAST_SHARE && encoder >= LEAST_SHARE)) return this.fail('jointDoesNotMove', this.joint);
    return this.enter('back');
  }

  #judgeTorque(look: Look): Verdict {
    const share = this.#torque.slope;
    if (!(share >= LEAST_TORQUE_SHARE && share <= MOST_TORQUE_SHARE)) return this.fail('torqueSign', this.joint);
    return this.#beginJoint(this.joint + 1, look);
  }
}

/** The hold has grown, and what moved when it came has come to rest. */
const POWER_UP_AND_SETTLE_US = 900 * US_PER_MS;

type HomingPhase = 'enable' | 'grow' | 'lead' | 'settle' | 'lower';

/** While a person holds the button, all joints go home together, slowly. */
export class HomingTask extends PreparationTask<HomingPhase> {
  readonly step = 'homing';
  override states = ['homing'] as const;
  readonly #speeds: Float64Array;
  #letGoUs = 0;
  #begun = false;

  constructor(tools: TaskTools) {
    super(tools, 'enable');
    this.#speeds = new Float64Array(tools.profile.joints.length);
  }

  protected cycle(look: Look): Verdict {
    const { inputs, joints } = look;
    const { motion } = this.tools;
    if (!this.#begun) motion.begin(joints);
    this.#begun = true;
    this.#letGoUs = look.held ? 0 : this.#letGoUs + this.periodUs;
    if (this.phase !== 'lower' && this.#letGoUs > REGRIP_US) {
      this.reason = 'holdReleased';
      this.enter('lower');
    }
    switch (this.phase) {
      case 'enable':
        this.hold(look, false);
        if (firstNot('enabled', inputs) < 0) return this.enter('grow');
        return this.elapsedUs > PATIENCE_US ? this.fail('driveNotEnabled', firstNot('enabled', inputs)) : 'running';
      case 'grow':
        this.hold(look, true);
        return motion.holds ? this.enter('lead') : 'running';
      case 'lead': {
        const there = this.#lead(look.held);
        this.hold(look, true);
        return there ? this.enter('settle') : 'running';
      }
      case 'settle':
        this.hold(look, true);
        return this.#judge(look);
      case 'lower':
      default:
        this.lower(look);
        if (!motion.lowered) return 'running';
        return this.reason === 'none' ? 'passed' : 'failed';
    }
  }

  /** @returns whether every set-point has come home */
  #lead(held: boolean): boolean {
    const { profile, motion } = this.tools;
    const sec = this.periodUs / US_PER_S;
    let there = true;
    for (const [j, joint] of profile.joints.entries()) {
      const targetRad = motion.targetRad(j);
      const left = degToRad(joint.homePositionDeg) - targetRad;
      const fastest = Math.min(degToRad(profile.homing.speedDegPerSec), Math.sqrt(2 * HOMING_ACCELERATION_RAD_PER_SEC2 * Math.abs(left)));
      const speed = held ? Math.min(fastest, (this.#speeds[j] ?? 0) + HOMING_ACCELERATION_RAD_PER_SEC2 * sec) : 0;
      const step = Math.min(speed * sec, Math.abs(left));
      this.#speeds[j] = speed;
      motion.aim(j, targetRad + Math.sign(left) * step, step < Math.abs(left) ? Math.sign(left) * speed : 0);
      if (step < Math.abs(left)) there = false;
    }
    return there;
  }

  #judge({ joints }: Look): Verdict {
    const away = this.tools.profile.joints.findIndex(({ homePositionDeg }, j) => {
      const [seen, homeRad] = [joints[j], degToRad(homePositionDeg)];
      return !(Math.abs((seen?.positionRad ?? Number.NaN) - homeRad) <= HOME_TOLERANCE_RAD && Math.abs((seen?.encoderRad ?? Number.NaN) - homeRad) <= HOME_TOLERANCE_RAD);
    });
    if (away < 0) return this.enter('lower');
    if (this.elapsedUs <= SETTLE_US) return 'running';
    this.reason = 'homeNotReached';
    this.joint = away;
    return this.enter('lower');
  }
}
