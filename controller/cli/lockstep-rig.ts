/**
 * Control loop and HAL on one side of memory cables, the virtual robot on the other, all on virtual time: what a session
 * in lock-step and a case of the fault campaign run on. The same calls give the same bits, however fast the machine is.
 */
import { ManualClock, ManualScheduler } from '../../hal/clock.ts';
import { createDriveRobotIo } from '../../hal/drive-robot-io.ts';
import { createMemoryLink, type MemoryDeviceEnd } from '../../hal/transport/memory.ts';
import { createRandom, type Random } from '../../protocols/random.ts';
import { US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { createLockstepRobot, type LockstepRobot } from '../../sim/lockstep.ts';
import type { VirtualRobotOptions } from '../../sim/virtual-robot.ts';
import { createControlLoop, type ControlLoop, type CycleSink } from '../robot/control-loop.ts';
import { MonitorInProcess } from '../robot/monitor-in-process.ts';
import { ArrivalJitter } from './arrival-jitter.ts';
import { HeldEnd } from './held-end.ts';

export interface LockstepRigOptions extends VirtualRobotOptions {
  readonly sink: CycleSink;
}

/** Bytes arrive in these portions of a cycle, so that their age is known to the millisecond. */
const QUANTUM_US = US_PER_MS;

export class LockstepRig {
  readonly loop: ControlLoop;
  readonly periodUs: number;
  /** Called whenever the robot has moved on by a millisecond. */
  onMoved: () => void = () => {};
  /** The controller is dead: no cycle runs any more, the robot goes on. */
  halted = false;
  readonly #clock = new ManualClock();
  readonly #scheduler = new ManualScheduler(this.#clock);
  readonly #io: ReturnType<typeof createDriveRobotIo>;
  readonly #ends: readonly HeldEnd[];
  #failure: unknown;
  #cycle = 0;
  #epoch = 0;
  #sequence = 0;
  #present = false;
  /** Cycles that pass without a tick, and how late the next tick is by then. */
  #stalledCycles = 0;
  #latenessUs = 0;
  #jitter: ArrivalJitter | null = null;
  /** Simulated time that the robot is behind. */
  #owedUs = 0;

  private constructor(
    { profile, sink, seed }: LockstepRigOptions,
    readonly robot: LockstepRobot,
  ) {
    this.periodUs = US_PER_S / profile.controlRateHz;
    const links = new Map(profile.links.map((link) => [link.id, createMemoryLink(link.id)]));
    const ends = new Map([...links].map(([id, link]): [string, HeldEnd] => [id, new HeldEnd(link.device)]));
    this.#ends = [...ends.values()];
    robot.connect(ends satisfies ReadonlyMap<string, MemoryDeviceEnd>);
    const factories = new Map([...links].map(([id, link]) => [id, link.factory]));
    this.#io = createDriveRobotIo({ profile, factories, clock: this.#clock, scheduler: this.#scheduler, onNotice: () => {}, guard: new MonitorInProcess(profile) });
    this.loop = createControlLoop({ profile, io: this.#io, sink, random: createRandom(seed), onFailure: (error) => this.fail(error) });
  }

  static async create(options: LockstepRigOptions): Promise<LockstepRig> {
    return new LockstepRig(options, await createLockstepRobot(options));
  }

  get nowUs(): number {
    return this.#clock.nowUs();
  }

  /** How many cycles have passed. */
  get cycles(): number {
    return this.#cycle;
  }

  /** Of who holds the controls. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Opens the ports. */
  start(): void {
    this.#io.start();
  }

  /** From then on the next cycle throws the first failure. */
  fail(error: unknown): void {
    this.#failure ??= error;
  }

  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** @throws DariError `leaseRefused` */
  takeControl(): void {
    this.loop.operator.takeLease(this.#epoch + 1, this.nowUs);
    this.#epoch++;
    this.#sequence = 0;
    this.#present = true;
  }

  /** The operator falls silent: the lease is not renewed any more. */
  leave(): void {
    this.#present = false;
  }

  /** The operator who fell silent renews again; what has expired meanwhile stays so. */
  comeBack(): void {
    this.#present = true;
  }

  /** The controller's thread stands still from now on; what the devices say meanwhile waits in the ports. */
  stall(durationUs: number): void {
    this.#stalledCycles += Math.max(1, Math.round(durationUs / this.periodUs));
    for (const end of this.#ends) end.hold();
  }

  /** From now on bytes come late and in bursts, and ticks late, as on a real computer. */
  beJittery(random: Random): void {
    this.#jitter = new ArrivalJitter(random, this.#ends);
  }

  /** One control cycle, and the robot until the next. @throws what a cycle failed with */
  async cycle(): Promise<void> {
    if (this.#stalledCycles === 0 && this.#jitter !== null) this.#beLate(this.#jitter.nextLateUs());
    if (this.#stalledCycles > 0) this.#sleep();
    else if (!this.halted) this.#tick();
    this.#advanceTo(++this.#cycle * this.periodUs);
    if (!this.halted && this.#stalledCycles === 0) this.#scheduler.runDue();
    // Transports answer by promises; they settle here, at the same cycle every time.
    await Promise.resolve();
  }

  dispose(): void {
    this.robot.dispose();
  }

  #beLate(lateUs: number): void {
    if (lateUs >= this.periodUs) {
      this.stall(lateUs);
      return;
    }
    this.#advanceTo(this.#cycle * this.periodUs + lateUs);
    this.#latenessUs += lateUs;
  }

  #advanceTo(untilUs: number): void {
    while (this.nowUs < untilUs) {
      const quantumUs = Math.min(QUANTUM_US, untilUs - this.nowUs);
      this.#clock.advanceUs(quantumUs);
      this.#owedUs += quantumUs;
      if (this.#jitter?.robotStands === true) for (const end of this.#ends) end.stand();
      else this.#stepRobot();
      this.#jitter?.step();
    }
  }

  /** After it has stood it makes up for the time before it reads what has come meanwhile, as the simulator's process does. */
  #stepRobot(): void {
    for (; this.#owedUs > 0; this.#owedUs -= QUANTUM_US) {
      this.robot.step(Math.min(QUANTUM_US, this.#owedUs));
      this.onMoved();
    }
    this.#owedUs = 0;
    for (const end of this.#ends) end.wake();
  }

  #tick(): void {
    this.#answer();
    if (this.#latenessUs >= this.periodUs) for (const end of this.#ends) end.release();
    this.loop.tick(this.nowUs, this.#latenessUs);
    this.#latenessUs = 0;
    this.throwFailure();
  }

  /** As a screen does that is awake. */
  #answer(): void {
    const { operator } = this.loop;
    if (this.#present && operator.openChallenge !== null) operator.renewLease(this.#epoch, ++this.#sequence, operator.openChallenge, this.nowUs);
  }

  #sleep(): void {
    this.#stalledCycles--;
    this.#latenessUs += this.periodUs;
  }
}
