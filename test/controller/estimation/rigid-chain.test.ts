import { describe, expect, it } from 'vitest';
import { createArmChain } from '../../../controller/estimation/arm-dynamics.ts';
import type { DrivenChain } from '../../../controller/estimation/driven-chain.ts';
import { armKinds } from '../../../protocols/arm-profile.ts';
import { createRandom } from '../../../protocols/random.ts';
import { armsOf } from '../../../protocols/arm-profile.ts';
import { degToRad } from '../../../protocols/units.ts';
import { STEP_US } from '../../../sim/drives/device.ts';
import { Engine, loadEngine } from '../../../sim/body/engine.ts';
import { armPlan } from '../../../sim/body/arm-plan.ts';
import { armExo } from '../../sim/support/profile.ts';

const person = { bodyMassKg: 75, heightM: 1.8 };
const random = createRandom(7);
const vector = (): Float64Array => new Float64Array(armKinds.length);

/** Postures all over the device's range, and beyond it. */
const postures = (side: 'left' | 'right'): Float64Array[] =>
  Array.from({ length: 60 }, () => Float64Array.from(armExo(side).joints, ({ mechanicalStopDeg: { min, max } }) => degToRad(min + (max - min) * random.next())));
const speeds = (): Float64Array => vector().map(() => 4 * (random.next() - 0.5));

/** The engine's own model of device and arm, both in the same posture, without cuffs and friction. */
async function engineOf(side: 'left' | 'right'): Promise<{ engine: Engine; places: readonly { device: number; human: number }[] }> {
  const profile = armExo(side);
  const plan = armPlan(profile, person);
  const engine = new Engine(await loadEngine(), plan.xml(STEP_US / 1e6).replaceAll(/frictionloss="[^"]*"|armature="[^"]*"|damping="[^"]*"/g, ''));
  engine.connect(false);
  return { engine, places: profile.joints.map((joint) => ({ device: engine.jointIndex(plan.deviceJoint(joint)), human: engine.jointIndex(plan.humanJoint(joint)) })) };
}

describe.each(['left', 'right'] as const)('the arm on the %s', (side) => {
  const profile = armExo(side);
  const [arm] = armsOf(profile.joints);
  const loaded = createArmChain(profile, arm!, person, person.heightM);
  const alone = createArmChain(profile, arm!, null, person.heightM);

  /** @returns per joint what the engine says of the device and of both together */
  const both = (values: Float64Array, places: readonly { device: number; human: number }[]): { device: number[]; sum: number[] } => ({
    device: places.map(({ device }) => values[device] ?? Number.NaN),
    sum: places.map(({ device, human }) => (values[device] ?? Number.NaN) + (values[human] ?? Number.NaN)),
  });

  it.each([
    ['at rest is the engine’s bias force to 1e-6 Nm', 0],
    ['in motion is it too, with Coriolis and centrifugal torques', 1],
  ])('its torque %s', async (_, moving) => {
    const { engine, places } = await engineOf(side);
    for (const anglesRad of postures(side)) {
      const speed = speeds().map((value) => moving * value);
      places.forEach(({ device, human }, j) => {
        for (const place of [device, human]) {
          engine.qposRad[place] = anglesRad[j] ?? 0;
          engine.qvelRadPerSec[place] = speed[j] ?? 0;
        }
      });
      engine.forward();
      const found = both(engine.biasNm, places);
      const own = (chain: DrivenChain): number[] => {
        const gravity = chain.gravity(anglesRad, vector());
        return Array.from(chain.inertia(anglesRad, speed, vector(), vector()), (torqueNm, j) => torqueNm + (gravity[j] ?? Number.NaN));
      };
      own(alone).forEach((torqueNm, j) => expect(Math.abs(torqueNm - (found.device[j] ?? Number.NaN))).toBeLessThan(1e-6));
      own(loaded).forEach((torqueNm, j) => expect(Math.abs(torqueNm - (found.sum[j] ?? Number.NaN))).toBeLessThan(1e-6));
    }
    engine.dispose();
  });

  it('what one joint has to accelerate is what its acceleration alone needs', () => {
    for (const anglesRad of postures(side))
      armKinds.forEach((_, j) => {
        const one = vector().fill(1, j, j + 1);
        expect(loaded.inertiaKgM2(j, anglesRad)).toBeCloseTo(loaded.inertia(anglesRad, vector(), one, vector())[j] ?? Number.NaN, 12);
      });
  });

  it('its momentum changes by the torque of the motion, less the Coriolis part', () => {
    const dt = 1e-5;
    const at = (from: Float64Array, by: Float64Array, sec: number): Float64Array => from.map((value, j) => value + sec * (by[j] ?? 0));
    for (const anglesRad of postures(side).slice(0, 20)) {
      const [speed, acceleration] = [speeds(), speeds()];
      const momentum = (sec: number): { momentumNms: Float64Array; coriolisNm: Float64Array } => {
        const [momentumNms, coriolisNm] = [vector(), vector()];
        const moved = anglesRad.map((angle, j) => angle + sec * (speed[j] ?? 0) + (sec * sec * (acceleration[j] ?? 0)) / 2);
        loaded.momentum(moved, at(speed, acceleration, sec), momentumNms, coriolisNm);
        return { momentumNms, coriolisNm };
      };
      const needed = loaded.inertia(anglesRad, speed, acceleration, vector());
      const { coriolisNm } = momentum(0);
      const [before, after] = [momentum(-dt).momentumNms, momentum(dt).momentumNms];
      armKinds.forEach((_, j) => expect(((after[j] ?? 0) - (before[j] ?? 0)) / (2 * dt)).toBeCloseTo((needed[j] ?? Number.NaN) + (coriolisNm[j] ?? Number.NaN), 5));
    }
  });
});
