/** What feet and belts of the simulated body really do, as somebody in the room would see it. */
import type { Footing } from '../../../sim/body/footing.ts';
import { STEP_US } from '../../../sim/drives/device.ts';
import { sides, type Side } from '../../../protocols/supervision.ts';

/** A foot stands from here on, and is in the air below the second: apart, so that no single step of the engine counts as a stride. */
const STANDS_N = 30;
const LEFT_N = 5;
/** A stance is no shorter: a toe that brushes the belt is none. */
const SHORTEST_STANCE_US = 150_000;

interface Stance {
  readonly beganUs: number;
  /** Heel of this foot before heel of the other, when it came down. */
  readonly stepM: number;
  /** Where the foot stood on the belt, by heel and forefoot, added up. */
  heelSlipM: number;
  forefootSlipM: number;
  endedUs: number;
}

/** No reference, no joint angle, nothing that a controller says. */
export class GaitTruth {
  readonly stances: Readonly<Record<Side, Stance[]>> = { left: [], right: [] };
  beltM = 0;
  #us = 0;
  readonly #standing: Record<Side, Stance | null> = { left: null, right: null };

  constructor(private readonly ground: Footing) {}

  /** After each step of the engine. */
  look(beltMps: number): void {
    this.#us += STEP_US;
    this.beltM += (beltMps * STEP_US) / 1e6;
    for (const side of sides) this.#lookAt(side);
  }

  get us(): number {
    return this.#us;
  }

  #lookAt(side: Side): void {
    const { heel, forefoot } = this.ground.feet[side];
    const loadN = heel.loadN + forefoot.loadN;
    const stance = this.#standing[side];
    if (stance === null && loadN > STANDS_N) {
      const other = this.ground.feet[side === 'left' ? 'right' : 'left'];
      this.#standing[side] = { beganUs: this.#us, stepM: heel.forwardM - other.heel.forwardM, heelSlipM: 0, forefootSlipM: 0, endedUs: 0 };
    }
    if (stance === null) return;
    stance.heelSlipM += (heel.slipMps * STEP_US) / 1e6;
    stance.forefootSlipM += (forefoot.slipMps * STEP_US) / 1e6;
    if (loadN > LEFT_N) return;
    stance.endedUs = this.#us;
    if (this.#us - stance.beganUs >= SHORTEST_STANCE_US) this.stances[side].push(stance);
    this.#standing[side] = null;
  }
}
