/** Spasm, push and block on the simulated body: what the true limb feels, and what the robot does. */
import { afterEach, describe, expect, it } from 'vitest';
import { kmhToMps, radToDeg } from '../../../protocols/units.ts';
import type { VirtualRobotOptions } from '../../../sim/virtual-robot.ts';
import { profile, Rig } from './robot-step-rig.ts';

const rigs: Rig[] = [];
afterEach(() => {
  for (const rig of rigs.splice(0)) rig.robot.dispose();
});

/** Long enough to be known: a second and a half to settle, and three strides. */
async function known(guidance = 1, unknown: Partial<VirtualRobotOptions> = {}): Promise<Rig> {
  const rig = await Rig.create(75, 1.8, unknown);
  rigs.push(rig);
  rig.until((output) => output.readyBlocker === 'none', 2);
  Object.assign(rig.intent, { speedMps: kmhToMps(1.5), guidanceLeft: guidance, guidanceRight: guidance });
  rig.command('arm');
  rig.run(1.5);
  rig.command('start');
  rig.until((output) => output.blend === 1, 15);
  let acted = false;
  rig.run(12, ({ action }) => void (acted ||= action !== 'none'));
  expect([acted, rig.output.state]).toEqual([false, 'running']);
  return rig;
}

const jointOf = (id: string): number => profile.joints.findIndex((joint) => joint.id === id);
const toPhase = (rig: Rig, phase: number) => rig.until((output) => Math.abs(output.phase - phase) < 0.005, 5);
const push = (rig: Rig, joint: string, torqueNm: number, riseMs = 50, holdMs = 150) => rig.robot.controls.fault({ kind: 'push', joint, torqueNm, riseMs, holdMs });

describe('a patient who pushes', () => {
  it.each([
    [30, 'hipLeft', 0.65],
    [25, 'kneeRight', 0.2],
  ])('a push of %f Nm at %s in phase %f softens the leg that swings, then stops it until a person acknowledges', async (torqueNm, id, phase) => {
    const rig = await known();
    const joint = jointOf(id);
    const other = (joint + 2) % 4;
    toPhase(rig, phase);
    push(rig, id, torqueNm);
    rig.until((output) => output.action === 'soften', 0.1);
    expect(rig.output).toMatchObject({ state: 'running', cause: 'spasm', causeJoint: joint });
    rig.run(0.06);
    const { permitted } = rig.output;
    expect(permitted.joints[joint]!.stiffnessNmPerRad).toBe(0);
    expect(Math.sign(permitted.joints[joint]!.velocityRadPerSec)).toBe(Math.sign(torqueNm));
    expect(permitted.joints[other]!.stiffnessNmPerRad).toBeGreaterThan(0.9 * profile.joints[other]!.stiffnessNmPerRad);
    rig.until((output) => output.state === 'stopped', 0.3);
    expect(rig.output).toMatchObject({ action: 'protectiveStop', cause: 'spasm', causeJoint: joint });
    rig.run(4);
    expect(rig.output).toMatchObject({ state: 'stopped', readyBlocker: 'spasm' });
    expect(rig.output.permitted.enable).toBe(false);
    rig.command('acknowledge');
    expect(rig.tick()).toMatchObject({ state: 'ready', readyBlocker: 'none' });
  });

  it.each([
    [30, 'kneeLeft', 0.2],
    [25, 'hipRight', 0.75],
  ])('a push of %f Nm at %s in phase %f leaves the leg that stands its support, and stops', async (torqueNm, id, phase) => {
    const rig = await known();
    const joint = jointOf(id);
    toPhase(rig, phase);
    push(rig, id, torqueNm);
    rig.until((output) => output.action === 'soften', 0.1);
    expect(rig.output).toMatchObject({ state: 'running', cause: 'spasm' });
    for (let n = 0; n < 20; n++) {
      rig.tick();
      for (const j of [joint, joint % 2 === 0 ? joint + 1 : joint - 1]) expect(rig.output.permitted.joints[j]!.stiffnessNmPerRad).toBeGreaterThan(0.5 * profile.joints[j]!.stiffnessNmPerRad);
    }
    rig.until((output) => output.state === 'stopped', 0.3);
    expect(rig.output).toMatchObject({ action: 'protectiveStop', cause: 'spasm' });
    rig.run(0.5);
    expect(rig.output.permitted.enable).toBe(true);
  });

  it.each([0.1, 0.65])('with 60 Nm in phase %f is stopped at once and never held with more than the interaction limit', async (phase) => {
    const rig = await known();
    const joint = jointOf('hipLeft');
    toPhase(rig, phase);
    push(rig, 'hipLeft', -60, 100, 300);
    const limitNm = profile.joints[joint]!.interactionLimitNm;
    rig.until((output) => output.action !== 'none', 0.05);
    rig.until((output) => output.state === 'stopped', 0.2);
    expect(rig.output.cause).toBe('interactionTooStrong');
    let worst = 0;
    rig.run(0.2, () => (worst = Math.max(worst, Math.abs(rig.robot.robot.truth().joints[joint]!.motorTorqueNm))));
    // The spring's share, and the leg's own weight.
    expect(worst).toBeLessThan(0.9 * limitNm + 40);
    expect(rig.output.action).toBe('protectiveStop');
  });

  it.each([
    ['hipLeft', 0.8, -60],
    ['kneeLeft', 0.75, -60],
  ])('who pushes %s of a leg that swings (phase %f, %f Nm) is opposed by no more than the interaction limit, weight and friction of the leg counted', async (id, phase, torqueNm) => {
    const rig = await known();
    const joint = jointOf(id);
    toPhase(rig, phase);
    push(rig, id, torqueNm, 50, 500);
    rig.until((output) => output.state === 'stopped', 0.2);
    let worstNm = 0;
    rig.run(0.3, () => {
      const { motorTorqueNm, positionRad } = rig.robot.robot.truth().joints[joint]!;
      // Nearer to the end of its range so fast a limb is braked by what holds that.
      if (radToDeg(positionRad) > profile.joints[joint]!.softRangeDeg.min + 20) worstNm = Math.max(worstNm, motorTorqueNm);
    });
    expect(worstNm).toBeLessThan(profile.joints[joint]!.interactionLimitNm);
  });

  it.each([1, 0.3])('is found within 100 ms at guidance %f, although friction and limb mass are not what the robot was told', async (guidance) => {
    const rig = await known(guidance, { frictionScale: 1.5, limbMassScale: 0.8 });
    for (const [id, phase] of [['hipLeft', 0.45], ['kneeLeft', 0.95]] as const) {
      toPhase(rig, phase);
      push(rig, id, 20, 200);
      // 20 Nm that rise in 200 ms pass 5 Nm after 72 ms.
      rig.until((output) => output.action === 'soften', 0.172);
      rig.until((output) => output.state === 'stopped', 0.4);
      rig.run(5);
      rig.command('acknowledge');
      rig.run(0.1);
      rig.command('arm');
      rig.run(1.5);
      rig.command('start');
      rig.until((output) => output.blend === 1, 15);
      rig.run(4);
      expect(rig.output.state).toBe('running');
    }
  });

  it.each([[0.7, 50], [0.66, 200]])('or bends his knee out of its range in phase %f is held off its mechanical stop by the wall, and loop and monitor leave it its power', async (phase, riseMs) => {
    const rig = await known();
    const joint = jointOf('kneeLeft');
    const { mechanicalStopDeg, softRangeDeg, interactionLimitNm } = profile.joints[joint]!;
    toPhase(rig, phase);
    push(rig, 'kneeLeft', 60, riseMs, 1_500);
    let [cuffNm, mostDeg] = [0, 0];
    rig.run(1.5, ({ action }) => {
      const { cuffTorqueNm, positionRad, energised } = rig.robot.robot.truth().joints[joint]!;
      [cuffNm, mostDeg] = [Math.max(cuffNm, Math.abs(cuffTorqueNm)), Math.max(mostDeg, radToDeg(positionRad))];
      expect(energised).toBe(true);
      expect(action).not.toBe('torqueOff');
    });
    // Pushed for so long, the wall gives what he gives, less the leg's weight, and no more.
    expect(cuffNm).toBeLessThan(60);
    expect(cuffNm).toBeGreaterThan(interactionLimitNm / 2);
    expect(mostDeg).toBeGreaterThan(softRangeDeg.max);
    expect(mostDeg).toBeLessThan(mechanicalStopDeg.max - 3);
  });

  it('or a limb that is held fast stops the robot too', async () => {
    const rig = await known(0.6);
    toPhase(rig, 0.7);
    rig.robot.controls.fault({ kind: 'block', joint: 'kneeLeft' });
    rig.until((output) => output.action !== 'none', 0.1);
    rig.until((output) => output.state === 'stopped', 0.4);
    expect(['spasm', 'interactionTooStrong']).toContain(rig.output.cause);
  });
});

describe('without a push', () => {
  it.each([
    ['passive', { limbMassScale: 1.2, frictionScale: 0.5 }],
    ['active', { muscles: { kind: 'active', effortNm: 10 } }],
    ['spastic', { muscles: { kind: 'spastic', gain: 3 } }],
  ] as const)('a %s patient walks, pauses and goes on without a suspicion', async (_, unknown) => {
    const rig = await known(1, unknown);
    const quiet = (seconds: number): void => void rig.run(seconds, (output) => expect(output.action).toBe('none'));
    rig.command('pause');
    quiet(6);
    rig.command('resume');
    quiet(10);
    expect(rig.output.state).toBe('running');
  });

  it('a therapist may change speed and guidance', async () => {
    const rig = await known();
    rig.intent.speedMps = kmhToMps(2.4);
    rig.run(8, (output) => expect(output.action).toBe('none'));
    Object.assign(rig.intent, { guidanceLeft: 0.5, guidanceRight: 0.7 });
    rig.run(8, (output) => expect(output.action).toBe('none'));
    expect(rig.joints.every(({ positionRad }) => Math.abs(radToDeg(positionRad)) < 90)).toBe(true);
  });
});
