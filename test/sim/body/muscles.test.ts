import { array, assert as holds, boolean, double, property } from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { sin } from '../../../protocols/math.ts';
import { createRandom } from '../../../protocols/random.ts';
import { degToRad } from '../../../protocols/units.ts';
import { Body } from '../../../sim/body/body.ts';
import { createMuscles, type Muscles } from '../../../sim/body/muscles.ts';
import { averagePatient, gaitOrthosis } from '../support/profile.ts';

const profile = gaitOrthosis();
const bodies: Body[] = [];
const knee = { id: 'kneeLeft', kind: 'knee', side: 'left' } as const;

afterEach(() => {
  for (const body of bodies.splice(0)) body.dispose();
});

/** Torque in each millisecond of a movement. */
function torquesNm(muscles: Muscles, velocities: readonly number[], seed = 1, positionRad = 0.5): number[] {
  const own = createMuscles(muscles, knee, createRandom(seed))!;
  return velocities.map((velocity) => own.torqueNm(velocity, positionRad));
}

const steady = (radPerSec: number, ms: number): number[] => Array.from({ length: ms }, () => radPerSec);
/** Half a second each way. */
const strokes = (count: number, radPerSec: number): number[] => Array.from({ length: count * 500 }, (_, ms) => (Math.floor(ms / 500) % 2 === 0 ? radPerSec : -radPerSec));
const last = (values: readonly number[]): number => values.at(-1)!;

test('a passive patient has no muscles to ask', () => {
  expect(createMuscles({ kind: 'passive' }, knee, createRandom(1))).toBeNull();
});

describe('spastic muscles', () => {
  test('do nothing below the threshold speed', () => {
    for (const velocity of [0.05, -0.05, 0.02]) expect(torquesNm({ kind: 'spastic', gain: 3 }, steady(velocity, 500)).every((torque) => torque === 0)).toBe(true);
  });

  test('pull against a stretch of either side, a reflex time of 30 ms later and not before', () => {
    for (const direction of [1, -1]) {
      const torques = torquesNm({ kind: 'spastic', gain: 2 }, steady(direction * 1.05, 500));
      expect(torques.slice(0, 30).every((torque) => torque === 0)).toBe(true);
      expect(direction * torques[30]!).toBeLessThan(0);
      expect(direction * last(torques)).toBeCloseTo(-6, 3);
    }
  });

  test('pull in the proportion of their grade, and only so strongly', () => {
    for (const gain of [1, 2, 3] as const) {
      expect(last(torquesNm({ kind: 'spastic', gain }, steady(2.05, 500)))).toBeCloseTo(-6 * gain, 3);
      expect(last(torquesNm({ kind: 'spastic', gain }, steady(50, 500)))).toBeCloseTo(-15 * gain, 3);
    }
  });
});

describe('a patient who takes part', () => {
  const active: Muscles = { kind: 'active', effortNm: 20 };

  test('rests while nothing moves, and relaxes after the movement', () => {
    expect(torquesNm(active, steady(0.05, 1_000)).every((torque) => torque === 0)).toBe(true);
    const after = torquesNm(active, [...steady(1, 2_000), ...steady(0, 4_000)]);
    expect(Math.abs(last(after))).toBeLessThan(0.2);
  });

  test('pushes the way he is moved, after his reaction time', () => {
    for (const direction of [1, -1]) {
      const torques = torquesNm(active, steady(direction * 1.5, 3_000));
      expect(torques.slice(0, 40).every((torque) => torque === 0)).toBe(true);
      const mean = torques.slice(1_500).reduce((sum, torque) => sum + torque, 0) / 1_500;
      expect(direction * mean).toBeGreaterThan(6);
    }
  });

  test('lets a leg go by itself that is as fast as his own gait, and pushes no outward leg past the range of his gait', () => {
    const pushed = (radPerSec: number, positionRad: number): number => last(torquesNm(active, steady(radPerSec, 3_000), 1, positionRad));
    expect(Math.abs(pushed(6, 0.2))).toBeLessThan(5);
    for (const [outward, positionRad] of [[1, degToRad(80)], [-1, degToRad(-5)]] as const) {
      expect(outward * pushed(outward * 1.5, positionRad)).toBeLessThan(-5);
      // Coming back he helps.
      expect(outward * pushed(-outward * 1.5, positionRad)).toBeLessThan(-5);
    }
  });

  test.each(['hip', 'knee'] as const)('keeps his %s in the range of his gait when nothing else holds a leg that was set swinging', (kind) => {
    const own = createMuscles({ kind: 'active', effortNm: 10 }, { id: `${kind}Left`, kind, side: 'left' }, createRandom(3))!;
    const [inertiaKgM2, dampingNmsPerRad] = [0.5, 1];
    let [positionRad, velocityRadPerSec] = [0.5, 2];
    let [leastRad, mostRad] = [positionRad, positionRad];
    for (let ms = 0; ms < 20_000; ms++) {
      velocityRadPerSec += ((own.torqueNm(velocityRadPerSec, positionRad) - dampingNmsPerRad * velocityRadPerSec) / inertiaKgM2) * 1e-3;
      positionRad += velocityRadPerSec * 1e-3;
      [leastRad, mostRad] = [Math.min(leastRad, positionRad), Math.max(mostRad, positionRad)];
    }
    const { min, max } = profile.joints.find((joint) => joint.kind === kind)!.softRangeDeg;
    expect(leastRad).toBeGreaterThan(degToRad(min));
    expect(mostRad).toBeLessThan(degToRad(max));
  });

  test('never does the same twice, and the same again for the same seed', () => {
    const torques = torquesNm(active, strokes(20, 1.5));
    const peaks = Array.from({ length: 8 }, (_, i) => Math.max(...torques.slice((2 * i + 2) * 500, (2 * i + 4) * 500)));
    const mean = peaks.reduce((sum, peak) => sum + peak, 0) / peaks.length;
    const deviation = Math.sqrt(peaks.reduce((sum, peak) => sum + (peak - mean) ** 2, 0) / peaks.length);
    expect(deviation / mean).toBeGreaterThan(0.08);
    expect(deviation / mean).toBeLessThan(0.6);
    expect(torquesNm(active, strokes(20, 1.5))).toEqual(torques);
    expect(torquesNm(active, strokes(20, 1.5), 2)).not.toEqual(torques);
  });
});

test('no movement draws more than a bounded torque out of any patient', () => {
  holds(
    property(array(double({ min: -30, max: 30, noNaN: true }), { minLength: 1, maxLength: 300 }), boolean(), (velocities, spastic) => {
      const muscles: Muscles = spastic ? { kind: 'spastic', gain: 3 } : { kind: 'active', effortNm: 20 };
      for (const torque of torquesNm(muscles, velocities)) expect(Math.abs(torque)).toBeLessThan(50);
    }),
  );
});

/** Work that the motors put into the legs on a walk-like sine, in J. */
async function motorWorkJ(muscles: Muscles): Promise<number> {
  const body = await Body.create(profile, { ...averagePatient, muscles }, 1);
  bodies.push(body);
  let workJ = 0;
  for (let ms = 0; ms < 8_000; ms++) {
    profile.joints.forEach((joint, i) => {
      const phase = (2 * Math.PI * 0.5 * ms) / 1_000 + (joint.side === 'left' ? 0 : Math.PI);
      const [middleDeg, swingDeg] = joint.kind === 'hip' ? [10, 20] : [30, 22];
      const fade = Math.min(1, ms / 2_000);
      const targetRad = degToRad(middleDeg + fade * swingDeg * sin(phase));
      const torqueNm = joint.stiffnessNmPerRad * (targetRad - body.positionRad(i)) - joint.dampingNmsPerRad * body.velocityRadPerSec(i);
      body.setMotorTorqueNm(i, torqueNm);
      workJ += torqueNm * body.velocityRadPerSec(i) * 1e-3;
    });
    body.step();
  }
  return workJ;
}

test('who takes part spares the motors work, and who is spastic costs them more', async () => {
  const relaxed = await motorWorkJ({ kind: 'passive' });
  expect(await motorWorkJ({ kind: 'active', effortNm: 10 })).toBeLessThan(0.8 * relaxed);
  expect(await motorWorkJ({ kind: 'spastic', gain: 2 })).toBeGreaterThan(1.2 * relaxed);
});
