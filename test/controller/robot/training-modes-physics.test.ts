/** The training modes on the simulated body: what the person feels, and what the legs do. */
import { afterEach, describe, expect, it } from 'vitest';
import { gaitModes } from '../../../protocols/training-mode.ts';
import { degToRad, kmhToMps, radToDeg } from '../../../protocols/units.ts';
import { Rig } from './robot-step-rig.ts';

const rigs: Rig[] = [];
afterEach(() => {
  for (const rig of rigs.splice(0)) rig.robot.dispose();
});

async function walking(mode: (typeof gaitModes)[number], kmh: number, bodyMassKg?: number, heightM?: number): Promise<Rig> {
  const rig = await Rig.create(bodyMassKg, heightM);
  rigs.push(rig);
  rig.until((output) => output.readyBlocker === 'none', 2);
  Object.assign(rig.intent, { mode, speedMps: kmhToMps(kmh) });
  rig.command('arm');
  rig.run(1.5);
  rig.command('start');
  rig.run(6);
  return rig;
}

/** RMS of the cuff torque at a joint of the left leg that the person swings by 15° once per second. */
async function cuffTorqueNm(joint: number, middleDeg: number): Promise<number> {
  const rig = await walking('transparent', 1, 50, 1.55);
  const { body } = rig.robot.robot;
  const beginsRad = rig.joints[joint]!.positionRad;
  const omega = 2 * Math.PI;
  let [cycles, square] = [0, 0];
  for (let t = 0; t < 16; t += 1 / 250) {
    const { positionRad, velocityRadPerSec } = rig.joints[joint]!;
    const amplitudeRad = degToRad(15) * Math.min(1, t / 8);
    const wishRad = beginsRad + (degToRad(middleDeg) - beginsRad) * Math.min(1, t / 3) + amplitudeRad * Math.sin(omega * t);
    body.setPushNm(joint, 250 * (wishRad - positionRad) + 15 * (amplitudeRad * omega * Math.cos(omega * t) - velocityRadPerSec));
    rig.tick();
    if (t < 10) continue;
    cycles++;
    square += body.cuffTorqueNm(joint) ** 2;
  }
  expect(rig.output).toMatchObject({ state: 'running', cause: 'none' });
  return Math.sqrt(square / cycles);
}

describe('a transparent leg', () => {
  it.each([
    ['hip', 0, 3],
    ['knee', 1, 30],
  ])('is felt with less than 3 Nm at the %s, swung by 15° once per second', async (_, joint, middleDeg) => {
    expect(await cuffTorqueNm(joint, middleDeg)).toBeLessThan(3);
  });
});

/** The person swings his thighs in turn from now on, as strongly as it takes, by his own beat. */
function swing(rig: Rig, fromSec: number, toSec: number, hz: number, amplitudeDeg: number): void {
  const { body } = rig.robot.robot;
  const omega = 2 * Math.PI * hz;
  for (let t = fromSec; t < toSec; t += 1 / 250) {
    for (const [joint, sign] of [[0, 1], [2, -1]] as const) {
      const { positionRad, velocityRadPerSec } = rig.joints[joint]!;
      const wishRad = degToRad(10) + sign * degToRad(amplitudeDeg) * Math.min(1, t / 3) * Math.sin(omega * t);
      body.setPushNm(joint, 250 * (wishRad - positionRad) + 15 * (sign * degToRad(amplitudeDeg) * omega * Math.cos(omega * t) - velocityRadPerSec));
    }
    rig.tick();
  }
}

describe('a step where the robot does not lead', () => {
  it.each([
    ['transparent', 0.7],
    ['resist', 0.4],
  ] as const)('is the person’s own, in the mode %s, at %f strides per second', async (mode, hz) => {
    const rig = await walking(mode, 1.5, 50, 1.55);
    swing(rig, 0, 6, hz, 15);
    const before = rig.output.stepsLeft + rig.output.stepsRight;
    swing(rig, 6, 26, hz, 15);
    expect(rig.output).toMatchObject({ state: 'running', cause: 'none' });
    expect(Math.abs(rig.output.stepsLeft + rig.output.stepsRight - before - 40 * hz)).toBeLessThanOrEqual(2);
  });

  it.each(['transparent', 'resist'] as const)('is none in the mode %s while the legs hang', async (mode) => {
    const rig = await walking(mode, 1.5);
    const { stepsLeft, stepsRight, distanceM } = rig.output;
    const hung = rig.joints;
    rig.run(10);
    expect(rig.output).toMatchObject({ state: 'running', cause: 'none', stepsLeft, stepsRight, distanceM });
    rig.joints.forEach(({ positionRad }, j) => expect(Math.abs(positionRad - hung[j]!.positionRad)).toBeLessThan(degToRad(3)));
  });
});

describe('a passive patient', () => {
  /** RMS of reference minus true angle, the worst joint. */
  async function worstDeg(mode: (typeof gaitModes)[number], settleSec: number): Promise<number> {
    const rig = await walking(mode, 2);
    rig.run(settleSec);
    const squares = [0, 0, 0, 0];
    let cycles = 0;
    rig.run(8, (output) => {
      cycles++;
      rig.joints.forEach(({ positionRad }, j) => (squares[j]! += (output.joints[j]!.referencePositionRad - positionRad) ** 2));
    });
    expect(rig.output).toMatchObject({ state: 'running', cause: 'none' });
    return Math.max(...squares.map((sum) => radToDeg(Math.sqrt(sum / cycles))));
  }

  it.each([
    ['guidedGait', 0, 3, 5],
    ['assistTorque', 0, 4, 30],
    ['assistStiffness', 2, 6, 30],
    ['pathControl', 5, 15, 10],
  ] as const)('is led by %s to between %f and %f degrees of the pattern', async (mode, leastDeg, mostDeg, settleSec) => {
    const deg = await worstDeg(mode, settleSec);
    expect(deg).toBeGreaterThan(leastDeg);
    expect(deg).toBeLessThan(mostDeg);
  });
});
