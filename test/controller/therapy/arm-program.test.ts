import { describe, expect, it } from 'vitest';
import { armBounds, ArmProgram, UNSCALED, type JointScale } from '../../../controller/therapy/arm-program.ts';
import type { ReferencePoint } from '../../../controller/therapy/gait-reference.ts';
import { degToRad } from '../../../protocols/units.ts';
import { armExo } from '../../sim/support/profile.ts';

const profile = armExo();
const program = new ArmProgram(profile, 1.75);
const still = { perSec: 0, perSec2: 0 };
const emptyPoint = (): ReferencePoint => ({ positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 });
const at = (joint: number, phase: number, pace = still, scale: JointScale = UNSCALED): ReferencePoint => program.at(joint, phase, pace, scale, armBounds(profile.joints[joint]!), emptyPoint());
const joints = profile.joints.map((_, j) => j);

describe('the exercise of an arm', () => {
  it('begins and ends in its first posture, and comes through every other one', () => {
    for (const j of joints) {
      const curve = Array.from({ length: 4_001 }, (_, i) => at(j, i / 4_000).positionRad);
      expect([curve[0], curve.at(-1)]).toEqual([degToRad(profile.therapy.posturesDeg[0]![j]!), expect.closeTo(curve[0]!, 9)]);
      for (const posture of profile.therapy.posturesDeg) expect(Math.min(...curve.map((rad) => Math.abs(rad - degToRad(posture[j]!))))).toBeLessThan(0.002);
    }
  });

  it('its speed and acceleration are those of its angles, also while the pace changes', () => {
    const [dt, perSec, perSec2] = [1e-4, 0.12, 0.05];
    const along = (sec: number, phase: number): number => phase + perSec * sec + (perSec2 * sec * sec) / 2;
    for (const j of joints)
      for (let phase = 0.013; phase < 0.99; phase += 0.037) {
        const { velocityRadPerSec, accelerationRadPerSec2 } = at(j, phase, { perSec, perSec2 });
        const [before, here, after] = [-dt, 0, dt].map((sec) => at(j, along(sec, phase)).positionRad) as [number, number, number];
        expect((after - before) / (2 * dt)).toBeCloseTo(velocityRadPerSec, 4);
        expect((after - 2 * here + before) / (dt * dt)).toBeCloseTo(accelerationRadPerSec2, 2);
      }
  });

  it('is scaled about the home posture, shifted, and never leaves the range that is permitted', () => {
    const home = degToRad(profile.joints[3]!.homePositionDeg);
    const half: JointScale = { scale: 0.5, scalePerSec: 0, offsetRad: 0.1, offsetRadPerSec: 0, timing: 0, timingPerSec: 0 };
    expect(at(3, 0.5, still, half).positionRad).toBeCloseTo(home + (at(3, 0.5).positionRad - home) / 2 + 0.1, 9);
    const narrow = { min: degToRad(20), max: degToRad(70) };
    for (let phase = 0; phase < 1; phase += 0.01) {
      const { positionRad } = program.at(3, phase, still, UNSCALED, armBounds(profile.joints[3]!, narrow), emptyPoint());
      expect(positionRad).toBeGreaterThanOrEqual(degToRad(22) - 1e-12);
      expect(positionRad).toBeLessThanOrEqual(degToRad(68) + 1e-12);
    }
  });

  it('lets one joint come later, and begins anew where it began', () => {
    for (let phase = 0.05; phase < 1; phase += 0.07) expect(at(3, phase, still, { ...UNSCALED, timing: 0.05 }).positionRad).toBeCloseTo(at(3, phase - 0.05).positionRad, 12);
    expect(at(3, 0.02, still, { ...UNSCALED, timing: 0.05 }).positionRad).toBeCloseTo(at(3, 0.97).positionRad, 12);
  });

  it('takes a taller person a longer way, at the same speed of the hand', () => {
    expect(new ArmProgram(profile, 1.95).wayM).toBeGreaterThan(program.wayM);
    expect(program.repetitionsPerSec(2 * program.wayM)).toBe(2);
  });
});
