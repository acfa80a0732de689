import { afterEach, describe, expect, it } from 'vitest';
import { PlateDevice, PlateModel } from '../../../controller/estimation/plate-dynamics.ts';
import { PlateInteraction } from '../../../controller/estimation/plate-interaction.ts';
import { Body } from '../../../sim/body/body.ts';
import { Engine, loadEngine } from '../../../sim/body/engine.ts';
import { platePlan } from '../../../sim/body/plate-plan.ts';
import { averagePatient, footplates } from '../../sim/support/profile.ts';

const balanced = footplates();
/** A counterweight is no part of what the engine calls bias. */
const profile = { ...balanced, geometry: { ...balanced.geometry, balancedShare: 0, plateComForwardM: 0.03 } };
const disposables: { dispose(): void }[] = [];
afterEach(() => {
  for (const disposable of disposables.splice(0)) disposable.dispose();
});

const vector = (values: readonly number[] = []): Float64Array => Float64Array.from({ length: 6 }, (_, i) => values[i] ?? 0);

describe('the dynamics of footplates', () => {
  it('gravity and what the motion itself asks are the engine’s, to 1e-6 Nm', async () => {
    const plan = platePlan(profile, averagePatient);
    const engine = new Engine(await loadEngine(), plan.xml(0.001));
    disposables.push(engine);
    const model = new PlateModel(profile);
    const places = profile.joints.map((joint) => engine.jointIndex(plan.deviceJoint(joint)));
    for (const [angles, speeds] of [
      [[0.2, 0.4, -0.3, -0.7, 1.1, 0.25], [0, 0, 0, 0, 0, 0]],
      [[0.2, 0.4, -0.3, -0.7, 1.1, 0.25], [3, -2, 4, -5, 6, -3]],
    ] as const) {
      profile.joints.forEach(({ leadMPerRad = 1 }, j) => {
        engine.qposRad[places[j]!] = leadMPerRad * angles[j]!;
        engine.qvelRadPerSec[places[j]!] = leadMPerRad * speeds[j]!;
      });
      engine.forward();
      const bias = engine.biasNm;
      const [gravity, own] = [model.gravity(vector(angles), vector()), model.inertia(vector(angles), vector(speeds), vector(), vector())];
      profile.joints.forEach(({ leadMPerRad = 1 }, j) => expect(gravity[j]! + own[j]!).toBeCloseTo(leadMPerRad * bias[places[j]!]!, 6));
    }
  });

  it('momentum changes by what is asked for an acceleration, less what the motion adds by itself', () => {
    const model = new PlateModel(profile);
    const [angles, speeds, up] = [[0.2, 0.4, -0.3, -0.7, 1.1, 0.25], [3, -2, 4, -5, 6, -3], [20, -30, 40, 10, 50, -60]];
    const at = (sec: number) => {
      const [momenta, own] = [vector(), vector()];
      model.momentum(vector(angles.map((q, j) => q + speeds[j]! * sec + (up[j]! * sec * sec) / 2)), vector(speeds.map((v, j) => v + up[j]! * sec)), momenta, own);
      return { momenta, own };
    };
    const h = 1e-6;
    const asked = model.inertia(vector(angles), vector(speeds), vector(up), vector());
    for (let j = 0; j < 6; j++) expect((at(h).momenta[j]! - at(-h).momenta[j]!) / (2 * h) - at(0).own[j]!).toBeCloseTo(asked[j]!, 4);
  });

  it('a belt axis moves at its lead: masses by its square, weights by itself, the counterweight’s share less', () => {
    const device = new PlateDevice(balanced);
    const level = balanced.joints.map(() => ({ positionRad: 0 }));
    expect([device.inertiaKgM2(0), device.inertiaKgM2(1)]).toEqual([expect.closeTo(21 * 0.3 ** 2, 9), expect.closeTo(11 * 0.125 ** 2, 9)]);
    expect([device.gravityNm(0, level), device.gravityNm(1, level)]).toEqual([0, expect.closeTo(0.08 * 11 * 9.81 * 0.125, 9)]);
  });
});

describe('who presses on footplates', () => {
  it('is felt as what the torque sensors show beyond the plates’ own, and carried as far as the cells feel it', async () => {
    const body = await Body.create(balanced, averagePatient);
    disposables.push(body);
    body.setBrakes(true);
    body.ground!.ropeN = body.ground!.bodyWeightN;
    for (let ms = 0; ms < 4_000; ms++) body.step();
    const estimate = new PlateInteraction(balanced, { patientRef: 'x', ...averagePatient, permittedRangeRad: [], parameters: { speedMps: 1, guidance: { left: 1, right: 1 }, romScale: [], offsetRad: [] } });
    const [leftHeelN, leftForefootN, rightHeelN, rightForefootN] = body.ground!.footLoadsN as unknown as [number, number, number, number];
    for (let cycle = 1; cycle <= 60; cycle++) {
      const sensed = balanced.joints.map((_, j) => ({ positionRad: body.positionRad(j), velocityRadPerSec: 0, jointTorqueNm: body.jointTorqueNm(j), motorAtUs: 4_000 * cycle, motorSequence: cycle }));
      estimate.update(sensed, 4_000 * cycle, { leftHeelN, leftForefootN, rightHeelN, rightForefootN });
    }
    balanced.joints.forEach((_, j) => expect(estimate.torqueNm[j]).toBeCloseTo(body.cuffTorqueNm(j), 0));
    expect(leftHeelN + leftForefootN).toBeGreaterThan(50);
    expect(estimate.ground?.carryingNm[1]).toBeCloseTo(0.125 * (leftHeelN + leftForefootN), 0);
  });
});
