import { describe, expect, it } from 'vitest';
import { GaitClock } from '../../../controller/therapy/gait-clock.ts';
import { evaluateReference, publishedShape } from '../../../controller/therapy/gait-reference.ts';
import { OwnGait } from '../../../controller/therapy/own-gait.ts';
import { degToRad } from '../../../protocols/units.ts';

const PERIOD_SEC = 1 / 250;
const FREE = { min: -2, max: 2 };
const SPEED = 0.5;

/** A person who walks on his own feet, beside the robot's clock. */
class Walker {
  readonly legs = { left: leg(), right: leg() };
  readonly own = new OwnGait({ thighM: 0.44, shankM: 0.44 }, this.legs);
  readonly clock = new GaitClock();
  phase = 0.3;
  steps = 0;

  walk(seconds: number, hz: number, amplitude = 1, offPhase: (off: number) => void = () => {}): void {
    for (let n = Math.round(seconds / PERIOD_SEC); n > 0; n--) {
      const before = this.phase;
      this.phase += hz * PERIOD_SEC;
      this.steps += Math.floor(2 * this.phase) - Math.floor(2 * before);
      this.#pose(hz, amplitude);
      this.own.look(PERIOD_SEC, 1);
      this.clock.advance(SPEED, PERIOD_SEC, true, 1, this.own);
      const off = this.clock.phase - this.phase;
      offPhase(off - Math.round(off));
    }
  }

  #pose(cyclesPerSec: number, amplitude: number): void {
    for (const [side, shift] of [['left', 0], ['right', 0.5]] as const)
      for (const kind of ['hip', 'knee'] as const) {
        const point = { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 };
        evaluateReference(kind, { phase: this.phase + shift, cyclesPerSec }, publishedShape(amplitude), FREE, point);
        this.legs[side][kind].measured = point;
      }
  }
}

const leg = () => ({ hip: { measured: { positionRad: 0, velocityRadPerSec: 0 } }, knee: { measured: { positionRad: 0, velocityRadPerSec: 0 } } });

describe('the clock of a stride that is the person’s own', () => {
  it.each([0.25, 0.5, 0.9])('goes with him within 2 percent of the stride, after ten strides, at %f strides per second', (hz) => {
    const walker = new Walker();
    walker.walk(10 / hz, hz);
    let worst = 0;
    walker.walk(15, hz, 1, (off) => (worst = Math.max(worst, Math.abs(off))));
    expect(worst).toBeLessThan(0.02);
  });

  it('counts his steps and not those of the belt, and his way by the length of his steps', () => {
    const walker = new Walker();
    walker.walk(10, 0.4);
    const { stepsLeft, stepsRight, distanceM } = walker.clock;
    const before = walker.steps;
    walker.walk(30, 0.4);
    const counted = walker.clock.stepsLeft + walker.clock.stepsRight - stepsLeft - stepsRight;
    expect(Math.abs(counted - (walker.steps - before))).toBeLessThanOrEqual(1);
    const stepM = (walker.clock.distanceM - distanceM) / counted;
    expect(stepM).toBeGreaterThan(0.5);
    expect(stepM).toBeLessThan(0.7);
  });

  it.each([0, 0.13, 0.25, 0.38, 0.5, 0.62, 0.75, 0.88])('counts nothing more when he stops at phase %f, and goes on when he does', (at) => {
    const walker = new Walker();
    walker.walk(20, 0.6);
    walker.walk((1 - ((walker.phase - at) % 1)) / 0.6, 0.6);
    const { stepsLeft, stepsRight } = walker.clock;
    walker.walk(10, 0);
    expect(walker.clock.stepsLeft + walker.clock.stepsRight - stepsLeft - stepsRight).toBeLessThanOrEqual(1);
    expect(walker.clock.cyclesPerSec).toBe(0);
    const [counted, made] = [walker.clock.stepsLeft + walker.clock.stepsRight, walker.steps];
    walker.walk(20, 0.5);
    expect(Math.abs(walker.clock.stepsLeft + walker.clock.stepsRight - counted - (walker.steps - made))).toBeLessThanOrEqual(2);
  });

  it('stands while the legs hang, or only tremble', () => {
    const walker = new Walker();
    walker.walk(30, 0);
    for (let n = 0; n < 5000; n++) {
      walker.legs.left.hip.measured = { positionRad: degToRad(1) * Math.sin(0.13 * n), velocityRadPerSec: degToRad(1) * 0.13 * 250 * Math.cos(0.13 * n) };
      walker.own.look(PERIOD_SEC, 1);
      walker.clock.advance(SPEED, PERIOD_SEC, true, 1, walker.own);
    }
    expect(walker.own.walks).toBe(false);
    expect(walker.clock.stepsLeft + walker.clock.stepsRight).toBe(0);
  });

  it('is the robot’s while it leads', () => {
    const walker = new Walker();
    const [led, alone] = [new GaitClock(), new GaitClock()];
    walker.own.look(PERIOD_SEC, 0.5);
    for (let n = 0; n < 5000; n++) {
      led.advance(SPEED, PERIOD_SEC, true, 1, walker.own);
      alone.advance(SPEED, PERIOD_SEC, true);
    }
    expect(led).toEqual(alone);
  });

  it('passes from the robot to him and back without a step backward', () => {
    const walker = new Walker();
    let before = 0;
    for (let n = 0; n < 5000; n++) {
      walker.walk(PERIOD_SEC, 0.4);
      walker.own.look(0, n < 2500 ? n / 2500 : 2 - n / 2500);
      expect(walker.clock.cyclesPerSec).toBeGreaterThanOrEqual(0);
      expect(Math.abs(walker.clock.cyclesPerSec - before)).toBeLessThan(0.3);
      before = walker.clock.cyclesPerSec;
    }
  });
});
