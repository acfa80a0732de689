/** One movement per wish: an arm that goes exactly where it is told, and a person who pushes or tenses a muscle. */
import { describe, expect, it } from 'vitest';
import { ArmProgram } from '../../../controller/therapy/arm-program.ts';
import { ArmTherapy } from '../../../controller/therapy/arm-therapy.ts';
import type { Yielding } from '../../../controller/therapy/soften.ts';
import { toRangeRad } from '../../../protocols/profile.ts';
import { emptyIntent } from '../../../protocols/session-log.ts';
import { triggerMistake, type Trigger } from '../../../protocols/trigger.ts';
import { degToRad } from '../../../protocols/units.ts';
import { armExo } from '../../sim/support/profile.ts';

const PERIOD_US = 4_000;
const profile = armExo();
const permitted = profile.joints.map(({ softRangeDeg }) => toRangeRad(softRangeDeg));
const program = new ArmProgram(profile, 1.8);
const ends = [0, 0, 0].reduce<number[]>((all) => [...all, program.endOfMove(all.at(-1) ?? 0)], []);

class Arm {
  readonly intent = { ...emptyIntent(6), mode: 'triggered' as 'triggered' | 'passiveMotion', speedMps: 0.3, guidanceLeft: 1, guidanceRight: 1 };
  readonly #interactionNm = new Float64Array(6);
  readonly emg = { sequence: 0, meanUv: [4, 4, 4, 4], peakUv: [9, 9, 9, 9] };
  readonly #yielding: Yielding = { left: false, right: false, interactionNm: this.#interactionNm, emg: this.emg };
  readonly therapy: ArmTherapy;
  readonly #measured = profile.joints.map(({ homePositionDeg }) => ({ positionRad: degToRad(homePositionDeg), velocityRadPerSec: 0 }));
  mostJumpRad = 0;

  constructor(trigger?: Trigger) {
    const parameters = { speedMps: 0.3, guidance: { left: 1, right: 1 }, romScale: [], offsetRad: [] };
    this.therapy = new ArmTherapy(profile, { patientRef: 'p', bodyMassKg: 75, heightM: 1.8, permittedRangeRad: permitted, parameters, trigger }, permitted);
    this.run(2, 'hold');
    this.run(6);
  }

  /** Of the repetition. */
  get phase(): number {
    return this.therapy.clock.phase;
  }

  run(seconds: number, task: 'hold' | 'train' = 'train'): void {
    for (let n = 0; n < (seconds * 1e6) / PERIOD_US; n++) {
      this.emg.sequence += n % 3 === 0 ? 1 : 0;
      const before = this.#measured.map(({ velocityRadPerSec }) => velocityRadPerSec);
      this.therapy.update(task, this.#measured, this.intent, PERIOD_US, true, this.#yielding);
      this.therapy.desired.joints.forEach(({ positionRad, velocityRadPerSec }, j) => {
        if (task === 'train') this.mostJumpRad = Math.max(this.mostJumpRad, Math.abs(velocityRadPerSec - before[j]!));
        Object.assign(this.#measured[j]!, { positionRad, velocityRadPerSec });
      });
    }
  }

  /** All joints together give so much along the movement that begins here. */
  push(towardNm: number): void {
    const step = 1e-6;
    const begin = this.phase;
    const share = profile.joints.map((_, j) => this.#program(j, program.endOfMove(begin) - step) - this.#program(j, begin));
    const length = Math.hypot(...share);
    share.forEach((way, j) => (this.#interactionNm[j] = (towardNm * way) / length));
  }

  #program(joint: number, phase: number): number {
    const point = { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 };
    return program.at(joint, phase, { perSec: 0, perSec2: 0 }, { scale: 1, scalePerSec: 0, offsetRad: 0, offsetRadPerSec: 0, timing: 0, timingPerSec: 0 }, { min: -4, max: 4 }, point).positionRad;
  }
}

describe('a triggered arm', () => {
  it('makes the first movement and then waits, however long', () => {
    const arm = new Arm();
    arm.run(60);
    expect(arm.phase).toBeCloseTo(ends[0]!, 9);
  });

  it('makes one movement for each push, and not a second one while the push lasts', () => {
    const arm = new Arm();
    arm.run(20);
    for (const end of [ends[1]!, ends[2]!]) {
      arm.push(6);
      arm.run(30);
      expect(arm.phase).toBeCloseTo(end % 1, 9);
      arm.push(0);
      arm.run(2);
      expect(arm.phase).toBeCloseTo(end % 1, 9);
    }
  });

  it('does not move for a push that is too weak, goes the other way, or grows as slowly as a muscle that tires', () => {
    const arm = new Arm();
    arm.run(20);
    for (const towardNm of [2, -10]) {
      arm.push(towardNm);
      arm.run(10);
      arm.push(0);
      arm.run(10);
    }
    for (let nm = 0; nm < 15; nm += 0.05) {
      arm.push(nm);
      arm.run(0.1);
    }
    expect(arm.phase).toBeCloseTo(ends[0]!, 9);
  });

  it('waits for a muscle where it is told to, and not for a push', () => {
    const arm = new Arm({ source: 'emg', channel: 1, restUv: 4, mvcUv: 200, thresholdShare: 0.2 });
    arm.run(20);
    arm.push(10);
    arm.emg.meanUv[0] = 200;
    arm.run(5);
    expect(arm.phase).toBeCloseTo(ends[0]!, 9);
    arm.emg.meanUv[1] = 80;
    arm.run(30);
    expect(arm.phase).toBeCloseTo(ends[1]!, 9);
  });

  it.each<[string, (arm: Arm) => void]>([
    ['saturated', ({ emg }) => (emg.peakUv[1] = 32_767)],
    ['flat', ({ emg }) => (emg.meanUv[1] = 0.2)],
  ])('does not move for a channel that is %s', (_, spoil) => {
    const arm = new Arm({ source: 'emg', channel: 1, restUv: 0, mvcUv: 200, thresholdShare: 0.05 });
    arm.run(20);
    arm.emg.meanUv[1] = 4;
    spoil(arm);
    arm.run(1);
    if (arm.emg.peakUv[1]! > 1000) arm.emg.meanUv[1] = 150;
    arm.run(10);
    expect(arm.phase).toBeCloseTo(ends[0]!, 9);
  });

  it('passes to passive motion and back at any moment without a leap of its speed, whatever the timing', () => {
    const arm = new Arm();
    arm.intent.timingShare.splice(0, 6, 0, 0.1, -0.1, 0.05, 0, 0);
    arm.intent.mode = 'passiveMotion';
    arm.mostJumpRad = 0;
    arm.run(60);
    const alone = arm.mostJumpRad;
    for (let n = 0; n < 40; n++) {
      arm.intent.mode = n % 2 === 0 ? 'triggered' : 'passiveMotion';
      arm.push(n % 3 === 0 ? 8 : 0);
      arm.run(0.37 + 0.61 * (n % 7));
    }
    expect(arm.mostJumpRad).toBeLessThan(1.5 * alone);
  });
});

describe('what starts a movement', () => {
  const emg: Trigger = { source: 'emg', channel: 0, restUv: 4, mvcUv: 200, thresholdShare: 0.2 };
  const measuring = { hub: { ...profile.hub, inputs: { emg: { channels: 2, rateHz: 1_000 } } } };

  it('is taken when it was measured well', () => {
    expect(triggerMistake(emg, measuring)).toBeNull();
    expect(triggerMistake({ source: 'torque', thresholdNm: 3 }, profile)).toBeNull();
  });

  it.each<[string, Partial<Trigger>, RegExp]>([
    ['a channel that is not there', { channel: 2 }, /EMG channel 3 is not there: the robot has 2/],
    ['a flat channel', { mvcUv: 8, restUv: 6 }, /EMG channel 1 is flat: 8.0 µV at the greatest effort and 6.0 µV at rest/],
    ['a saturated channel', { mvcUv: 30_000 }, /EMG channel 1 is saturated/],
  ])('is refused with %s, by name', (_, change, message) => {
    expect(triggerMistake({ ...emg, ...change } as Trigger, measuring)).toMatch(message);
  });

  it('is refused where no EMG is measured', () => {
    expect(triggerMistake(emg, profile)).toMatch(/measures no EMG/);
  });
});
