/** An assessment on virtual time: robot, controller and a simulated patient who does what the robot asks of him. What he really did is kept beside it. */
import { DariError } from '../../protocols/errors.ts';
import type { Interruption } from '../../protocols/assessment-outcome.ts';
import type { AssessmentOrder } from '../../protocols/assessment.ts';
import { isDriven, toRangeRad, type RobotProfile } from '../../protocols/profile.ts';
import type { GaitParameters, SessionSetup } from '../../protocols/supervision.ts';
import { paceOf, therapyLimits } from '../../protocols/therapy-limits.ts';
import { US_PER_S } from '../../protocols/units.ts';
import { patientOf } from '../../sim/body/human.ts';
import type { Prompt } from '../../sim/body/prompt.ts';
import type { SimulatedPatient } from '../../sim/body/simulated-patient.ts';
import { strongestNm } from '../../sim/body/voluntary.ts';
import { createMeasurement, type InterruptibleResult } from '../metrics/assessments/measurement.ts';
import type { AssessmentResult } from '../metrics/assessments/result.ts';
import { planAssessment, settingsFor } from '../therapy/assessments/plan.ts';
import { promptAt, type AssessmentPlan } from '../therapy/assessments/steps.ts';
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
  /** So long after it has begun somebody presses stop, or the person his own button. */
  readonly stopAtSec?: number;
  readonly buttonAtSec?: number;
  /** Takes the rows of the session too. */
  readonly sink?: CycleSink;
}

export interface AssessmentOutcome {
  readonly complete: boolean;
  /** Why it is not. */
  readonly interruptedBy: Interruption | null;
  readonly durationSec: number;
  readonly results: readonly (InterruptibleResult & { readonly truth: number | null; readonly capacity: number | null })[];
}

const ACTOR = 'assessment';
/** Own values: several times what it takes. */
const READY_US = 20 * US_PER_S;
const LONGEST_US = 600 * US_PER_S;
const END_US = 10 * US_PER_S;

export function assessmentSetup(profile: RobotProfile, { bodyMassKg, heightM }: SimulatedPatient, order: AssessmentOrder): SessionSetup {
  const { initial } = profile.therapy.guidance;
  const { mode, guidance: strength = initial } = settingsFor(order);
  return {
    patientRef: 'simulated',
    bodyMassKg,
    heightM,
    permittedRangeRad: profile.joints.map(({ softRangeDeg }) => ({ ...toRangeRad(softRangeDeg) })),
    parameters: {
      speedMps: paceOf(profile).initial,
      guidance: { left: strength, right: strength },
      romScale: profile.joints.map(() => 1),
      offsetRad: profile.joints.map(() => 0),
      unloadingKg: profile.bodyWeightSupport?.initialKg,
      ...(mode === undefined ? {} : { mode }),
      ...springsOf(profile),
    },
    // Who calls for an assessment of a simulated patient stands for them.
    confirmed: { identity: true, side: true, consent: true, geometry: true, alarms: true },
    assessment: order,
  };
}

/** Springs that carry an arm stand in the middle of what they can. */
function springsOf(profile: RobotProfile): Pick<GaitParameters, 'springs'> {
  const { springs } = therapyLimits(profile);
  return springs === null ? {} : { springs: { upperArm: Math.floor(springs.upperArm.max / 2), forearm: Math.floor(springs.forearm.max / 2) } };
}

/** @throws DariError `setupInvalid`, or from the session's start */
export async function runAssessment(run: AssessmentRun): Promise<AssessmentOutcome> {
  const { profile, patient, order, seed } = run;
  const setup = assessmentSetup(profile, patient, order);
  checkSetup(profile, setup);
  const plan = planAssessment(profile, setup);
  if (plan === null) throw new DariError('setupInvalid', `This robot cannot assess ${order.kind} in that way. See what dari assess --help offers.`);
  const record = createMeasurement(profile, setup, plan);
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
    if (setup.parameters.springs !== undefined) rig.robot.robot.setSprings(setup.parameters.springs);
    rig.loop.openSession(setup, { sessionId: 'assessment', actor: ACTOR }, rig.nowUs);
    const session = new AssessmentSession(rig, run, plan, setup.heightM);
    await session.run();
    const { interruptedBy } = record;
    const results = record.results().map((result) => ({ ...result, truth: session.truth.of(result), capacity: capacityOf(run, result) }));
    return { complete: interruptedBy === null, interruptedBy, durationSec: session.durationSec, results };
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
    heightM: number,
  ) {
    this.truth = new AssessmentTruth(options.profile, plan, rig.robot.robot.body, heightM);
  }

  async run(): Promise<void> {
    const { rig } = this;
    // A robot that only measures begins with its session, and is never more than ready.
    const driven = isDriven(this.options.profile);
    const goesOn = driven ? 'running' : 'ready';
    if (driven && !(await this.#start())) return;
    if (!(await this.#until('begin', () => rig.loop.cycle.output.assessmentStep >= 0))) return;
    const startUs = rig.nowUs;
    const { stopAtSec = Infinity, buttonAtSec = Infinity } = this.options;
    while (rig.loop.cycle.output.state === goesOn && rig.loop.cycle.output.assessmentStep < this.plan.steps.length && rig.nowUs - startUs < LONGEST_US) {
      if (rig.nowUs - startUs >= stopAtSec * US_PER_S) rig.loop.operator.stop(ACTOR, rig.nowUs);
      if (rig.nowUs - startUs >= buttonAtSec * US_PER_S) rig.robot.controls.patientButton(true);
      await this.#cycle();
    }
    this.durationSec = (rig.nowUs - startUs) / US_PER_S;
    rig.robot.controls.prompt(null);
    if (rig.loop.cycle.output.state === 'running') this.#command('disarm');
    const endUs = rig.nowUs + END_US;
    while (rig.loop.moving && rig.nowUs < endUs) await rig.cycle();
  }

  async #start(): Promise<boolean> {
    const { loop } = this.rig;
    if (!(await this.#until('arm', () => loop.cycle.output.readyBlocker === 'none' && loop.cycle.output.state === 'ready'))) return false;
    this.#command('arm');
    if (!(await this.#until('start', () => loop.cycle.output.state === 'armed'))) return false;
    this.#command('start');
    return true;
  }

  #command(command: 'arm' | 'start' | 'disarm'): void {
    this.rig.loop.operator.command(this.rig.epoch, command, ACTOR, this.rig.nowUs);
  }

  /** @returns false: the robot was stopped before. @throws DariError `notPermittedNow` */
  async #until(what: string, reached: () => boolean): Promise<boolean> {
    const { rig } = this;
    const endUs = rig.nowUs + READY_US;
    while (!reached()) {
      const { output } = rig.loop.cycle;
      if (output.state === 'stopped' || output.state === 'emergency') return false;
      if (rig.nowUs > endUs) throw new DariError('notPermittedNow', `The assessment could not ${what}: the robot is ${output.state} (${output.readyBlocker}, ${output.cause}). See what it waits for.`);
      await rig.cycle();
    }
    return true;
  }

  async #cycle(): Promise<void> {
    const { rig } = this;
    const { assessmentStep, promptNm, desired, phase } = rig.loop.cycle.output;
    if (assessmentStep !== this.#step) {
      this.#step = assessmentStep;
      rig.robot.controls.prompt(this.#prompt(assessmentStep, promptNm));
    }
    await rig.cycle();
    this.truth.look(assessmentStep, desired.joints[this.plan.joint]?.velocityRadPerSec ?? 0, phase, rig.robot.robot.truth().beltMps);
  }

  /** null: he does as he does in a training. */
  #prompt(step: number, markNm: number): Prompt | null {
    const { plan, options } = this;
    const ask = promptAt(plan, step);
    const handAtRad = plan.steps[step]?.handAtRad;
    if (ask === 'none' || ask === 'walk') return null;
    if (handAtRad !== undefined && plan.side !== null) return { ask: 'reach', side: plan.side, handAtRad: [...handAtRad] };
    const joint = options.profile.joints[plan.joint]?.id;
    return { ask, markNm, ...(joint === undefined ? {} : { joint }) };
  }
}
