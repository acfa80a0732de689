/**
 * One model joint behind the real safety rooms: input trust, host stall, stop monitor, checks, failsafe table, supervisor
 * and envelope are the controller's own code. There is no robot behind it; only the joint, its drive and the hub are made up.
 */
import type { JointCommand, JointInputs, RobotInputs } from '../../protocols/joints.ts';
import type { JointProfile, RobotProfile } from '../../protocols/profile.ts';
import { emptyInputs, emptyIntent, limitReasons, type Intent, type LimitReason } from '../../protocols/session-log.ts';
import type { Action, Cause, OperatorCommand, SupervisorState } from '../../protocols/supervision.ts';
import { degToRad, radToDeg, US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { ABSENT, hubSilent, runChecks, type CheckContext } from '../../controller/safety/checks.ts';
import { driveTorqueNm, Envelope } from '../../controller/safety/envelope.ts';
import { Failsafe, readyBlocker, severity } from '../../controller/safety/failsafe.ts';
import { HostStall } from '../../controller/safety/host-stall.ts';
import { InputTrust } from '../../controller/safety/input-trust.ts';
import { createLimits } from '../../controller/safety/limits.ts';
import { LinkNoise } from '../../controller/safety/link-noise.ts';
import { JointLoad } from '../../controller/safety/loads.ts';
import { Obedience } from '../../controller/safety/obedience.ts';
import { policy, type CheckId } from '../../controller/safety/policy.ts';
import { StopMonitor } from '../../controller/safety/stop-monitor.ts';
import { nextState } from '../../controller/safety/supervisor.ts';
import { untrustedJoint, type TrustedJoint } from '../../controller/safety/trusted-joint.ts';
import { RingBuffer } from '../state/ring-buffer.ts';
import { DesiredMotion } from './desired-motion.ts';
import { healthyInputs, type LabInputs, type Reading } from './lab-inputs.ts';
import { ModelJoint } from './model-joint.ts';

/** Columns of the history: time, desired and permitted angle, angle, desired and permitted torque. */
export const HISTORY_COLUMNS = 6;
const HISTORY_SEC = 10;

/** A line of the failsafe table that sees its condition, or has not forgotten it yet. */
export interface ActiveLine {
  readonly check: CheckId;
  readonly cause: Cause;
  readonly action: Action;
  /** The condition is there now. */
  readonly present: boolean;
  readonly latched: boolean;
  /** It acts only while the drives are told to hold or move, and they are not. */
  readonly dormant: boolean;
  readonly spentMs: number;
  readonly graceMs: number;
}

export interface LabCommand extends Readonly<JointCommand> {
  /** What the drive gives for it where the joint is believed to be. */
  readonly driveNm: number;
}

/** What one cycle decided, for people. */
export interface LabView {
  readonly cycle: number;
  readonly timeSec: number;
  readonly state: SupervisorState;
  readonly action: Action;
  readonly cause: Cause;
  readonly latched: Cause;
  readonly readyBlocker: Cause;
  readonly energised: boolean;
  readonly desired: LabCommand;
  readonly permitted: LabCommand;
  readonly limitedBy: readonly LimitReason[];
  readonly lines: readonly ActiveLine[];
  /** What the model joint shows. */
  readonly shown: Readonly<Record<Reading, number>>;
}

export class SafetyLab {
  readonly history: RingBuffer;
  readonly #trust: InputTrust;
  readonly #failsafe = new Failsafe(policy, 'none');
  readonly #monitor: StopMonitor;
  readonly #envelope: Envelope;
  readonly #motion: DesiredMotion;
  readonly #model: ModelJoint;
  readonly #context: CheckContext;
  readonly #findings = new Int32Array(policy.length).fill(ABSENT);
  readonly #inputs: RobotInputs;
  readonly #joint: JointInputs;
  readonly #load: JointLoad;
  readonly #obedience: Obedience;
  readonly #linkNoise = new LinkNoise(1);
  readonly #intent: Intent = emptyIntent(1);
  readonly #periodUs: number;
  #state: SupervisorState = 'connecting';
  #dueUs = 0;

  /** @param joint of the profile */
  constructor(profile: RobotProfile, joint: JointProfile) {
    const limits = createLimits({ ...profile, joints: [joint] }, null);
    this.#periodUs = US_PER_S / profile.controlRateHz;
    const overrunUs = profile.watchdogs.overrunPeriods * this.#periodUs;
    const inputMaxAgeUs = profile.watchdogs.inputMaxAgeMs * US_PER_MS;
    this.history = new RingBuffer(HISTORY_COLUMNS, Math.ceil(HISTORY_SEC * profile.controlRateHz));
    this.#trust = new InputTrust(limits, this.#periodUs, inputMaxAgeUs);
    this.#monitor = new StopMonitor(profile.stop, 1);
    this.#envelope = new Envelope(limits, this.#periodUs / US_PER_S);
    this.#motion = new DesiredMotion(joint);
    this.#model = new ModelJoint(joint, healthyInputs(joint).desiredPositionDeg);
    this.#inputs = emptyInputs(1, 1);
    const [input, limit, trusted, command] = [this.#inputs.joints[0], limits[0], this.#trust.joints[0], this.#envelope.permitted.joints[0]];
    if (input === undefined || limit === undefined || trusted === undefined || command === undefined) throw new Error('The safety lab needs a joint.');
    this.#joint = input;
    this.#load = new JointLoad(limit);
    this.#obedience = new Obedience(limit);
    this.#context = {
      inputs: this.#inputs,
      intent: this.#intent,
      joints: [{ limits: limit, trusted, command, obedience: this.#obedience, load: this.#load, input }],
      linkNoise: this.#linkNoise,
      hubClock: this.#trust.hubClock,
      sessionPrepared: true,
      confirmed: true,
      bodyMassKg: 0,
      carriedKg: [0],
      inputMaxAgeUs,
      stall: new HostStall(this.#periodUs, overrunUs),
      belt: null,
      support: null,
      interaction: [{ suspected: false, lasted: false, tooStrong: false, pushed: 0 }],
      leaseUs: profile.watchdogs.leaseMs * US_PER_MS,
      overrunUs,
      energisedUs: 0,
      stop: 'none',
      brakes: { missed: false, brakesExpected: false },
      stopRequested: false,
    };
    this.#bringUp(healthyInputs(joint));
  }

  /** Up to a joint that follows, as a person would do it. */
  #bringUp(healthy: LabInputs): void {
    const steps: readonly (OperatorCommand | 'none')[] = ['none', 'none', 'arm', 'start'];
    for (const step of steps) this.cycle(healthy, step);
    for (let cycle = 0; cycle < US_PER_S / this.#periodUs; cycle++) this.cycle(healthy, 'none');
  }

  cycle(wanted: LabInputs, command: OperatorCommand | 'none'): void {
    this.#dueUs += this.#periodUs;
    this.#observe(wanted);
    this.#judge(command === 'stop');
    this.#decide(command);
    this.#act(wanted);
    this.#record();
  }

  #observe(wanted: LabInputs): void {
    const inputs = this.#inputs;
    const shown = this.#shown();
    const reading = (name: Reading): number => wanted[name] ?? shown[name];
    const { hub } = inputs;
    inputs.cycle++;
    inputs.latenessUs = wanted.latenessMs * US_PER_MS;
    inputs.nowUs = this.#dueUs + inputs.latenessUs;
    hub.ageUs = wanted.hubAgeMs * US_PER_MS;
    hub.estopClosed = wanted.estopClosed;
    hub.patientButtonPressed = wanted.patientButton;
    hub.brakeEngaged = wanted.brakeEngaged;
    hub.enableRelayClosed = this.#relayClosed(wanted);
    if (wanted.hubClockRuns) hub.deviceTimeUs = this.#dueUs;
    inputs.monitor.ageUs = 0;
    inputs.monitor.reason = wanted.monitorAgrees ? 'none' : 'range';
    for (const link of inputs.links) link.up = wanted.linkUp;
    Object.assign(this.#intent, {
      sessionOpen: wanted.sessionOpen,
      stationConnected: wanted.stationConnected,
      recorderHealthy: wanted.recorderHealthy,
      prepared: wanted.prepared,
      leaseEpoch: wanted.leaseHeld ? 1 : 0,
      leaseAgeUs: wanted.leaseAgeMs * US_PER_MS,
    });
    this.#joint.driveState = wanted.driveState ?? (this.#powered(wanted) ? 'enabled' : 'disabled');
    this.#joint.driveAgeUs = wanted.driveAgeMs * US_PER_MS;
    // What is older than a cycle is no new frame.
    if (this.#joint.driveAgeUs <= this.#periodUs) this.#readDrive(wanted, reading);
    if (hub.ageUs <= this.#periodUs) this.#readHub(wanted, reading);
  }

  #readDrive(wanted: LabInputs, reading: (name: Reading) => number): void {
    this.#joint.driveSequence++;
    this.#joint.motorPositionRad = degToRad(reading('motorPositionDeg'));
    this.#joint.motorVelocityRadPerSec = degToRad(reading('motorVelocityDegPerSec'));
    this.#joint.motorTorqueNm = reading('motorTorqueNm');
    this.#joint.driveTempC = wanted.driveTempC;
  }

  #readHub(wanted: LabInputs, reading: (name: Reading) => number): void {
    this.#inputs.hub.sequence++;
    this.#joint.encoderPositionRad = degToRad(reading('encoderPositionDeg'));
    this.#joint.jointTorqueNm = reading('jointTorqueNm');
    this.#joint.encoderQuality = wanted.encoderQuality;
  }

  #judge(stopRequested: boolean): void {
    const context = this.#context;
    const energised = this.#envelope.permitted.enable;
    this.#trust.update(this.#inputs);
    this.#load.update(this.#trusted(), this.#joint.driveTempC, this.#periodUs);
    this.#obedience.look(this.#permitted(), this.#trusted(), this.#joint.driveSequence);
    this.#envelope.torqueShare[0] = this.#load.torqueShare;
    this.#linkNoise.update(this.#inputs.links, this.#periodUs);
    context.stall.update(this.#inputs.nowUs, this.#inputs.latenessUs);
    context.stopRequested = stopRequested;
    context.energisedUs = energised ? context.energisedUs + this.#periodUs : 0;
    context.stop = this.#monitor.judge(energised && this.#state === 'stopped', this.#state === 'stopped', this.#trust.joints, !hubSilent(context), this.#periodUs);
    runChecks(context, this.#findings);
    this.#failsafe.update(this.#findings, this.#periodUs, energised);
  }

  #decide(command: OperatorCommand | 'none'): void {
    const energised = this.#envelope.permitted.enable;
    if (command === 'acknowledge') this.#acknowledge(energised);
    const worst = severity(this.#failsafe.action);
    if (worst >= severity('emergencyStop')) this.#state = nextState(this.#state, 'emergency');
    else if (worst >= severity('protectiveStop')) this.#state = nextState(this.#state, 'protectiveStop');
    else if (worst >= severity('hold')) this.#state = nextState(this.#state, 'disarm');
    if (!energised) this.#state = nextState(this.#state, 'released');
    this.#state = nextState(this.#state, this.#context.inputs.links.every((link) => link.up) && !hubSilent(this.#context) ? 'linked' : 'unlinked');
    this.#state = nextState(this.#state, this.#intent.prepared ? 'prepared' : 'unprepared');
    if (command === 'arm' && this.#blocker() !== 'none') return;
    if (command !== 'none' && command !== 'acknowledge' && command !== 'stop') this.#state = nextState(this.#state, command);
  }

  #acknowledge(energised: boolean): void {
    this.#failsafe.acknowledge(this.#findings);
    if (severity(this.#failsafe.action) < severity('protectiveStop')) this.#state = nextState(this.#state, energised ? 'acknowledgedHolding' : 'acknowledged');
  }

  #blocker(): Cause {
    return readyBlocker(policy, this.#findings, this.#failsafe.latched);
  }

  #act(wanted: LabInputs): void {
    const { permitted } = this.#envelope;
    const cut = severity(this.#failsafe.action) >= severity('torqueOff');
    // What was never held cannot be braked: a stop of a released drive leaves it released.
    const held = this.#state === 'running' || this.#state === 'paused' || this.#state === 'armed' || permitted.enable;
    const off = this.#state === 'connecting' || this.#state === 'ready' || this.#state === 'emergency';
    this.#motion.update(this.#state, wanted, this.#trusted().positionRad, this.#periodUs / US_PER_S);
    this.#envelope.apply({ joints: [this.#motion.command] }, this.#trust.joints, held && !off && !cut && !this.#motion.lowered);
    this.#model.advance(
      this.#permitted(),
      { powered: this.#powered(wanted), braked: wanted.brakeEngaged, patientTorqueNm: wanted.patientTorqueNm },
      this.#periodUs / US_PER_S,
    );
  }

  /** Fed as the controller's heartbeat feeds it. */
  #relayClosed(wanted: LabInputs): boolean {
    return wanted.estopClosed && !wanted.relayHeldOpen && wanted.monitorAgrees && severity(this.#failsafe.action) < severity('torqueOff');
  }

  /** A drive that hears nothing lets go by its own watchdog; here at once. */
  #powered(wanted: LabInputs): boolean {
    return this.#envelope.permitted.enable && wanted.linkUp && this.#relayClosed(wanted);
  }

  #trusted(): TrustedJoint {
    return this.#context.joints[0]?.trusted ?? untrustedJoint();
  }

  #permitted(): JointCommand {
    return this.#context.joints[0]?.command ?? this.#motion.command;
  }

  #shown(): Record<Reading, number> {
    const { positionRad, velocityRadPerSec, torqueNm, jointTorqueNm } = this.#model;
    const positionDeg = radToDeg(positionRad);
    return { motorPositionDeg: positionDeg, motorVelocityDegPerSec: radToDeg(velocityRadPerSec), motorTorqueNm: torqueNm, encoderPositionDeg: positionDeg, jointTorqueNm };
  }

  #record(): void {
    const [desired, permitted] = [this.#motion.command, this.#permitted()];
    const trusted = this.#trusted();
    const { enable } = this.#envelope.permitted;
    this.history.push([
      this.#dueUs / US_PER_S,
      radToDeg(desired.positionRad),
      enable ? radToDeg(permitted.positionRad) : Number.NaN,
      radToDeg(this.#model.positionRad),
      driveTorqueNm(desired, trusted),
      enable ? driveTorqueNm(permitted, trusted) : 0,
    ]);
  }

  view(): LabView {
    const trusted = this.#trusted();
    const { enable } = this.#envelope.permitted;
    const mask = this.#envelope.limitedBy[0] ?? 0;
    const [desired, permitted] = [this.#motion.command, this.#permitted()];
    return {
      cycle: this.#inputs.cycle,
      timeSec: this.#dueUs / US_PER_S,
      state: this.#state,
      action: this.#failsafe.action,
      cause: this.#failsafe.cause,
      latched: this.#failsafe.latched,
      readyBlocker: this.#blocker(),
      energised: enable,
      desired: { ...desired, driveNm: driveTorqueNm(desired, trusted) },
      permitted: { ...permitted, driveNm: enable ? driveTorqueNm(permitted, trusted) : 0 },
      limitedBy: limitReasons.filter((_, bit) => (mask & (1 << bit)) !== 0),
      lines: this.#activeLines(enable),
      shown: this.#shown(),
    };
  }

  #activeLines(energised: boolean): ActiveLine[] {
    return this.#failsafe.lines.flatMap(({ rule, spentUs, latched }, line) => {
      const present = this.#findings[line] !== ABSENT;
      const check = policy[line]?.check;
      if (check === undefined || !(present || latched || spentUs > 0)) return [];
      return [{ check, cause: rule.cause, action: rule.action, present, latched, dormant: rule.scope === 'energised' && !energised, spentMs: spentUs / US_PER_MS, graceMs: rule.graceMs }];
    });
  }
}
