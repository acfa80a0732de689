/** The true cuff torques of the last stride without a fault, by gait phase: what a person does who does not push. */
import type { TruthRecord } from '../../../sim/truth.ts';

/** Own value: at the slowest walk some ten cycles each. */
const PHASES = 50;

export class CuffUsual {
  readonly #torqueNm: Float64Array;

  constructor(private readonly joints: number) {
    this.#torqueNm = new Float64Array(PHASES * joints);
  }

  /** @param phase 0 … 1 */
  note(phase: number, { cuffTorqueNm }: TruthRecord): void {
    const first = this.#place(phase);
    for (let j = 0; j < this.joints; j++) this.#torqueNm[first + j] = cuffTorqueNm[j] ?? Number.NaN;
  }

  torqueNm(phase: number, joint: number): number {
    return this.#torqueNm[this.#place(phase) + joint] ?? Number.NaN;
  }

  #place(phase: number): number {
    return Math.min(PHASES - 1, Math.max(0, Math.floor(phase * PHASES))) * this.joints;
  }
}
