/** Lets the lab's cycles run at the profile's rate while the page is shown, and publishes what people can read. */
import { signal, type Signal } from '@preact/signals';
import type { JointProfile, RobotProfile } from '../../protocols/profile.ts';
import type { OperatorCommand } from '../../protocols/supervision.ts';
import { healthyInputs, presetInputs, type LabInputs, type Preset } from './lab-inputs.ts';
import { SafetyLab, type LabView } from './safety-lab.ts';

/** A page that was hidden does not catch up. */
const LONGEST_FRAME_SEC = 0.1;
const PUBLISH_EVERY_MS = 100;

export class LabRunner {
  readonly inputs: Signal<LabInputs>;
  readonly view: Signal<LabView>;
  readonly running = signal(true);
  lab: SafetyLab;
  #owedSec = 0;
  #beforeMs = Number.NaN;
  #publishedMs = -Infinity;
  #command: OperatorCommand | 'none' = 'none';

  constructor(
    private readonly profile: RobotProfile,
    readonly joint: JointProfile,
  ) {
    this.lab = new SafetyLab(profile, joint);
    this.inputs = signal(healthyInputs(joint));
    this.view = signal(this.lab.view());
  }

  /** Per animation frame. */
  frame(nowMs: number): void {
    const elapsedSec = Math.min(LONGEST_FRAME_SEC, (nowMs - this.#beforeMs) / 1_000 || 0);
    this.#beforeMs = nowMs;
    if (!this.running.peek()) return;
    this.#owedSec += elapsedSec;
    const periodSec = 1 / this.profile.controlRateHz;
    for (; this.#owedSec >= periodSec; this.#owedSec -= periodSec) this.#cycle();
    if (nowMs - this.#publishedMs < PUBLISH_EVERY_MS) return;
    this.#publishedMs = nowMs;
    this.#publish();
  }

  /** One cycle by hand. */
  step(): void {
    this.running.value = false;
    this.#cycle();
    this.#publish();
  }

  set(change: Partial<LabInputs>): void {
    this.inputs.value = { ...this.inputs.peek(), ...change };
  }

  press(command: OperatorCommand): void {
    this.#command = command;
    if (!this.running.peek()) this.step();
  }

  /** A joint that walks through nothing but this: what stood before is forgotten. */
  choose(preset: Preset): void {
    this.lab = new SafetyLab(this.profile, this.joint);
    this.inputs.value = presetInputs(preset, this.profile, this.joint, this.lab.view().shown.encoderPositionDeg);
    this.#publish();
  }

  #cycle(): void {
    this.lab.cycle(this.inputs.peek(), this.#command);
    this.#command = 'none';
  }

  #publish(): void {
    this.view.value = this.lab.view();
  }
}
