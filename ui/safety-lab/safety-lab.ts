/**
 * The controller's own step behind sliders: trust, checks, failsafe, supervisor, therapy and envelope are the code that
 * moves a robot. There is none behind it; the record of its sensors comes from a model, changed as the sliders say.
 */
import type { JointCommand } from '../../protocols/joints.ts';
import { toRangeRad, type RobotProfile } from '../../protocols/profile.ts';
import { emptyIntent, limitReasons, type Intent, type LimitReason, type StepOutput } from '../../protocols/session-log.ts';
import { confirmations, type Action, type Cause, type Confirmation, type OperatorCommand, type SessionSetup, type SupervisorState } from '../../protocols/supervision.ts';
import { modesOf } from '../../protocols/training-mode.ts';
import { degToRad, radToDeg, US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { ABSENT } from '../../controller/safety/checks.ts';
import { driveTorqueNm, Envelope, type Measured } from '../../controller/safety/envelope.ts';
import { createLimits } from '../../controller/safety/limits.ts';
import { policy, type CheckId } from '../../controller/safety/policy.ts';
import { createRobotStep, relayOrder, type RobotStep } from '../../controller/robot/robot-step.ts';
import { RingBuffer } from '../state/ring-buffer.ts';
import { beginsAnew, healthyInputs, ownCommands, paceMps, type LabInputs, type OwnCommand, type Reading } from './lab-inputs.ts';
import { HEIGHT_M, ModelRobot } from './model-robot.ts';

/** Columns of the history: time, desired and permitted angle, angle, desired and permitted torque. */
export const HISTORY_COLUMNS = 6;
const HISTORY_SEC = 10;
/** Own values, seen on the shipped robot: the sensors have shown their noise at rest; in the end the patient's strides or repetitions are known. */
const ARM_AT_SEC = 2;
const START_AT_SEC = 4;
const UP_AT_SEC = 18;

/** A line of the failsafe table. */
export interface LabLine {
  readonly check: CheckId;
  readonly cause: Cause;
  readonly action: Action;
  /** The condition is there now. */
  readonly present: boolean;
  /** Joint of the profile that it was found at; −1: none. */
  readonly joint: number;
  readonly latched: boolean;
  /** It acts only while the drives are told to hold or move, and they are not. */
  readonly dormant: boolean;
  readonly spentMs: number;
  readonly graceMs: number;
}

/** It sees its condition, or has not forgotten it yet. */
export const isActive = ({ present, latched, spentMs }: LabLine): boolean => present || latched || spentMs > 0;

export interface LabCommand extends Readonly<JointCommand> {
  /** What the drive gives for it where the joint is. */
  readonly driveNm: number;
}

/** What one cycle decided, for people. */
export interface LabView {
  /** Nothing that a person sets counts before. */
  readonly isUp: boolean;
  readonly cycle: number;
  readonly timeSec: number;
  readonly state: SupervisorState;
  readonly action: Action;
  readonly cause: Cause;
  /** Joint of the profile that the cause names; −1: none. */
  readonly causeJoint: number;
  readonly latched: Cause;
  readonly readyBlocker: Cause;
  readonly energised: boolean;
  readonly desired: LabCommand;
  readonly permitted: LabCommand;
  /** Somebody tries a command of his own on the envelope alone; the model robot goes on as it is told. */
  readonly tried: boolean;
  readonly limitedBy: readonly LimitReason[];
  /** All of the table, in its order. */
  readonly lines: readonly LabLine[];
  /** What the readings show unless somebody holds them. */
  readonly shown: Readonly<Record<Reading, number>>;
}

/** What a session begins with. */
interface Session {
  readonly step: RobotStep;
  /** For commands of one's own; nothing that it permits goes anywhere. */
  readonly tryOut: Envelope;
}

export class SafetyLab {
  readonly history: RingBuffer;
  readonly #robot: ModelRobot;
  readonly #intent: Intent;
  readonly #measured: { -readonly [K in keyof Measured]: Measured[K] }[];
  readonly #own: { joints: JointCommand[] };
  readonly #upAt: number;
  #wanted: LabInputs;
  #session: Session;
  #output: StepOutput;

  /** @param chosen index of the joint that the sliders are about */
  constructor(
    private readonly profile: RobotProfile,
    private readonly chosen: number,
  ) {
    this.history = new RingBuffer(HISTORY_COLUMNS, Math.ceil(HISTORY_SEC * profile.controlRateHz));
    this.#upAt = UP_AT_SEC * profile.controlRateHz;
    this.#robot = new ModelRobot(profile, chosen);
    this.#intent = { ...emptyIntent(profile.joints.length), mode: modesOf(profile)[0] };
    this.#measured = profile.joints.map(() => ({ positionRad: 0, velocityRadPerSec: 0, trusted: true }));
    this.#wanted = healthyInputs(profile);
    this.#session = this.#begin('none');
    this.#own = { joints: profile.joints.map(() => ({ positionRad: 0, velocityRadPerSec: 0, stiffnessNmPerRad: 0, dampingNmsPerRad: 0, torqueNm: 0 })) };
    this.#tell(this.#wanted, 'none');
    this.#output = this.#session.step.step(this.#robot.inputs, this.#intent);
  }

  /** The model robot trains, and what its patient does is known. */
  get isUp(): boolean {
    return this.#robot.inputs.cycle >= this.#upAt;
  }

  /** Brings it there as a person would, with everything in order, in as many cycles as may be spent. */
  bringUp(mostCycles = Infinity): void {
    const { controlRateHz } = this.profile;
    const healthy = healthyInputs(this.profile);
    for (let n = 0; n < mostCycles && !this.isUp; n++) {
      const sinceSec = this.#robot.inputs.cycle / controlRateHz;
      this.cycle(healthy, sinceSec === ARM_AT_SEC ? 'arm' : sinceSec === START_AT_SEC ? 'start' : 'none');
    }
  }

  cycle(wanted: LabInputs, command: OperatorCommand | 'none'): void {
    const begins = beginsAnew(this.#wanted, wanted);
    this.#wanted = wanted;
    if (begins) this.#session = this.#begin(this.#session.step.latched);
    this.#robot.advance(this.#output.permitted, wanted, relayOrder(this.#output));
    this.#tell(wanted, command);
    this.#output = this.#session.step.step(this.#robot.observe(wanted, this.#output.permitted), this.#intent);
    this.#try(wanted);
    this.#record();
  }

  /** A session with a step of its own, as the controller opens one: released, and with the stop that still stands. */
  #begin(latched: Cause): Session {
    const { bodyMassKg, stopEndsIn } = this.#wanted;
    const robot = changed(this.profile, stopEndsIn, this.#wanted.ownWatchdog ? -1 : this.chosen);
    const setup = setupOf(robot, this.#wanted);
    this.#robot.carry(bodyMassKg);
    const tryOut = new Envelope(createLimits(robot, setup), 1 / robot.controlRateHz);
    tryOut.torqueShare.fill(1);
    return { step: createRobotStep(robot, setup, latched), tryOut };
  }

  #tell(wanted: LabInputs, command: OperatorCommand | 'none'): void {
    const intent = this.#intent;
    intent.command = command;
    if (command !== 'none') intent.commandSequence++;
    intent.sessionOpen = wanted.sessionOpen;
    intent.stationConnected = wanted.stationConnected;
    intent.recorderHealthy = wanted.recorderHealthy;
    intent.prepared = wanted.prepared;
    intent.leaseEpoch = wanted.leaseHeld ? 1 : 0;
    intent.leaseAgeUs = wanted.leaseAgeMs * US_PER_MS;
    intent.speedMps = paceMps(this.profile, wanted.pace);
    intent.guidanceLeft = intent.guidanceRight = wanted.guidancePercent / 100;
    intent.unloadingKg = wanted.unloadingKg;
  }

  #try(wanted: LabInputs): void {
    const { desired, permitted } = this.#output;
    this.#own.joints.forEach((own, j) => Object.assign(own, desired.joints[j]));
    const own = this.#own.joints[this.chosen];
    if (own !== undefined) overwrite(own, wanted);
    this.#robot.inputs.joints.forEach(({ motorPositionRad, motorVelocityRadPerSec }, j) => Object.assign(this.#measured[j] ?? {}, { positionRad: motorPositionRad, velocityRadPerSec: motorVelocityRadPerSec }));
    this.#session.tryOut.apply(this.#own, this.#measured, permitted.enable);
  }

  /** The command of the chosen joint, its own on trial or the training's. */
  #commands(): { readonly tried: boolean; readonly desired: LabCommand; readonly permitted: LabCommand; readonly limitedBy: number } {
    const { chosen } = this;
    const tried = ownCommands.some((name) => this.#wanted[name] !== null);
    const { tryOut } = this.#session;
    const [desired, permitted] = tried ? [this.#own, tryOut.permitted] : [this.#output.desired, this.#output.permitted];
    const is = this.#measured[chosen] ?? { positionRad: 0, velocityRadPerSec: 0, trusted: false };
    const of = (command: JointCommand | undefined): LabCommand => ({ ...(command ?? EMPTY), driveNm: command === undefined ? 0 : driveTorqueNm(command, is) });
    const limitedBy = (tried ? tryOut.limitedBy[chosen] : this.#output.joints[chosen]?.limitedBy) ?? 0;
    const allowed = of(permitted.joints[chosen]);
    return { tried, desired: of(desired.joints[chosen]), permitted: this.#output.permitted.enable ? allowed : { ...allowed, driveNm: 0 }, limitedBy };
  }

  #record(): void {
    const { desired, permitted } = this.#commands();
    this.history.push([
      this.#robot.timeUs / US_PER_S,
      radToDeg(desired.positionRad),
      this.#output.permitted.enable ? radToDeg(permitted.positionRad) : Number.NaN,
      radToDeg(this.#robot.positionRad),
      desired.driveNm,
      permitted.driveNm,
    ]);
  }

  view(): LabView {
    const { state, action, cause, causeJoint, readyBlocker, desired: therapy, permitted: told } = this.#output;
    const { tried, desired, permitted, limitedBy } = this.#commands();
    return {
      isUp: this.isUp,
      cycle: this.#robot.inputs.cycle,
      timeSec: this.#robot.timeUs / US_PER_S,
      state,
      action,
      cause,
      causeJoint,
      latched: this.#session.step.latched,
      readyBlocker,
      energised: told.enable,
      desired,
      permitted,
      tried,
      limitedBy: limitReasons.filter((_, bit) => (limitedBy & (1 << bit)) !== 0),
      lines: this.#lines(),
      shown: { ...this.#robot.shown, ...shownCommand(therapy.joints[this.chosen] ?? EMPTY) },
    };
  }

  #lines(): LabLine[] {
    const { step } = this.#session;
    return step.lines.flatMap(({ rule, spentUs, latched }, line) => {
      const joint = step.findings[line] ?? ABSENT;
      const present = joint !== ABSENT;
      const check = policy[line]?.check;
      if (check === undefined) return [];
      const dormant = rule.scope === 'energised' && !this.#output.permitted.enable;
      return [{ check, cause: rule.cause, action: rule.action, present, joint: Math.max(-1, joint), latched, dormant, spentMs: spentUs / US_PER_MS, graceMs: rule.graceMs }];
    });
  }
}

const EMPTY: JointCommand = { positionRad: 0, velocityRadPerSec: 0, stiffnessNmPerRad: 0, dampingNmsPerRad: 0, torqueNm: 0 };

/** @param unwatched index of a joint whose drive runs on until the hub's relay opens; −1: none */
function changed<P extends RobotProfile>(profile: P, endsIn: P['stop']['endsIn'], unwatched: number): P {
  const robot = structuredClone(profile);
  robot.stop.endsIn = endsIn;
  const drive = robot.joints[unwatched]?.drive;
  if (drive !== undefined) Object.assign(drive, { watchdog: 'hubRelay' });
  return robot;
}

const setupOf = (profile: RobotProfile, { bodyMassKg, confirmed, pace, guidancePercent }: LabInputs): SessionSetup => ({
  patientRef: 'safety-lab',
  bodyMassKg,
  heightM: HEIGHT_M,
  permittedRangeRad: profile.joints.map(({ softRangeDeg }) => toRangeRad(softRangeDeg)),
  parameters: { speedMps: paceMps(profile, pace), guidance: { left: guidancePercent / 100, right: guidancePercent / 100 }, romScale: profile.joints.map(() => 1), offsetRad: profile.joints.map(() => 0) },
  confirmed: Object.fromEntries(confirmations.map((what) => [what, confirmed])) as Record<Confirmation, boolean>,
});

const shownCommand = (command: JointCommand): Record<OwnCommand, number> => ({
  ownPositionDeg: radToDeg(command.positionRad),
  ownVelocityDegPerSec: radToDeg(command.velocityRadPerSec),
  ownTorqueNm: command.torqueNm,
  ownStiffnessNmPerRad: command.stiffnessNmPerRad,
  ownDampingNmsPerRad: command.dampingNmsPerRad,
});

function overwrite(command: JointCommand, wanted: LabInputs): void {
  if (wanted.ownPositionDeg !== null) command.positionRad = degToRad(wanted.ownPositionDeg);
  if (wanted.ownVelocityDegPerSec !== null) command.velocityRadPerSec = degToRad(wanted.ownVelocityDegPerSec);
  command.torqueNm = wanted.ownTorqueNm ?? command.torqueNm;
  command.stiffnessNmPerRad = wanted.ownStiffnessNmPerRad ?? command.stiffnessNmPerRad;
  command.dampingNmsPerRad = wanted.ownDampingNmsPerRad ?? command.dampingNmsPerRad;
}
