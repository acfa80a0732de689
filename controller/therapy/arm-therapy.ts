/**
 * Training of an arm, or of both: the device leads or helps them from posture to posture, lets them move as they like, or one leads
 * the other (`arm-roles.ts`). Every start grows out of the posture that the arms have, and every stop ends where they are.
 */
import type { DesiredCommand } from '../../protocols/joints.ts';
import { armsOf } from '../../protocols/arm-profile.ts';
import { clamp } from '../../protocols/math.ts';
import type { ArmProfile, RangeRad } from '../../protocols/profile.ts';
import type { Intent } from '../../protocols/session-log.ts';
import type { SessionSetup, Side } from '../../protocols/supervision.ts';
import { modesOf, type TrainingMode } from '../../protocols/training-mode.ts';
import { degToRad, US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { NOTHING_SEEN } from '../estimation/device-model.ts';
import { ArmProgram } from './arm-program.ts';
import { FADE_SEC, movesAlone } from './arm-roles.ts';
import type { Wishes } from './movement-wish.ts';
import { ShownArm } from './shown-arm.ts';
import { Blend, SmoothValue } from './smooth.ts';
import type { Yielding } from './soften.ts';
import { BRAKE_SHARE, HELD_US, HOLD_SEC, LOWER_SEC, POWER_UP_SEC, type MeasuredJoint, type PatternClock, type Task, type Therapy } from './therapy.ts';
import { TrainedArm, type ArmCourse } from './trained-arm.ts';
import { TriggeredMoves } from './triggered-moves.ts';

/** Own value. */
const STOP_WAY_RAD = degToRad(6); // of the fastest joint, when the training pauses
/** Body height while nobody is entered. */
const UNKNOWN_HEIGHT_M = 1.75;

export class ArmTherapy implements Therapy {
  readonly desired: DesiredCommand;
  readonly clock: { -readonly [K in keyof PatternClock]: PatternClock[K] } = { phase: 0, stepsLeft: 0, stepsRight: 0, distanceM: 0 };
  readonly referenceRad: Float64Array;
  readonly belt = null;
  readonly stepping = false;
  readonly canSlow = false;
  holdsOn = false;
  readonly #profile: ArmProfile;
  readonly #program: ArmProgram;
  readonly #moves: TriggeredMoves;
  readonly #arms: readonly TrainedArm[];
  readonly #speed = new SmoothValue();
  readonly #pace = { perSec: 0, perSec2: 0 };
  readonly #course: { -readonly [K in keyof ArmCourse]: ArmCourse[K] };
  /** Of the fade to what was shown, or from it. */
  #shownSec = FADE_SEC;
  #approachSec = 0;
  #taskUs = 0;
  #mode: TrainingMode;

  /** @param seen the joints that the profile only measures, in its order and kept up to date */
  constructor(profile: ArmProfile, setup: SessionSetup | null, permitted: readonly RangeRad[], seen = NOTHING_SEEN) {
    this.#profile = profile;
    this.#mode = modesOf(profile)[0];
    const heightM = setup?.heightM ?? UNKNOWN_HEIGHT_M;
    this.#program = new ArmProgram(profile, heightM);
    this.#moves = new TriggeredMoves(this.#program, setup?.trigger);
    const brakeSec = (BRAKE_SHARE * profile.stop.maxTimeMs * US_PER_MS) / US_PER_S;
    const shownArm = setup?.trajectory === undefined ? null : new ShownArm(profile, setup.trajectory, heightM);
    this.#course = { task: 'off', taskSec: 0, blend: new Blend(), power: 0, phase: 0, pace: this.#pace, shownArm, shown: new Blend(), stopSec: 0, brakeSec };
    this.#arms = armsOf(profile.joints).map((arm) => new TrainedArm(profile, arm, setup, permitted, this.#program, this.#course, seen));
    const [one, other] = this.#arms;
    if (one !== undefined && other !== undefined) {
      one.pairWith(other);
      other.pairWith(one);
    }
    const lanes = this.#arms.flatMap((arm) => arm.lanes).sort((a, b) => a.index - b.index);
    this.desired = { joints: lanes.map((lane) => lane.command) };
    this.referenceRad = new Float64Array(profile.joints.length);
  }

  get task(): Task {
    return this.#course.task;
  }

  get blend(): number {
    return this.#course.blend.value;
  }

  get expected(): number {
    return this.#course.blend.value;
  }

  get finished(): boolean {
    return this.task === 'off' || ((this.task === 'lower' || this.task === 'brake') && this.#course.power === 0);
  }

  get standing(): boolean {
    return this.task === 'brake' && this.#taskUs <= (this.#course.brakeSec + HOLD_SEC) * US_PER_S;
  }

  get recovered(): boolean {
    for (const arm of this.#arms) if (!arm.recovered) return false;
    return true;
  }

  /** Brakes that close on an arm which somebody still moves stop it through his cuffs: they wait for it, as long as the drives hold on. */
  get braked(): boolean {
    const overUs = this.#taskUs - this.#course.stopSec * US_PER_S;
    if ((this.task !== 'brake' && this.task !== 'lower') || overUs <= 0) return false;
    if (overUs > HOLD_SEC * US_PER_S) return true;
    for (const arm of this.#arms) if (arm.swept) return false;
    return true;
  }

  get supporting(): boolean {
    return this.#course.power === 1;
  }

  guidanceOf(side: Side): number {
    for (const arm of this.#arms) if (arm.side === side) return arm.led;
    return 0;
  }

  freeOf(side: Side): number {
    for (const arm of this.#arms) if (arm.side === side) return arm.free;
    return 0;
  }

  update(task: Task, measured: readonly MeasuredJoint[], intent: Intent, elapsedUs: number, supported: boolean, yielding: Yielding): void {
    for (const arm of this.#arms) arm.measure(measured);
    if (task !== this.task) this.#begin(task, intent);
    else if (intent.mode !== this.#mode && task === 'train') this.#changeMode(intent.mode);
    this.#taskUs += elapsedUs;
    const elapsedSec = elapsedUs / US_PER_S;
    const course = this.#course;
    course.taskSec = this.#taskUs / US_PER_S;
    this.#advance(intent, elapsedSec, supported, yielding);
    if (task === 'recover' && course.power === 1 && intent.holdAgeUs <= HELD_US) for (const arm of this.#arms) arm.leadIn(elapsedSec);
    for (const arm of this.#arms) {
      arm.advance(yielding[arm.side], elapsedSec);
      arm.plan(this.referenceRad, elapsedSec);
      arm.drive(yielding.interactionNm);
    }
  }

  #begin(task: Task, intent: Intent): void {
    const before = this.task;
    this.#course.task = task;
    this.#taskUs = 0;
    if (task === 'off') this.#course.power = 0;
    if (before === 'off') this.#beginAnew(intent);
    else if (task === 'train') this.#beginTraining(intent);
    else this.#beginStop(before);
  }

  #beginAnew(intent: Intent): void {
    const course = this.#course;
    course.phase = course.stopSec = 0;
    this.#speed.reset(0);
    course.blend.reset();
    for (const arm of this.#arms) arm.beginAnew(intent);
  }

  #beginTraining({ mode }: Intent): void {
    this.#speed.reset(0);
    this.#pace.perSec = this.#pace.perSec2 = 0;
    this.#mode = mode;
    this.#course.shown.reset(mode === 'replay');
    this.#approachSec = this.#profile.therapy.softStartSec;
    for (const arm of this.#arms) arm.beginTraining(mode);
    for (const arm of this.#arms) this.#approachSec = Math.max(this.#approachSec, arm.approachSec(mode));
  }

  #changeMode(mode: TrainingMode): void {
    this.#mode = mode;
    let fadeSec = FADE_SEC;
    for (const arm of this.#arms) fadeSec = Math.max(fadeSec, arm.approachSec(mode));
    for (const arm of this.#arms) arm.changeMode(mode, fadeSec);
    this.#shownSec = fadeSec;
  }

  #beginStop(before: Task): void {
    const course = this.#course;
    let fastest = 0;
    for (const arm of this.#arms) fastest = Math.max(fastest, arm.beginStop(before));
    course.stopSec = course.task === 'brake' || fastest === 0 ? course.brakeSec : clamp((2 * STOP_WAY_RAD) / fastest, course.brakeSec, this.#profile.therapy.softStopSec);
    this.#speed.reset(0);
    this.#pace.perSec = this.#pace.perSec2 = 0;
    course.blend.reset();
  }

  #advance(intent: Intent, elapsedSec: number, supported: boolean, wishes: Wishes): void {
    const course = this.#course;
    const training = course.task === 'train' && course.power === 1;
    for (const arm of this.#arms) arm.follow(intent, elapsedSec);
    if (training) course.blend.advance(true, this.#approachSec, elapsedSec);
    if (training) course.shown.advance(intent.mode === 'replay', this.#shownSec, elapsedSec);
    if (intent.mode !== 'triggered') this.#moves.end();
    if (training && course.blend.value === 1) this.#turn(intent, elapsedSec, wishes);
    course.power = clamp(course.power + this.#powerPerSec(supported) * elapsedSec, 0, 1);
  }

  /** On along the pattern. */
  #turn(intent: Intent, elapsedSec: number, wishes: Wishes): void {
    const { min, max } = this.#profile.therapy.handSpeedMps;
    this.#speed.follow(movesAlone(intent.mode) ? 0 : clamp(intent.speedMps, min, max), elapsedSec);
    const { value: speedMps, perSec: speedMps2 } = this.#speed;
    const { phase, shownArm, shown } = this.#course;
    this.#pace.perSec = this.#program.repetitionsPerSec(speedMps);
    this.#pace.perSec2 = this.#program.repetitionsPerSec(speedMps2);
    if (shownArm !== null) {
      const offPerSec = shownArm.repetitionsPerSec(speedMps) - this.#pace.perSec;
      this.#pace.perSec += shown.value * offPerSec;
      this.#pace.perSec2 += shown.value * (shownArm.repetitionsPerSec(speedMps2) - this.#pace.perSec2) + shown.perSec * offPerSec;
    }
    const wanted = phase + this.#pace.perSec * elapsedSec;
    const next = intent.mode === 'triggered' && this.#inTime ? this.#moves.limit(phase, wanted, wishes, elapsedSec) : wanted;
    if (next === phase) this.#pace.perSec = this.#pace.perSec2 = 0;
    this.clock.distanceM += (next - phase) * (this.#program.wayM + (shownArm === null ? 0 : shown.value * (shownArm.wayM - this.#program.wayM)));
    this.#course.phase = this.clock.phase = next - Math.floor(next);
    if (next < 1) return;
    for (const { side } of this.#arms) {
      if (side === 'left') this.clock.stepsLeft++;
      else this.clock.stepsRight++;
    }
  }

  get #inTime(): boolean {
    for (const arm of this.#arms) if (!arm.inTime) return false;
    return true;
  }

  #powerPerSec(supported: boolean): number {
    const { task } = this.#course;
    if (task === 'hold' || task === 'train' || task === 'recover') return supported ? 1 / POWER_UP_SEC : 0;
    const stands = task === 'lower' ? !this.braked : this.standing;
    return stands || this.holdsOn ? 0 : -1 / LOWER_SEC;
  }
}
