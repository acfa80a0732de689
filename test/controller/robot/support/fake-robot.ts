/** A robot below the `RobotIo` contract whose joints are always where they are told to be, and a loop around it. */
import { readFileSync } from 'node:fs';
import { createControlLoop, type ControlLoop } from '../../../../controller/robot/control-loop.ts';
import type { RobotPreparation } from '../../../../controller/robot/preparation.ts';
import type { RobotIo } from '../../../../hal/robot-io.ts';
import { PermittedCommand, type RelayOrder, type RobotInputs } from '../../../../protocols/joints.ts';
import { parseProfile } from '../../../../protocols/profile-text.ts';
import { toRangeRad, type RobotProfile } from '../../../../protocols/profile.ts';
import { emptyInputs, type SessionEvent } from '../../../../protocols/session-log.ts';
import type { SessionSetup } from '../../../../protocols/supervision.ts';
import { createRandom } from '../../../../protocols/random.ts';
import { degToRad, kmhToMps } from '../../../../protocols/units.ts';
import { obey } from './obeying-actuators.ts';
import { sensedTorqueNm } from '../../safety/fixtures.ts';

export const profile = parseProfile(readFileSync('hal/profiles/gait-orthosis.json', 'utf8'), 'gait-orthosis.json');
export const PERIOD_US = 1e6 / profile.controlRateHz;

export const setup: SessionSetup = {
  patientRef: 'test',
  bodyMassKg: 75,
  heightM: 1.8,
  permittedRangeRad: profile.joints.map((joint) => toRangeRad(joint.softRangeDeg)),
  parameters: { speedMps: kmhToMps(1.5), guidance: { left: 0.5, right: 0.5 }, romScale: [1, 1, 1, 1], offsetRad: [0, 0, 0, 0] },
  confirmed: { identity: true, side: true, consent: true, geometry: true, alarms: true },
};

export class FakeRobotIo implements RobotIo {
  readonly writes: { enable: boolean; relay: RelayOrder }[] = [];
  readonly brakesAsked: boolean[] = [];
  brakesClosed = false;
  brakesObey = true;
  /** Thrown by the next read. */
  fault: Error | null = null;
  readonly #inputs = emptyInputs(profile.joints.length, profile.links.length);
  #command: PermittedCommand | null = null;
  readonly #positionRad = profile.joints.map(() => degToRad(10));
  readonly #velocityRadPerSec = profile.joints.map(() => 0);

  constructor(readonly adjust: (inputs: RobotInputs) => void = () => {}) {}

  start(): void {}

  starveDrives(): void {}

  requestBrakes(engaged: boolean): void {
    this.brakesAsked.push(engaged);
    this.brakesClosed = this.brakesObey ? engaged : this.brakesClosed;
  }

  async close(): Promise<void> {}

  read(cycle: number, nowUs: number, latenessUs: number): RobotInputs {
    if (this.fault !== null) throw this.fault;
    const inputs = this.#inputs;
    Object.assign(inputs, { cycle, nowUs, latenessUs });
    Object.assign(inputs.hub, { ageUs: 1_000, sequence: cycle, deviceTimeUs: nowUs, estopClosed: true, patientButtonPressed: false, enableRelayClosed: true, brakeEngaged: this.brakesClosed });
    inputs.monitor.ageUs = 1_000;
    inputs.joints.forEach((joint, j) => {
      const command = this.#command?.enable === true ? this.#command.joints[j] : undefined;
      const before = this.#positionRad[j] ?? 0;
      const positionRad = command !== undefined && command.stiffnessNmPerRad > 0 ? command.positionRad : before;
      this.#positionRad[j] = positionRad;
      const velocity = (positionRad - before) / (PERIOD_US / 1e6);
      const motorTorqueNm = command === undefined ? 0 : command.dampingNmsPerRad * (command.velocityRadPerSec - velocity) + command.torqueNm;
      const motion = { motorPositionRad: positionRad, encoderPositionRad: positionRad, motorVelocityRadPerSec: velocity, motorTorqueNm };
      Object.assign(joint, motion, { driveState: command === undefined ? 'disabled' : 'enabled', driveErrorCode: 0, jointTorqueNm: sensedTorqueNm(profile.joints[j]!, motorTorqueNm, velocity, this.#velocityRadPerSec[j] ?? 0), driveTempC: 30, driveAgeUs: 1_000, driveSequence: cycle, encoderQuality: 255 });
      this.#velocityRadPerSec[j] = velocity;
    });
    for (const link of inputs.links) link.up = true;
    obey(inputs, this.#command);
    this.adjust(inputs);
    return inputs;
  }

  write(command: PermittedCommand, _nowUs: number, relay: RelayOrder): void {
    if (!PermittedCommand.isGenuine(command)) throw new TypeError('forged');
    this.#command = command;
    this.writes.push({ enable: command.enable, relay });
  }
}

/** Joints that are always where they are told to be have nothing to be tested for. */
export const alreadyPrepared: RobotPreparation = {
  news: { step: 'homing', status: 'passed', ask: 'none', reason: 'none', cause: 'none', joint: null, tested: true, prepared: true },
  active: false,
  tell: (intent) => void (intent.prepared = true),
  cycle: () => false,
};

export class LoopRig {
  readonly io: FakeRobotIo;
  readonly loop: ControlLoop;
  readonly events: SessionEvent[] = [];
  readonly rows: Float64Array[] = [];
  readonly failures: unknown[] = [];
  nowUs = 0;
  #sequence = 0;

  constructor(adjust?: (inputs: RobotInputs) => void, robot: RobotProfile = profile) {
    this.io = new FakeRobotIo(adjust);
    this.loop = createControlLoop({ profile: robot, io: this.io, preparation: alreadyPrepared, random: createRandom(1), sink: { row: (row) => this.rows.push(row.slice()) }, onFailure: (error) => this.failures.push(error) });
    this.loop.events$.subscribe((event) => this.events.push(event));
  }

  /** @param renew keeps the lease of epoch 1 alive */
  ticks(count: number, renew = true): void {
    for (let n = 0; n < count; n++) {
      this.nowUs += PERIOD_US;
      const challenge = this.loop.operator.openChallenge;
      if (renew && challenge !== null) this.loop.operator.renewLease(1, ++this.#sequence, challenge, this.nowUs);
      this.loop.tick(this.nowUs, 0);
    }
  }

  openSession(): void {
    this.ticks(10, false);
    this.loop.operator.takeLease(1, this.nowUs);
    this.loop.openSession(setup, { sessionId: 's1', actor: 'tester' }, this.nowUs);
    this.ticks(10);
  }

  /** A session in which the robot walks. */
  walk(): void {
    this.openSession();
    this.loop.operator.command(1, 'arm', 'tester', this.nowUs);
    this.ticks(250);
    this.loop.operator.command(1, 'start', 'tester', this.nowUs);
    this.ticks(1_000);
  }

  get state(): string {
    return this.loop.cycle.output.state;
  }
}
