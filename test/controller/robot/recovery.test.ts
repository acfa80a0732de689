import { describe, expect, it } from 'vitest';
import { createRobotStep } from '../../../controller/robot/robot-step.ts';
import { degToRad, radToDeg } from '../../../protocols/units.ts';
import { profile, Rig, setup } from './robot-step-rig.ts';

/** Its truth: the fastest of the joints, and how far the named one has come. */
class Recovery {
  readonly startRad: number;
  mostRadPerSec = 0;
  mostOutwardRad = 0;

  constructor(
    readonly rig: Rig,
    readonly joint: number,
    readonly inward: 1 | -1,
  ) {
    this.startRad = rig.joints[joint]!.positionRad;
  }

  get wayRad(): number {
    return (this.rig.joints[this.joint]!.positionRad - this.startRad) * this.inward;
  }

  look = (): void => {
    for (const { velocityRadPerSec } of this.rig.joints) this.mostRadPerSec = Math.max(this.mostRadPerSec, Math.abs(velocityRadPerSec));
    this.mostOutwardRad = Math.max(this.mostOutwardRad, -this.wayRad);
  };
}

/** A patient whose leg hangs outside the range that was entered for it. */
async function outside(joint: number, min: number, max: number): Promise<Rig> {
  const rig = await Rig.create();
  const permittedRangeRad = setup.permittedRangeRad.map((range, j) => (j === joint ? { min: degToRad(min), max: degToRad(max) } : range));
  rig.step = createRobotStep(profile, { ...setup, permittedRangeRad }, 'none');
  rig.until(({ state }) => state === 'ready', 2);
  rig.run(0.2);
  return rig;
}

const cases: [string, number, number, number, 1 | -1][] = [
  ['a knee that is too straight', 1, 20, 75, 1],
  ['a hip that is too straight', 0, 15, 80, 1],
  ['a hip that is bent too much', 2, -20, 2, -1],
  ['a knee that is bent too much', 3, 0, 8, -1],
];

describe('a guided recovery', () => {
  it.each(cases)('of %s leads it inside at no more than 2°/s, never outward, and releases it there', async (_, joint, min, max, inward) => {
    const rig = await outside(joint, min, max);
    expect(rig.output.readyBlocker).toBe('outsideSoftRange');
    const recovery = new Recovery(rig, joint, inward);
    rig.intent.holdAgeUs = 0;
    rig.command('recover');
    expect(rig.tick().state).toBe('recovering');
    let inside = false;
    const led = rig.until((output) => {
      recovery.look();
      inside ||= rig.joints[joint]!.positionRad > degToRad(min) && rig.joints[joint]!.positionRad < degToRad(max);
      return output.state !== 'recovering';
    }, 60);
    expect(inside).toBe(true);
    // A leg that hangs outside its range by its weight sinks back when it is released.
    expect(led).toMatchObject({ state: 'ready', action: 'none', cause: 'none' });
    expect(led.permitted.enable).toBe(false);
    expect(radToDeg(recovery.mostRadPerSec)).toBeLessThanOrEqual(2);
    expect(radToDeg(recovery.mostOutwardRad)).toBeLessThan(0.5);
  });

  it('stands still while the button is not held, and ends when it stays so', async () => {
    const rig = await outside(1, 20, 75);
    rig.intent.holdAgeUs = 0;
    rig.command('recover');
    rig.run(3);
    rig.intent.holdAgeUs = 300_000;
    rig.run(0.5);
    const stood = rig.joints[1]!.positionRad;
    rig.run(1);
    expect(radToDeg(Math.abs(rig.joints[1]!.positionRad - stood))).toBeLessThan(0.1);
    expect(rig.output.state).toBe('recovering');
    rig.intent.holdAgeUs = Infinity;
    expect(rig.until(({ state }) => state !== 'recovering', 15)).toMatchObject({ state: 'ready', readyBlocker: 'outsideSoftRange' });
  });

  it('is not for a joint that stands inside its range', async () => {
    const rig = await outside(1, 0, 75);
    rig.intent.holdAgeUs = 0;
    rig.command('recover');
    expect(rig.tick()).toMatchObject({ state: 'ready', readyBlocker: 'none' });
  });

  it('is ended by a stop, which holds the leg where it is and lets nothing move outward', async () => {
    const rig = await outside(1, 20, 75);
    rig.intent.holdAgeUs = 0;
    rig.command('recover');
    rig.run(3);
    rig.command('stop');
    const stood = rig.joints[1]!.positionRad;
    expect(rig.tick()).toMatchObject({ state: 'stopped', cause: 'operatorStop' });
    const recovery = new Recovery(rig, 1, 1);
    rig.run(1, recovery.look);
    expect(radToDeg(Math.abs(rig.joints[1]!.positionRad - stood))).toBeLessThan(1);
    expect(radToDeg(recovery.mostRadPerSec)).toBeLessThanOrEqual(2);
  });
});
