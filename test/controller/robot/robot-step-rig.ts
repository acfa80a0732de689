/** The pure step on the real physics, through the real HAL and wire formats, on virtual time. */
import { readFileSync } from 'node:fs';
import { MonitorInProcess } from '../../../controller/robot/monitor-in-process.ts';
import { createRobotStep, relayOrder, type RobotStep } from '../../../controller/robot/robot-step.ts';
import { ManualClock, ManualScheduler } from '../../../hal/clock.ts';
import { createDriveRobotIo } from '../../../hal/drive-robot-io.ts';
import type { RobotIo } from '../../../hal/robot-io.ts';
import { createMemoryLink } from '../../../hal/transport/memory.ts';
import type { RobotInputs } from '../../../protocols/joints.ts';
import { parseProfile } from '../../../protocols/profile-text.ts';
import { sensedJointsOf, toRangeRad, type RobotProfile } from '../../../protocols/profile.ts';
import { emptyIntent, type Intent, type StepOutput } from '../../../protocols/session-log.ts';
import type { OperatorCommand, SessionSetup } from '../../../protocols/supervision.ts';
import { kmhToMps } from '../../../protocols/units.ts';
import { createLockstepRobot, type LockstepRobot } from '../../../sim/lockstep.ts';
import type { VirtualRobotOptions } from '../../../sim/virtual-robot.ts';

export const profile: RobotProfile = parseProfile(readFileSync('hal/profiles/gait-orthosis.json', 'utf8'), 'gait-orthosis.json');

export const setup: SessionSetup = {
  patientRef: 'test',
  bodyMassKg: 75,
  heightM: 1.8,
  permittedRangeRad: profile.joints.map((joint) => toRangeRad(joint.softRangeDeg)),
  parameters: { speedMps: kmhToMps(1.5), guidance: { left: 1, right: 1 }, romScale: [1, 1, 1, 1], offsetRad: [0, 0, 0, 0] },
  confirmed: { identity: true, side: true, consent: true, geometry: true, alarms: true },
};

export class Rig {
  readonly intent: Intent;
  inputs: RobotInputs;
  output: StepOutput;
  cycle = 0;
  readonly #clock = new ManualClock();
  readonly #scheduler = new ManualScheduler(this.#clock);
  readonly #io: RobotIo;
  readonly periodUs: number;
  /** Bytes arrive in these portions of a cycle; a UART of moteus drives, and a bus whose servos answer one after the other, are read more often than once. */
  readonly #portionUs: number;

  private constructor(
    readonly robot: LockstepRobot,
    public step: RobotStep,
    readonly profile: RobotProfile,
  ) {
    this.intent = emptyIntent(profile.joints.length);
    this.periodUs = 1e6 / profile.controlRateHz;
    const inTurns = sensedJointsOf(profile).some(({ reading }) => reading.by === 'servo');
    this.#portionUs = inTurns || profile.joints.some(({ drive }) => drive.protocol === 'moteus') ? 1_000 : this.periodUs;
    const links = new Map(profile.links.map((link) => [link.id, createMemoryLink(link.id)]));
    robot.connect(new Map([...links].map(([id, link]) => [id, link.device])));
    const factories = new Map([...links].map(([id, link]) => [id, link.factory]));
    this.#io = createDriveRobotIo({ profile, factories, clock: this.#clock, scheduler: this.#scheduler, onNotice: () => {}, guard: new MonitorInProcess(profile) });
    Object.assign(this.intent, { sessionOpen: true, stationConnected: true, leaseEpoch: 1, leaseAgeUs: 0, prepared: true, speedMps: kmhToMps(1.5), guidanceLeft: 1, guidanceRight: 1 });
    this.#io.start();
    this.inputs = this.#io.read(0, 0, 0);
    this.output = this.step.step(this.inputs, this.intent);
  }

  /** The orthosis. @param unknown what of the robot and the patient differs from what the controller was told */
  static async create(bodyMassKg = 75, heightM = 1.8, unknown: Partial<VirtualRobotOptions> = {}, entered: Partial<SessionSetup> = {}): Promise<Rig> {
    const rig = await Rig.of(profile, { ...setup, bodyMassKg, heightM, ...entered }, unknown);
    // More than that the drives could not carry for long.
    rig.intent.unloadingKg = Math.max(0, bodyMassKg - 100);
    return rig;
  }

  /** Of any class. */
  static async of(robotProfile: RobotProfile, session: SessionSetup, unknown: Partial<VirtualRobotOptions> = {}): Promise<Rig> {
    const { bodyMassKg, heightM } = session;
    const robot = await createLockstepRobot({ profile: robotProfile, seed: 1, bodyMassKg, heightM, ...unknown });
    const rig = new Rig(robot, createRobotStep(robotProfile, session, 'none'), robotProfile);
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    return rig;
  }

  get joints() {
    return this.profile.joints.map((_, j) => ({ positionRad: this.robot.robot.body.positionRad(j), velocityRadPerSec: this.robot.robot.body.velocityRadPerSec(j) }));
  }

  command(command: OperatorCommand): void {
    this.intent.command = command;
    this.intent.commandSequence++;
  }

  tick(latenessUs = 0): StepOutput {
    for (let us = 0; us < this.periodUs; us += this.#portionUs) {
      this.robot.step(this.#portionUs);
      this.#clock.advanceUs(this.#portionUs);
    }
    this.#scheduler.runDue();
    const nowUs = this.#clock.nowUs();
    this.inputs = this.#io.read(++this.cycle, nowUs, latenessUs);
    this.output = this.step.step(this.inputs, this.intent);
    this.#io.write(this.output.permitted, nowUs, relayOrder(this.output));
    const { closeBrakes } = this.output.permitted;
    if (this.inputs.hub.brakeEngaged !== closeBrakes && this.profile.stop.endsIn === 'brake') this.#io.requestBrakes(closeBrakes, nowUs);
    return this.output;
  }

  run(seconds: number, each: (output: StepOutput) => void = () => {}): StepOutput {
    for (let n = Math.round((seconds * 1e6) / this.periodUs); n > 0; n--) each(this.tick());
    return this.output;
  }

  /** @throws when the condition does not come in time */
  until(condition: (output: StepOutput) => boolean, seconds: number): StepOutput {
    for (let n = Math.round((seconds * 1e6) / this.periodUs); n > 0; n--) if (condition(this.tick())) return this.output;
    throw new Error(`not within ${seconds} s: state ${this.output.state}, cause ${this.output.cause}, blocker ${this.output.readyBlocker}`);
  }
}
