/** Torques of somebody who walks, for the watch over the interaction, and what is added to them. */
import { InteractionWatch } from '../../../controller/safety/interaction.ts';
import { emptyJointCommand } from '../../../protocols/joints.ts';
import { sin } from '../../../protocols/math.ts';
import type { Intent } from '../../../protocols/session-log.ts';
import { healthyIntent, PERIOD_US, profile } from './fixtures.ts';

export const STRIDE_CYCLES = 400;
export const LIMIT_NM = profile.joints[0]!.interactionLimitNm;
export const MS = PERIOD_US / 1000;
export const NEW = [1, 1, 1, 1];

/** What a relaxed patient's hip adds in a stride. */
export const usual = (phase: number): number => 8 * sin(2 * Math.PI * phase);

export class Walker {
  readonly watch = new InteractionWatch(profile.joints);
  readonly intent: Intent = healthyIntent();
  readonly torqueNm = new Float64Array(4);
  readonly planned = profile.joints.map(() => emptyJointCommand());
  isNew: readonly number[] = NEW;
  readonly measured = profile.joints.map(() => ({ velocityRadPerSec: 1 }));
  readonly gait = { phase: 0, blend: 1, guidanceLeft: 1, guidanceRight: 1, freeLeft: 0, freeRight: 0, freeJoint: -1, changing: false, jolt: 0, groundNm: null as readonly number[] | null, planned: this.planned, measured: this.measured };
  cycle = 0;
  pace = 1;
  /** Beside what is usual, by cycle and joint. */
  extraNm: (cycle: number, joint: number) => number = () => 0;

  step(): void {
    this.cycle++;
    if (this.gait.blend > 0) this.gait.phase = (this.gait.phase + this.pace / STRIDE_CYCLES) % 1;
    for (let j = 0; j < 4; j++) {
      const phase = j < 2 ? this.gait.phase : (this.gait.phase + 0.5) % 1;
      this.torqueNm[j] = this.gait.blend * usual(phase) + this.extraNm(this.cycle, j);
    }
    this.watch.update(this.torqueNm, this.isNew, this.gait, this.intent, PERIOD_US);
  }

  run(cycles: number): this {
    for (let n = 0; n < cycles; n++) this.step();
    return this;
  }

  /** Pushes a joint from now on, rising in so many milliseconds. @returns ms until the suspicion has lasted, or NaN */
  push(joint: number, torqueNm: number, riseMs: number, patienceMs = 400): number {
    const from = this.cycle;
    const before = this.extraNm;
    this.extraNm = (cycle, j) => before(cycle, j) + (j === joint ? torqueNm * Math.min(1, ((cycle - from) * MS) / riseMs) : 0);
    for (let ms = MS; ms <= patienceMs; ms += MS) {
      this.step();
      if (this.watch.joints[joint]!.suspected) return ms;
    }
    return Number.NaN;
  }

  get suspected(): boolean[] {
    return this.watch.joints.map(({ suspected }) => suspected);
  }
}

export const known = (): Walker => new Walker().run(16 * STRIDE_CYCLES);

export const none = [false, false, false, false];
