/** Lets the lab's cycles run at the profile's rate while the page is shown, and publishes what people can read. */
import { signal, type Signal } from '@preact/signals';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { OperatorCommand } from '../../protocols/supervision.ts';
import { healthyInputs, presetInputs, type LabInputs, type Preset } from './lab-inputs.ts';
import { SafetyLab, type LabView } from './safety-lab.ts';

/** A page that was hidden does not catch up. */
const LONGEST_FRAME_SEC = 0.1;
const PUBLISH_EVERY_MS = 100;
/** Own value: of a fresh robot that is brought to its training, in quick motion; the page stays alive meanwhile. */
const BRING_UP_CYCLES = 250;

export class LabRunner {
  readonly inputs: Signal<LabInputs>;
  readonly view: Signal<LabView>;
  readonly running = signal(true);
  lab: SafetyLab;
  /** To be shown as soon as the fresh robot trains. */
  #preset: Preset | null = null;
  #owedSec = 0;
  #beforeMs = Number.NaN;
  #publishedMs = -Infinity;
  #command: OperatorCommand | 'none' = 'none';

  /** @param chosen index of the joint that the sliders are about */
  constructor(
    private readonly profile: RobotProfile,
    readonly chosen: number,
  ) {
    this.lab = new SafetyLab(profile, chosen);
    this.inputs = signal(healthyInputs(profile));
    this.view = signal(this.lab.view());
  }

  /** Per animation frame. */
  frame(nowMs: number): void {
    const elapsedSec = Math.min(LONGEST_FRAME_SEC, (nowMs - this.#beforeMs) / 1_000 || 0);
    this.#beforeMs = nowMs;
    if (!this.lab.isUp) this.#bringUp(BRING_UP_CYCLES);
    else if (this.running.peek()) this.#goOn(elapsedSec);
    else return;
    if (nowMs - this.#publishedMs < PUBLISH_EVERY_MS) return;
    this.#publishedMs = nowMs;
    this.#publish();
  }

  #goOn(elapsedSec: number): void {
    this.#owedSec += elapsedSec;
    const periodSec = 1 / this.profile.controlRateHz;
    for (; this.#owedSec >= periodSec; this.#owedSec -= periodSec) this.#cycle();
  }

  /** One cycle by hand. */
  step(): void {
    this.running.value = false;
    this.#bringUp(Infinity);
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

  /** A fresh robot that meets nothing but this, once it trains: what stood before is forgotten. */
  choose(preset: Preset): void {
    this.lab = new SafetyLab(this.profile, this.chosen);
    this.#preset = preset;
    this.inputs.value = healthyInputs(this.profile);
    this.#publish();
  }

  #bringUp(mostCycles: number): void {
    this.lab.bringUp(mostCycles);
    if (!this.lab.isUp || this.#preset === null) return;
    this.inputs.value = presetInputs(this.#preset, this.profile, this.chosen, this.lab.view().shown.encoderPositionDeg);
    this.#preset = null;
  }

  #cycle(): void {
    this.lab.cycle(this.inputs.peek(), this.#command);
    this.#command = 'none';
  }

  #publish(): void {
    this.view.value = this.lab.view();
  }
}
