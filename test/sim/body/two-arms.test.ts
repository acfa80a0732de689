/** Two arms about one trunk, each with the joints that its device has. */
import { afterEach, describe, expect, it } from 'vitest';
import { ArmDevice, createArmChain } from '../../../controller/estimation/arm-dynamics.ts';
import { armsOf } from '../../../protocols/arm-profile.ts';
import { createRandom } from '../../../protocols/random.ts';
import { degToRad, radToDeg, US_PER_S } from '../../../protocols/units.ts';
import { armPlan } from '../../../sim/body/arm-plan.ts';
import { Body } from '../../../sim/body/body.ts';
import { Engine, loadEngine } from '../../../sim/body/engine.ts';
import { STEP_US } from '../../../sim/drives/device.ts';
import { allJointsOf } from '../../../protocols/profile.ts';
import { armBimanual, averagePatient, seenAtHome } from '../support/profile.ts';

const profile = armBimanual();
const arms = armsOf(profile.joints);
const homeDeg = profile.joints.map(({ homePositionDeg }) => homePositionDeg);
const disposables: { dispose(): void }[] = [];
afterEach(() => {
  for (const disposable of disposables.splice(0)) disposable.dispose();
});

async function newBody(of = profile): Promise<Body> {
  const body = await Body.create(of, averagePatient);
  disposables.push(body);
  return body;
}

const run = (body: Body, seconds: number): void => {
  for (let us = 0; us < seconds * US_PER_S; us += STEP_US) body.step();
};
const anglesDeg = (body: Body): number[] => profile.joints.map((_, j) => radToDeg(body.positionRad(j)));

describe('the two arms', () => {
  it('each ask in any posture and motion what the engine says, to 1e-6 Nm, forearm and hand wherever they were seen', async () => {
    const plan = armPlan(profile, averagePatient);
    const engine = new Engine(await loadEngine(), plan.xml(STEP_US / 1e6).replaceAll(/frictionloss="[^"]*"|armature="[^"]*"|damping="[^"]*"/g, ''));
    disposables.push(engine);
    engine.connect(false);
    const random = createRandom(7);
    const joints = allJointsOf(profile);
    const places = joints.map((joint) => ({ device: engine.jointIndex(plan.deviceJoint(joint)), human: engine.jointIndex(plan.humanJoint(joint)) }));
    for (let n = 0; n < 30; n++) {
      const angles = joints.map(({ mechanicalStopDeg: { min, max } }) => degToRad(min + (max - min) * random.next()));
      // What nobody plans to move stands, as far as a plan goes.
      const speeds = joints.map((joint) => ('drive' in joint ? 4 * (random.next() - 0.5) : 0));
      const seen = angles.slice(profile.joints.length).map((positionRad) => ({ positionRad, velocityRadPerSec: 0 }));
      places.forEach(({ device, human }, j) => {
        for (const place of [device, human]) {
          engine.qposRad[place] = angles[j]!;
          engine.qvelRadPerSec[place] = speeds[j]!;
        }
      });
      engine.forward();
      for (const arm of arms) {
        const own = (values: readonly number[]): Float64Array => Float64Array.from(arm.places, (j) => values[j]!);
        const vector = (): Float64Array => new Float64Array(arm.places.length);
        for (const body of [null, averagePatient]) {
          const chain = createArmChain(profile, arm, body, averagePatient.heightM, seen);
          const gravity = chain.gravity(own(angles), vector());
          chain.inertia(own(angles), own(speeds), vector(), vector()).forEach((movingNm, place) => {
            const { device, human } = places[arm.places[place]!]!;
            const engineNm = engine.biasNm[device]! + (body === null ? 0 : engine.biasNm[human]!);
            expect(Math.abs(movingNm + gravity[place]! - engineNm)).toBeLessThan(1e-6);
          });
        }
      }
    }
  });

  it.each([0.5, 1, 1.5])('empty and released, stay where they are by %f of their friction', async (friction) => {
    const body = await newBody({ ...profile, joints: profile.joints.map((joint) => ({ ...joint, coulombFrictionNm: friction * joint.coulombFrictionNm })) });
    body.setPatient(false);
    run(body, 5);
    anglesDeg(body).forEach((deg, j) => expect(Math.abs(deg - homeDeg[j]!)).toBeLessThan(1.5));
  });

  it('are each other’s images: relaxed and released, both sink the same way', async () => {
    const body = await newBody();
    run(body, 2);
    const deg = anglesDeg(body);
    expect(deg[1]).toBeLessThan(homeDeg[1]! - 10);
    arms[0]!.places.forEach((j, place) => expect(deg[j]).toBeCloseTo(deg[arms[1]!.places[place]!]!, 6));
  });

  it('do not feel each other: a push at one is nothing at the other', async () => {
    const body = await newBody();
    body.setBrakes(true);
    // Relaxed hands take their time to come to rest.
    run(body, 4);
    const before = profile.joints.map((_, j) => body.cuffTorqueNm(j));
    body.setPushNm(3, 4);
    run(body, 1);
    const more = profile.joints.map((_, j) => body.cuffTorqueNm(j) - before[j]!);
    expect(more[3]).toBeGreaterThan(3);
    for (const j of arms[1]!.places) expect(Math.abs(more[j]!)).toBeLessThan(0.05);
  });
});

it('what the empty device asks of a joint is that of its own arm, and little', () => {
  const seen = seenAtHome(profile);
  const device = new ArmDevice(profile, seen);
  const joints = homeDeg.map((deg) => ({ positionRad: degToRad(deg) }));
  profile.joints.forEach(({ coulombFrictionNm }, j) => expect(Math.abs(device.gravityNm(j, joints))).toBeLessThan(coulombFrictionNm));
  const lifted = joints.map(({ positionRad }, j) => ({ positionRad: j === 1 ? positionRad + 0.5 : positionRad }));
  expect(device.gravityNm(1, lifted)).not.toBeCloseTo(device.gravityNm(1, joints), 3);
  expect(device.gravityNm(5, lifted)).toBe(device.gravityNm(5, joints));
  const [before, other] = [3, 7].map((j) => device.gravityNm(j, joints));
  seen[1]!.positionRad = 1;
  expect(Math.abs(device.gravityNm(3, joints) - before!)).toBeGreaterThan(1e-4);
  expect(device.gravityNm(7, joints)).toBe(other);
  expect(() => new ArmDevice(profile, seen.slice(1))).toThrow(/wristRight of profile arm-bimanual is measured/);
  expect(device.inertiaKgM2(5, joints)).toBeGreaterThan(0.1);
  expect([device.gravityNm(8, joints), device.inertiaKgM2(8, joints)]).toEqual([Number.NaN, Number.NaN]);
});
