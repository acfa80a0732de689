/** The steps of a self-test in which nothing moves: sensors, emergency stop, brakes, enable relay, watchdogs. */
import { degToRad, US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import type { PreparationReason } from '../../protocols/preparation.ts';
import type { RobotInputs } from '../../protocols/joints.ts';
import { firstNot, PreparationTask, type Look, type TaskTools, type Verdict } from './preparation-task.ts';
import { WatchdogProver, type ProofOutcome } from './watchdog-proof.ts';

/** Own values. Ports answer, drives boot and brakes move in this time. */
const PATIENCE_US = 5 * US_PER_S;
/** A person walks to the emergency stop. */
const PERSON_US = 60 * US_PER_S;
/** The line is open: its contactor has fallen by then. */
const POWER_OFF_US = 1 * US_PER_S;
const LOOK_US = 250 * US_PER_MS;
/** Tighter than while training: nothing moves. */
const AGREEMENT_RAD = degToRad(1);
/** Less weight than this, or than the friction that may hold it, does not show which way it pulls. */
const TELLING_NM = 3;
const TELLING_FRICTIONS = 1.5;
const LEAST_SHARE = 0.3;
/** Beyond the relay's time, the drives' silence has to be noticed. */
const RELAY_MARGIN_MS = 60;

/** Both encoders agree at rest, and the torque sensor carries the orthosis' weight the right way round. */
export class SensorsTask extends PreparationTask<'settle' | 'look'> {
  readonly step = 'sensors';
  readonly #sumNm: Float64Array;
  #looks = 0;

  constructor(tools: TaskTools) {
    super(tools, 'settle');
    this.#sumNm = new Float64Array(tools.profile.joints.length);
  }

  protected cycle(look: Look): Verdict {
    this.release(look);
    if (this.phase === 'settle') {
      if (firstNot('disabled', look.inputs) < 0) return this.enter('look');
      return this.elapsedUs > PATIENCE_US ? this.fail('driveNotEnabled', firstNot('disabled', look.inputs)) : 'running';
    }
    this.#looks++;
    for (let j = 0; j < look.joints.length; j++) {
      const joint = look.joints[j];
      const agree = joint?.motorFresh === true && !joint.encoderImplausible && Math.abs(joint.positionRad - joint.encoderRad) <= AGREEMENT_RAD;
      if (!agree) return this.fail('sensorsDisagree', j);
      this.#sumNm[j] = (this.#sumNm[j] ?? 0) + (look.inputs.joints[j]?.jointTorqueNm ?? Number.NaN);
    }
    return this.elapsedUs < LOOK_US ? 'running' : this.#judgeTorque(look);
  }

  #judgeTorque({ joints }: Look): Verdict {
    const { profile, motion } = this.tools;
    for (const [j, joint] of profile.joints.entries()) {
      const meanNm = (this.#sumNm[j] ?? Number.NaN) / this.#looks;
      const weightNm = motion.gravityNm(j, joints);
      const tells = Math.abs(weightNm) >= Math.max(TELLING_NM, TELLING_FRICTIONS * joint.coulombFrictionNm);
      if (!(Math.abs(meanNm) <= joint.torqueLimitNm) || (tells && meanNm / weightNm < LEAST_SHARE)) return this.fail('torqueImplausible', j);
    }
    return 'passed';
  }
}

/** A person presses the button, the power is seen to go, and it is reset in the two steps that it always needs. */
export class EstopTask extends PreparationTask<'press' | 'gone' | 'release' | 'acknowledge' | 'return'> {
  readonly step = 'estop';
  override expects = ['estopOpen', 'driveSilent', 'driveUnattended', 'sensorSilent', 'linkDown', 'relayOpen', 'driveFault', 'implausible', 'disagreement', 'patientButton', 'brakeEngaged'] as const;
  override states = ['selfTest', 'emergency', 'connecting', 'idle'] as const;
  override ask: PreparationTask<string>['ask'] = 'pressEstop';

  constructor(tools: TaskTools) {
    super(tools, 'press');
  }

  protected cycle(look: Look): Verdict {
    const { inputs, state } = look;
    this.release(look);
    // While a person walks to the button, a device that stands on its brakes would sink out of its range.
    if (this.tools.profile.stop.endsIn === 'brake') this.tools.io.requestBrakes(true, inputs.nowUs);
    switch (this.phase) {
      case 'press':
        if (!inputs.hub.estopClosed) return this.enter('gone');
        return this.elapsedUs > PERSON_US ? this.fail('estopNotPressed') : 'running';
      case 'gone': {
        const alive = firstAlive(inputs, this.tools.profile.watchdogs.inputMaxAgeMs);
        if (!inputs.hub.enableRelayClosed && alive < 0) return this.#askFor('releaseEstop', 'release');
        return this.elapsedUs > POWER_OFF_US ? this.fail('estopPowerStays', alive) : 'running';
      }
      case 'release':
        if (inputs.hub.estopClosed) return this.#askFor('acknowledge', 'acknowledge');
        return this.elapsedUs > PERSON_US ? this.fail('estopNotReleased') : 'running';
      case 'acknowledge':
        if (state !== 'emergency') return this.#askFor('none', 'return');
        return this.elapsedUs > PERSON_US ? this.fail('notAcknowledged') : 'running';
      case 'return':
      default:
        if (state === 'selfTest' && inputs.hub.enableRelayClosed && firstNot('disabled', inputs) < 0) return 'passed';
        return this.elapsedUs > PATIENCE_US ? this.fail('powerDoesNotReturn', firstNot('disabled', inputs)) : 'running';
    }
  }

  #askFor(ask: PreparationTask<string>['ask'], phase: 'release' | 'acknowledge' | 'return'): Verdict {
    this.ask = ask;
    return this.enter(phase);
  }
}

/** The brakes close and open when the hub is asked; begun with `free`, those that stand closed between sessions are only opened. */
export class BrakesTask extends PreparationTask<'engage' | 'free'> {
  readonly step = 'brakes';
  override expects = ['brakeEngaged'] as const;

  protected cycle(look: Look): Verdict {
    const { inputs } = look;
    const engage = this.phase === 'engage';
    this.release(look);
    this.tools.io.requestBrakes(engage, inputs.nowUs);
    if (inputs.hub.brakeEngaged === engage) return engage ? this.enter('free') : 'passed';
    return this.elapsedUs > PATIENCE_US ? this.fail(engage ? 'brakeDoesNotEngage' : 'brakeDoesNotRelease') : 'running';
  }
}

/** Drives hold nothing, enabled and braked; without heartbeat the relay opens and each of them loses its power. */
export class RelayTask extends PreparationTask<'brake' | 'enable' | 'withhold' | 'return'> {
  readonly step = 'relay';
  override expects = ['brakeEngaged', 'relayOpen', 'driveSilent', 'driveUnattended', 'sensorSilent', 'linkDown', 'driveFault', 'monitorDisagrees'] as const;

  constructor(tools: TaskTools) {
    super(tools, 'brake');
  }

  protected cycle(look: Look): Verdict {
    const { inputs, joints } = look;
    const { io, motion } = this.tools;
    switch (this.phase) {
      case 'brake':
        this.release(look);
        io.requestBrakes(true, inputs.nowUs);
        if (inputs.hub.brakeEngaged && firstNot('disabled', inputs) < 0) return this.#enable(look);
        return this.elapsedUs > PATIENCE_US ? this.fail('brakeDoesNotEngage') : 'running';
      case 'enable':
        this.hold(look, false);
        if (firstNot('enabled', inputs) < 0) return this.enter('withhold');
        return this.elapsedUs > PATIENCE_US ? this.fail('driveNotEnabled', firstNot('enabled', inputs)) : 'running';
      case 'withhold':
        io.write(motion.hold(joints, false), inputs.nowUs, 'starve');
        return this.#judgeRelay(inputs);
      case 'return':
      default:
        this.release(look);
        io.requestBrakes(false, inputs.nowUs);
        if (inputs.hub.enableRelayClosed && !inputs.hub.brakeEngaged && firstNot('disabled', inputs) < 0) return 'passed';
        return this.elapsedUs > PATIENCE_US ? this.fail('powerDoesNotReturn', firstNot('disabled', inputs)) : 'running';
    }
  }

  #enable(look: Look): Verdict {
    this.tools.motion.begin(look.joints);
    return this.enter('enable');
  }

  #judgeRelay(inputs: RobotInputs): Verdict {
    const { hub, watchdogs } = this.tools.profile;
    const alive = firstAlive(inputs, watchdogs.inputMaxAgeMs);
    if (!inputs.hub.enableRelayClosed && alive < 0) return this.enter('return');
    if (this.elapsedUs <= (hub.heartbeatTimeoutMs + watchdogs.inputMaxAgeMs + RELAY_MARGIN_MS) * US_PER_MS) return 'running';
    return inputs.hub.enableRelayClosed ? this.fail('relayStaysClosed') : this.fail('powerStays', alive);
  }
}

const REASON_OF: Readonly<Record<Exclude<ProofOutcome, 'proven'>, PreparationReason>> = {
  keptPushing: 'watchdogKeptPushing',
  notHeld: 'watchdogNotHeld',
  notEnabled: 'driveNotEnabled',
  noAnswer: 'watchdogNoAnswer',
  notReady: 'watchdogNotReady',
};

/** Watchdogs that no protocol shows are let trip; those that it shows are read back when the drive is set up. */
export class WatchdogsTask extends PreparationTask<'prove'> {
  readonly step = 'watchdogs';
  override expects = ['brakeEngaged', 'driveSilent', 'driveUnattended'] as const;
  readonly #prover: WatchdogProver;
  readonly #indices: readonly number[];

  constructor(tools: TaskTools) {
    super(tools, 'prove');
    this.#prover = new WatchdogProver(tools.profile, tools.io);
    this.#indices = tools.profile.joints.flatMap(({ drive }, j) => (drive.watchdog === 'proof' ? [j] : []));
  }

  protected cycle({ inputs }: Look): Verdict {
    const { proofs } = this.#prover;
    this.joint = this.#indices[proofs.length] ?? -1;
    this.#prover.step(inputs);
    const last = proofs.at(-1);
    if (last !== undefined && last.outcome !== 'proven') return this.fail(REASON_OF[last.outcome], this.tools.profile.joints.indexOf(last.joint));
    return this.#prover.done ? 'passed' : 'running';
  }
}

/** @returns the first drive that still has its power, as far as can be seen: it answers, and tells no fault; or −1 */
function firstAlive({ joints }: RobotInputs, silentMs: number): number {
  for (let j = 0; j < joints.length; j++) {
    const joint = joints[j];
    if (joint === undefined || (joint.driveState !== 'absent' && joint.driveState !== 'fault' && joint.driveAgeUs <= silentMs * US_PER_MS)) return j;
  }
  return -1;
}
