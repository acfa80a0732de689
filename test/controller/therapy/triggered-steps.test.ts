/** One step per wish: legs that go exactly where they are told, and a person who pushes the leg that swings next. */
import { describe, expect, it } from 'vitest';
import { GuidedGait } from '../../../controller/therapy/guided-gait.ts';
import { PlateWalk } from '../../../controller/therapy/plate-walk.ts';
import type { Yielding } from '../../../controller/therapy/soften.ts';
import type { Therapy } from '../../../controller/therapy/therapy.ts';
import { toRangeRad, type FootplateProfile, type GaitProfile } from '../../../protocols/profile.ts';
import { emptyIntent } from '../../../protocols/session-log.ts';
import type { TrainingMode } from '../../../protocols/training-mode.ts';
import type { Trigger } from '../../../protocols/trigger.ts';
import { kmhToMps } from '../../../protocols/units.ts';
import { footplates, gaitExo } from '../../sim/support/profile.ts';

const PERIOD_US = 4_000;
const trigger: Trigger = { source: 'torque', thresholdNm: 4 };
/** A hand's torque, that begins a step whatever else it turns; and with which it does. */
const PUSH_NM = 12;
const PUSH_SEC = 0.3;

class Legs {
  readonly therapy: Therapy;
  readonly intent;
  readonly #interactionNm: Float64Array;
  readonly #yielding: Yielding;
  readonly #measured: { positionRad: number; velocityRadPerSec: number }[];
  /** Of any joint in one cycle. */
  mostLeapRadPerSec = 0;

  constructor(private readonly profile: GaitProfile | FootplateProfile, mode: TrainingMode) {
    const permitted = profile.joints.map(({ softRangeDeg }) => toRangeRad(softRangeDeg));
    const parameters = { speedMps: kmhToMps(1), guidance: { left: 1, right: 1 }, romScale: [], offsetRad: [] };
    const setup = { patientRef: 'p', bodyMassKg: 75, heightM: 1.8, permittedRangeRad: permitted, parameters, trigger };
    this.intent = { ...emptyIntent(profile.joints.length), mode, speedMps: kmhToMps(1), guidanceLeft: 1, guidanceRight: 1 };
    this.therapy = profile.class === 'footplate' ? new PlateWalk(profile, setup, permitted, null) : new GuidedGait(profile, setup, permitted);
    this.#interactionNm = new Float64Array(profile.joints.length);
    this.#yielding = { left: false, right: false, interactionNm: this.#interactionNm };
    this.#measured = profile.joints.map(({ homePositionDeg }) => ({ positionRad: (homePositionDeg * Math.PI) / 180, velocityRadPerSec: 0 }));
    this.run(2, 'hold');
    this.run(9);
  }

  get steps(): readonly [number, number] {
    return [this.therapy.clock.stepsLeft, this.therapy.clock.stepsRight];
  }

  run(seconds: number, task: 'hold' | 'train' = 'train'): void {
    for (let n = 0; n < (seconds * 1e6) / PERIOD_US; n++) {
      this.therapy.update(task, this.#measured, this.intent, PERIOD_US, true, this.#yielding);
      this.therapy.desired.joints.forEach(({ positionRad, velocityRadPerSec }, j) => {
        const before = this.#measured[j]!;
        if (task === 'train') this.mostLeapRadPerSec = Math.max(this.mostLeapRadPerSec, Math.abs(velocityRadPerSec - before.velocityRadPerSec));
        Object.assign(before, { positionRad, velocityRadPerSec });
      });
    }
  }

  /** The first joint of a side: hip, or plate forward. */
  push(side: 'left' | 'right', torqueNm: number): void {
    const j = this.profile.joints.findIndex((joint) => joint.side === side);
    this.#interactionNm[j] = torqueNm;
    this.run(PUSH_SEC);
    this.#interactionNm[j] = 0;
  }
}

describe.each([
  ['gait-exo', gaitExo],
  ['gait-endeffector', footplates],
] as const)('steps of %s that wait', (name, profileOf) => {
  it('follow one each from one push forward of the leg that swings next, and nothing else', () => {
    const legs = new Legs(profileOf(), 'triggered');
    const first = legs.therapy.clock.phase;
    // Plates begin in the middle of a step, which they end while it grows.
    const [one, other] = name === 'gait-exo' ? (['right', 'left'] as const) : (['left', 'right'] as const);
    const counted = (side: 'left' | 'right'): number => legs.steps[side === 'left' ? 0 : 1];
    expect([first, ...legs.steps]).toEqual([one === 'right' ? 0 : 0.5, 0, 0]);
    legs.run(4);
    legs.push(other, PUSH_NM);
    legs.push(one, -PUSH_NM);
    legs.run(1);
    expect(legs.therapy.clock.phase).toBe(first);
    legs.run(4);
    legs.push(one, PUSH_NM);
    legs.run(5);
    expect([legs.therapy.clock.phase, counted(one), counted(other)]).toEqual([0.5 - first, 1, 0]);
    legs.push(one, PUSH_NM);
    legs.run(1);
    expect(legs.therapy.clock.phase).toBe(0.5 - first);
    legs.run(4);
    legs.push(other, PUSH_NM);
    legs.run(5);
    expect([legs.therapy.clock.phase, counted(one), counted(other)]).toEqual([first, 1, 1]);
    expect(legs.therapy.clock.distanceM).toBeGreaterThan(0.3);
    // Between two cycles no joint changes its speed by more than a fifth of a radian per second.
    expect(legs.mostLeapRadPerSec).toBeLessThan(0.2);
  });

  it('join a walk and leave it without a leap, and need no push in another mode', () => {
    const walking: TrainingMode = name === 'gait-exo' ? 'guidedGait' : 'levelWalk';
    const legs = new Legs(profileOf(), walking);
    const walked = legs.steps[0] + legs.steps[1];
    expect(walked).toBeGreaterThan(2);
    for (const afterSec of [0.1, 0.37, 0.71, 0.93, 1.31]) {
      legs.run(afterSec);
      legs.intent.mode = 'triggered';
      legs.run(5);
      const { phase } = legs.therapy.clock;
      expect([0, 0.5]).toContain(phase);
      const before = legs.steps[0] + legs.steps[1];
      legs.run(3);
      expect(legs.steps[0] + legs.steps[1]).toBe(before);
      legs.intent.mode = walking;
      legs.run(4);
      expect(legs.steps[0] + legs.steps[1]).toBeGreaterThan(before + 1);
    }
    expect(legs.mostLeapRadPerSec).toBeLessThan(0.2);
  });
});
