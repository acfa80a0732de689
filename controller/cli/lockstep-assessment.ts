/** An assessment on virtual time: robot, controller and a simulated patient who does what the robot asks of him. What he really did is kept beside it. */
import { DariError } from '../../protocols/errors.ts';
import type { AssessmentOrder } from '../../protocols/assessment.ts';
import { toRangeRad, type RobotProfile } from '../../protocols/profile.ts';
import type { Cause, SessionSetup } from '../../protocols/supervision.ts';
import { paceOf } from '../../protocols/therapy-limits.ts';
import { US_PER_S } from '../../protocols/units.ts';
import { patientOf } from '../../sim/body/human.ts';
import type { SimulatedPatient } from '../../sim/body/simulated-patient.ts';
import { strongestNm } from '../../sim/body/voluntary.ts';
import { evaluateAssessment } from '../metrics/assessments/evaluate.ts';
import { AssessmentRecord } from '../metrics/assessments/record.ts';
import type { AssessmentResult } from '../metrics/assessments/result.ts';
import { planAssessment, promptAt, type AssessmentPlan } from '../therapy/assessments/plan.ts';
import type { CycleSink } from '../robot/control-loop.ts';
import { checkSetup } from '../robot/parameter-check.ts';
import { AssessmentTruth } from './assessment-truth.ts';
import { prepareRobot } from './lockstep-preparation.ts';
import { LockstepRig } from './lockstep-rig.ts';

export interface AssessmentRun {
  readonly profile: RobotProfile;
  readonly patient: SimulatedPatient;
  readonly order: AssessmentOrder;
  readonly seed: number;
  /** Somebody presses stop so long after it has begun. */
  readonly stopAtSec?: number;
  /** Takes the rows of the session too. */
  readonly sink?: CycleSink;
}

export interface AssessmentOutcome {
  readonly complete: boolean;
  /** Why it is not. */
  readonly interruptedBy: Cause | null;
  readonly durationSec: number;
  readonly results: readonly (AssessmentResult & { readonly truth: number | null; readonly capacity: number | null })[];
}

const ACTOR = 'assessment';
/** Own values: several times what it takes. */
const READY_US = 20 * US_PER_S;
const LONGEST_US = 600 * US_PER_S;
const END_US = 10 * US_PER_S;

export function assessmentSetup(profile: RobotProfile, { bodyMassKg, heightM }: SimulatedPatient, order: AssessmentOrder): SessionSetup {
  const { initial } = profile.therapy.guidance;
  return {
    patientRef: 'simulated',
    bodyMassKg,
    heightM,
    permittedRangeRad: profile.joints.map(({ softRangeDeg }) => ({ ...toRangeRad(softRangeDeg) })),
    parameters: { speedMps: paceOf(profile).initial, guidance: { left: initial, right: initial }, romScale: profile.joints.map(() => 1), offsetRad: profile.joints.map(() => 0), unloadingKg: profile.bodyWeightSupport?.initialKg },
    // Who calls for an assessment of a simulated patient stands for them.
    confirmed: { identity: true, side: true, consent: true, geometry: true, alarms: true },
    assessment: order,
  };
}

/** @throws DariError `setupInvalid`, or from the session's start */
export async function runAssessment(run: AssessmentRun): Promise<AssessmentOutcome> {
  const { profile, patient, order, seed } = run;
  const setup = assessmentSetup(profile, patient, order);
  checkSetup(profile, setup);
  const plan = planAssessment(profile, setup);
  if (plan === null) throw new DariError('setupInvalid', `This robot cannot assess ${order.joint}. Choose one of its joints.`);
  const record = new AssessmentRecord(profile, setup, plan);
  let open = false;
  const sink: CycleSink = {
    row(row, start) {
      if (!open) return;
      record.row(row, start);
      run.sink?.row(row, start);
    },
  };
  const rig = await LockstepRig.create({ profile, seed, ...patientOf(patient), sink });
  try {
    rig.start();
    await prepareRobot(rig);
    open = true;
    rig.loop.openSession(setup, { sessionId: 'assessment', actor: ACTOR }, rig.nowUs);
    const session = new AssessmentSession(rig, run, plan);
    const interruptedBy = await session.run();
    const results = evaluateAssessment(profile, record).map((result) => ({ ...result, truth: session.truth.of(result), capacity: capacityOf(run, result) }));
    return { complete: record.complete, interruptedBy: record.complete ? null : interruptedBy, durationSec: session.durationSec, results };
  } finally {
    rig.dispose();
  }
}

/** The most that this patient could have given where no mark had held him back, Nm; null: of no other measure anything like it is known. */
function capacityOf({ profile, patient }: AssessmentRun, { name, joint, direction }: AssessmentResult): number | null {
  const own = profile.joints.find(({ id }) => id === joint);
  return name !== 'isometric_strength' || own === undefined ? null : strongestNm(patient, own, direction === 'extension' ? -1 : 1);
}

class AssessmentSession {
  readonly truth: AssessmentTruth;
  durationSec = 0;
  #step = -1;

  constructor(
    private readonly rig: LockstepRig,
    private readonly options: AssessmentRun,
    private readonly plan: AssessmentPlan,
  ) {
    this.truth = new AssessmentTruth(options.profile, plan, rig.robot.robot.body);
  }

  /** @returns what stopped it before its end, or `none` */
  async run(): Promise<Cause> {
    const { rig } = this;
    await this.#until('arm', () => rig.loop.cycle.output.readyBlocker === 'none' && rig.loop.cycle.output.state === 'ready', READY_US);
    this.#command('arm');
    await this.#until('start', () => rig.loop.cycle.output.state === 'armed', READY_US);
    this.#command('start');
    await this.#until('begin', () => rig.loop.cycle.output.assessmentStep >= 0, READY_US);
    const startUs = rig.nowUs;
    const { stopAtSec = Infinity } = this.options;
    while (rig.loop.cycle.output.state === 'running' && rig.loop.cycle.output.assessmentStep < this.plan.steps.length && rig.nowUs - startUs < LONGEST_US) {
      if (rig.nowUs - startUs >= stopAtSec * US_PER_S) rig.loop.operator.stop(ACTOR, rig.nowUs);
      await this.#cycle();
    }
    this.durationSec = (rig.nowUs - startUs) / US_PER_S;
    const { cause, state } = rig.loop.cycle.output;
    rig.robot.controls.prompt(null);
    if (state === 'running') this.#command('disarm');
    const endUs = rig.nowUs + END_US;
    while (rig.loop.moving && rig.nowUs < endUs) await rig.cycle();
    return cause;
  }

  #command(command: 'arm' | 'start' | 'disarm'): void {
    this.rig.loop.operator.command(this.rig.epoch, command, ACTOR, this.rig.nowUs);
  }

  async #until(what: string, reached: () => boolean, patienceUs: number): Promise<void> {
    const { rig } = this;
    const endUs = rig.nowUs + patienceUs;
    while (!reached()) {
      if (rig.nowUs > endUs) throw new DariError('notPermittedNow', `The assessment could not ${what}: the robot is ${rig.loop.cycle.output.state} (${rig.loop.cycle.output.readyBlocker}, ${rig.loop.cycle.output.cause}). See what it waits for.`);
      await rig.cycle();
    }
  }

  async #cycle(): Promise<void> {
    const { rig } = this;
    const { assessmentStep, promptNm, desired } = rig.loop.cycle.output;
    if (assessmentStep !== this.#step) {
      this.#step = assessmentStep;
      const ask = promptAt(this.plan, assessmentStep);
      rig.robot.controls.prompt(ask === 'none' ? null : { ask, joint: this.options.order.joint, markNm: promptNm });
    }
    await rig.cycle();
    this.truth.look(assessmentStep, desired.joints[this.plan.joint]?.velocityRadPerSec ?? 0);
  }
}
