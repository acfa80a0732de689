/** Step and preparation on the real physics, through the real HAL and wire formats, on virtual time; nobody's session is open. */
import { MonitorInProcess } from '../../../controller/robot/monitor-in-process.ts';
import { Preparation } from '../../../controller/robot/preparation.ts';
import { createRobotStep, relayOrder, type RobotStep } from '../../../controller/robot/robot-step.ts';
import { ManualClock, ManualScheduler } from '../../../hal/clock.ts';
import { createDriveRobotIo } from '../../../hal/drive-robot-io.ts';
import type { RobotIo } from '../../../hal/robot-io.ts';
import { createMemoryLink } from '../../../hal/transport/memory.ts';
import type { RobotInputs } from '../../../protocols/joints.ts';
import type { PreparationNews } from '../../../protocols/preparation.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { emptyIntent, type Intent, type StepOutput } from '../../../protocols/session-log.ts';
import type { OperatorCommand } from '../../../protocols/supervision.ts';
import { createLockstepRobot, type LockstepRobot } from '../../../sim/lockstep.ts';
import { gaitOrthosis } from '../../hal/robot-rig.ts';

export interface PreparationRigOptions {
  /** What the virtual devices are built from, where it differs from the host's profile. */
  readonly device?: RobotProfile;
  /** Between the preparation and the robot. */
  readonly between?: (io: RobotIo) => RobotIo;
  /** True friction, as a multiple of what the profile says. */
  readonly frictionScale?: number;
  /** No limb hangs in the orthosis. */
  readonly empty?: boolean;
}

export class PreparationRig {
  readonly profile = gaitOrthosis();
  readonly intent: Intent = emptyIntent(this.profile.joints.length);
  readonly preparation: Preparation;
  /** Every change that people are told. */
  readonly told: PreparationNews[] = [];
  readonly periodUs = 1e6 / this.profile.controlRateHz;
  inputs: RobotInputs;
  output: StepOutput;
  /** Before each cycle. */
  each: () => void = () => {};
  mostSpeedRadPerSec = 0;
  cycle = 0;
  readonly #step: RobotStep = createRobotStep(this.profile, null, 'none');
  readonly #clock = new ManualClock();
  readonly #scheduler = new ManualScheduler(this.#clock);
  readonly #io: RobotIo;

  private constructor(
    readonly robot: LockstepRobot,
    between: (io: RobotIo) => RobotIo,
  ) {
    const { profile } = this;
    const links = new Map(profile.links.map((link) => [link.id, createMemoryLink(link.id)]));
    robot.connect(new Map([...links].map(([id, link]) => [id, link.device])));
    const factories = new Map([...links].map(([id, link]) => [id, link.factory]));
    const io = createDriveRobotIo({ profile, factories, clock: this.#clock, scheduler: this.#scheduler, onNotice: () => {}, guard: new MonitorInProcess(profile) });
    this.#io = between(io);
    this.preparation = new Preparation(profile, this.#io);
    Object.assign(this.intent, { stationConnected: true, leaseEpoch: 1, leaseAgeUs: 0 });
    this.#io.start();
    this.inputs = this.#io.read(0, 0, 0);
    this.output = this.#step.step(this.inputs, this.intent);
  }

  static async create({ device = gaitOrthosis(), between = (io) => io, frictionScale = 1, empty = false }: PreparationRigOptions = {}): Promise<PreparationRig> {
    const robot = await createLockstepRobot({ profile: device, seed: 1, bodyMassKg: 75, heightM: 1.8, frictionScale });
    if (empty) robot.robot.body.setCuffs(false);
    return new PreparationRig(robot, between);
  }

  get news(): PreparationNews {
    return this.preparation.news;
  }

  command(command: OperatorCommand): void {
    this.intent.command = command;
    this.intent.commandSequence++;
  }

  tick(): void {
    this.each();
    for (let part = 0; part < this.periodUs; part += 1_000) {
      this.#clock.advanceUs(1_000);
      this.robot.step(1_000);
      for (const { velocityRadPerSec } of this.robot.robot.truth().joints) this.mostSpeedRadPerSec = Math.max(this.mostSpeedRadPerSec, Math.abs(velocityRadPerSec));
    }
    this.#scheduler.runDue();
    const nowUs = this.#clock.nowUs();
    this.inputs = this.#io.read(++this.cycle, nowUs, 0);
    this.preparation.tell(this.intent);
    this.output = this.#step.step(this.inputs, this.intent);
    if (!this.preparation.cycle(this.inputs, this.intent, this.output, this.#step.findings)) this.#io.write(this.output.permitted, nowUs, relayOrder(this.output));
    if (this.told.at(-1) !== this.news) this.told.push(this.news);
  }

  /** @throws when the condition does not come in time */
  async until(condition: () => boolean, seconds: number): Promise<void> {
    for (let n = Math.round((seconds * 1e6) / this.periodUs); n > 0; n--) {
      this.tick();
      await Promise.resolve();
      await Promise.resolve();
      if (condition()) return;
    }
    throw new Error(`not within ${seconds} s: ${this.output.state} ${this.output.cause}, ${JSON.stringify(this.news)}`);
  }

  /** What a person does during the self-test. */
  obey(): void {
    const { ask } = this.news;
    if (ask === 'pressEstop') this.robot.controls.estop(true);
    if (ask === 'releaseEstop') this.robot.controls.estop(false);
    if (ask === 'acknowledge' && this.intent.command !== 'acknowledge') this.command('acknowledge');
  }

  /** Through the self-test, as far as it gets. */
  async test(): Promise<void> {
    await this.until(() => this.output.state === 'idle', 5);
    this.command('prepare');
    const { each } = this;
    this.each = () => {
      each();
      this.obey();
    };
    this.tick();
    await this.until(() => !this.preparation.active, 100);
    this.each = each;
  }

  async home(): Promise<void> {
    this.intent.holdAgeUs = 0;
    this.command('home');
    this.tick();
    await this.until(() => !this.preparation.active, 60);
    this.intent.holdAgeUs = Infinity;
    this.tick();
  }
}
