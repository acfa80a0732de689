/** Where an assessment is and what is asked of the person now, from its plan and the step that the robot says. Pure. */
import type { AssessmentPlan, AssessmentStep, StepKind } from '../../controller/therapy/assessments/steps.ts';
import type { SupervisorState } from '../../protocols/supervision.ts';

/** `broken`: something ended it before its last step. */
export type Stage = 'before' | 'doing' | 'done' | 'broken';
/** What somebody says to the person: he is moved, rests, pushes, lets go, moves by himself, brings his hand to a target, back to the middle or far out, or walks. */
export type Asked = 'led' | 'rest' | 'push' | 'letGo' | 'move' | 'reach' | 'return' | 'explore' | 'walk';

const askedIn: Readonly<Record<StepKind, Asked>> = { move: 'led', sweep: 'led', press: 'led', rest: 'rest', push: 'push', relax: 'letGo', free: 'move', reach: 'reach', return: 'return', explore: 'explore', walk: 'walk' };

export interface AssessmentView {
  readonly stage: Stage;
  readonly asked: Asked;
  readonly direction: AssessmentStep['direction'];
  /** What comes after a rest; null: nothing that the person does. */
  readonly next: { readonly asked: Asked; readonly direction: AssessmentStep['direction'] } | null;
  /** From 1; 0: none yet. */
  readonly trial: number;
  readonly trials: number;
  /** What he does now is not measured yet. */
  readonly getsUsed: boolean;
  /** From 0. */
  readonly step: number;
  readonly steps: number;
}

/** @param goesOn in which state of the robot it goes on */
export function assessmentView({ steps }: AssessmentPlan, step: number, state: SupervisorState, goesOn: SupervisorState = 'running'): AssessmentView {
  const current = steps[step];
  const trials = steps.reduce((most, { trial }) => Math.max(most, trial + 1), 0);
  const upcoming = steps.slice(Math.max(0, step)).find(({ trial }) => trial >= 0);
  const asked = current === undefined ? 'rest' : askedIn[current.kind];
  const getsUsed = isUnmeasured(steps, step);
  const own = upcoming !== undefined && upcoming !== current && (upcoming.kind === 'push' || upcoming.kind === 'free');
  return {
    stage: step >= steps.length ? 'done' : step < 0 ? 'before' : state === goesOn ? 'doing' : 'broken',
    asked,
    direction: current?.direction ?? 0,
    next: asked === 'rest' && own ? { asked: askedIn[upcoming.kind], direction: upcoming.direction } : null,
    trial: current === undefined || getsUsed ? 0 : (upcoming?.trial ?? trials - 1) + 1,
    getsUsed,
    trials,
    step: Math.min(Math.max(step, 0), steps.length),
    steps: steps.length,
  };
}

/** Kinds of steps in which something is measured; before their first trial they are to get used to it. */
const practised: readonly StepKind[] = ['reach', 'return', 'walk'];

function isUnmeasured(steps: readonly AssessmentStep[], step: number): boolean {
  const kind = steps[step]?.kind;
  const firstTrial = steps.findIndex(({ trial }) => trial >= 0);
  return kind !== undefined && practised.includes(kind) && step < firstTrial;
}

/** Own value: what a joint's sensor shows of limb and device at rest is known after some of these. */
const BASELINE_MS = 300;

/** What the person does now and did at most in this step. Readings come as they arrive; time is theirs. */
export class AssessmentReadings {
  /** Torque of the person, in the direction that is asked for, Nm. */
  nowNm = 0;
  mostNm = 0;
  /** As far as the joint went in the direction that is asked for, rad. */
  farthestRad = Number.NaN;
  #baselineNm = Number.NaN;
  #step = Number.NaN;
  #atMs = Number.NaN;

  /** @param torqueNm of the joint's sensor, which gives way where the person pushes */
  look(step: AssessmentStep | undefined, index: number, torqueNm: number, angleRad: number, atMs: number): void {
    const elapsedMs = Number.isNaN(this.#atMs) ? 0 : Math.max(0, atMs - this.#atMs);
    this.#atMs = atMs;
    if (index !== this.#step) {
      this.#step = index;
      this.mostNm = 0;
      this.farthestRad = angleRad;
      if (step?.kind === 'rest') this.#baselineNm = torqueNm;
    }
    if (step === undefined || !Number.isFinite(torqueNm)) return;
    if (step.kind === 'rest') this.#baselineNm += (torqueNm - this.#baselineNm) * Math.min(1, elapsedMs / BASELINE_MS);
    this.nowNm = step.direction === 0 || Number.isNaN(this.#baselineNm) ? 0 : step.direction * (this.#baselineNm - torqueNm);
    this.mostNm = Math.max(this.mostNm, this.nowNm);
    if (step.direction !== 0 && step.direction * angleRad > step.direction * this.farthestRad) this.farthestRad = angleRad;
  }
}

/** How far a step of walking has come, by the controller's clock and what its pattern tells. */
export class WalkCourseReadings {
  sec = Number.NaN;
  wayM = Number.NaN;
  strides = Number.NaN;
  #step = Number.NaN;
  #from: { readonly timeSec: number; readonly distanceM: number; readonly strides: number } | null = null;

  look(step: number, timeSec: number, distanceM: number, strides: number): void {
    if (step !== this.#step) {
      // Of a step in whose middle the page was opened nobody knows here when it began.
      this.#from = Number.isNaN(this.#step) && step >= 0 ? null : { timeSec, distanceM, strides };
      this.#step = step;
    }
    const from = this.#from;
    this.sec = from === null ? Number.NaN : timeSec - from.timeSec;
    this.wayM = from === null ? Number.NaN : distanceM - from.distanceM;
    this.strides = from === null ? Number.NaN : strides - from.strides;
  }

  /** Of the step, 0 … 1; not a number: not known. */
  shareOf({ wayM, strides, sec }: AssessmentStep): number {
    const share = wayM !== undefined ? this.wayM / wayM : strides !== undefined ? this.strides / strides : this.sec / sec;
    return Math.min(1, Math.max(0, share));
  }
}
