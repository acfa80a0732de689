/** Arms that are driven up to the elbow and measured from there on: forearm and wrist go as the person lets them, and what is not known of them stops the robot. */
import { afterEach, describe, expect, it } from 'vitest';
import { minimumJerk } from '../../../protocols/math.ts';
import { sensedJointsOf, toRangeRad, type ArmProfile } from '../../../protocols/profile.ts';
import type { SessionSetup } from '../../../protocols/supervision.ts';
import { degToRad, radToDeg } from '../../../protocols/units.ts';
import { armBimanual } from '../../sim/support/profile.ts';
import { Rig } from './robot-step-rig.ts';

const profile = armBimanual();
const DRIVEN = profile.joints.length;
const [FOREARM_LEFT, WRIST_LEFT, , WRIST_RIGHT] = [0, 1, 2, 3] as const;
const person = { bodyMassKg: 75, heightM: 1.8 };
const setup: SessionSetup = {
  patientRef: 'test',
  ...person,
  permittedRangeRad: profile.joints.map((joint) => toRangeRad(joint.softRangeDeg)),
  parameters: { speedMps: 0.2, guidance: { left: 1, right: 1 }, romScale: profile.joints.map(() => 1), offsetRad: profile.joints.map(() => 0) },
  confirmed: { identity: true, side: true, consent: true, geometry: true, alarms: true },
};

/** The left hand's joints read by servos: the forearm's beside the servo that turns the shoulder, the wrist's on a bus of its own. */
function withServos(): ArmProfile {
  const rotation = profile.joints[2]!.drive;
  if (rotation.protocol !== 'dynamixel2') throw new RangeError('the shoulder is turned by another drive');
  const servoOf = (link: string, address: number) => ({ by: 'servo' as const, servo: { ...rotation, link, address } });
  const readings = [servoOf(rotation.link, 2), servoOf('hand-left', 1)];
  return {
    ...profile,
    links: [...profile.links, { id: 'hand-left', protocol: 'dynamixel2', baud: 1_000_000 }],
    sensedJoints: profile.sensedJoints!.map((joint, i) => ({ ...joint, reading: readings[i] ?? joint.reading })),
  };
}

let rig: Rig;
afterEach(() => rig.robot.dispose());

/** @param stillSec before it starts; the person holds his right hand still meanwhile */
async function training(of: ArmProfile = profile, stillSec = 0): Promise<void> {
  rig = await Rig.of(of, setup);
  Object.assign(rig.intent, { mode: 'mirrorMotion', speedMps: 0.25 });
  rig.until(({ readyBlocker }) => readyBlocker === 'none', 5);
  rig.command('arm');
  rig.run(1.5);
  const { body } = rig.robot.robot;
  rig.run(stillSec, () => body.setPushNm(DRIVEN + WRIST_RIGHT, -60 * body.positionRad(DRIVEN + WRIST_RIGHT) - 0.5 * body.velocityRadPerSec(DRIVEN + WRIST_RIGHT)));
  body.setPushNm(DRIVEN + WRIST_RIGHT, 0);
  rig.command('start');
  rig.run(4);
  expect(rig.output).toMatchObject({ state: 'running', blend: 1, action: 'none' });
}

const trueDeg = (i: number): number => radToDeg(rig.robot.robot.body.positionRad(DRIVEN + i));

describe.each([
  ['encoders at the hub', profile, 0.1],
  ['servos whose torque is off', withServos(), 0.2],
])('forearm and wrist, read by %s', (_, of, worstDeg) => {
  it('are believed while both arms are led, and seen where they are; nothing drives them', async () => {
    await training(of);
    let [worst, distrusted, apartRad] = [0, 0, 0];
    rig.run(6, ({ sensed, joints }) => {
      sensed.forEach(({ trusted }) => (distrusted += Number(!trusted)));
      rig.inputs.sensed.forEach(({ positionRad }, i) => (worst = Math.max(worst, Math.abs(radToDeg(positionRad) - trueDeg(i)))));
      joints.forEach(({ referencePositionRad }, j) => (apartRad = Math.max(apartRad, Math.abs(referencePositionRad - rig.joints[j]!.positionRad))));
    });
    expect(rig.output).toMatchObject({ state: 'running', action: 'none' });
    expect([distrusted, rig.output.permitted.joints.length]).toEqual([0, DRIVEN]);
    expect(worst).toBeLessThan(worstDeg);
    expect(radToDeg(apartRad)).toBeLessThan(2);
    expect(rig.robot.robot.truth().joints.slice(DRIVEN).map(({ energised, motorTorqueNm }) => [energised, motorTorqueNm])).toEqual(sensedJointsOf(of).map(() => [false, 0]));
  });
});

describe('a hand that moves by itself', () => {
  it('turns as far as the person turns it, and the arm goes on along its path', async () => {
    await training();
    const { body } = rig.robot.robot;
    let [least, most, sec, apartRad] = [Infinity, -Infinity, 0, 0];
    const [foreRad, handRad] = [FOREARM_LEFT, WRIST_LEFT].map((i) => body.positionRad(DRIVEN + i));
    rig.run(8, ({ joints }) => {
      sec += 1 / profile.controlRateHz;
      // From where it hung to the middle, and there to and fro.
      const lifted = minimumJerk(Math.min(1, sec / 2));
      const aimRad = (1 - lifted) * handRad! + lifted * degToRad(30) * Math.sin(2 * Math.PI * 0.5 * sec);
      body.setPushNm(DRIVEN + FOREARM_LEFT, 10 * ((1 - lifted) * foreRad! - body.positionRad(DRIVEN + FOREARM_LEFT)) - 0.2 * body.velocityRadPerSec(DRIVEN + FOREARM_LEFT));
      body.setPushNm(DRIVEN + WRIST_LEFT, 10 * (aimRad - body.positionRad(DRIVEN + WRIST_LEFT)) - 0.2 * body.velocityRadPerSec(DRIVEN + WRIST_LEFT));
      const seenDeg = radToDeg(rig.inputs.sensed[WRIST_LEFT]!.positionRad);
      if (sec > 4) [least, most] = [Math.min(least, seenDeg), Math.max(most, seenDeg)];
      joints.forEach(({ referencePositionRad }, j) => (apartRad = Math.max(apartRad, Math.abs(referencePositionRad - rig.joints[j]!.positionRad))));
    });
    expect(rig.output).toMatchObject({ state: 'running', action: 'none' });
    expect(most - least).toBeGreaterThan(40);
    expect(radToDeg(apartRad)).toBeLessThan(2);
  });
});

describe('what is not known of a hand', () => {
  it.each(['jump', 'stuck'] as const)('stops both arms when the wrist’s encoder is wrong (%s), and the wrist is named', async (how) => {
    // At rest it is seen what noise the encoder has.
    await training(profile, 3);
    rig.robot.robot.fault({ kind: 'sensor', sensor: 'jointEncoder', joint: 'wristRight', how, ...(how === 'jump' ? { size: degToRad(50) } : {}) });
    rig.until(({ action }) => action === 'protectiveStop', 2);
    expect(rig.output).toMatchObject({ cause: 'implausibleInput', causeJoint: DRIVEN + WRIST_RIGHT });
    expect(rig.output.sensed.map(({ trusted }) => trusted)).toEqual([true, true, true, false]);
    rig.run(1);
    expect(rig.output.state).toBe('stopped');
    for (const { velocityRadPerSec } of rig.joints) expect(Math.abs(radToDeg(velocityRadPerSec))).toBeLessThan(3);
  });

  it('stops both arms when its servo is not heard', async () => {
    await training(withServos());
    rig.robot.robot.fault({ link: 'hand-left', kind: 'mute' });
    rig.until(({ action }) => action === 'protectiveStop', 1);
    expect(rig.output).toMatchObject({ cause: 'sensorSilent', causeJoint: DRIVEN + WRIST_LEFT });
  });

  it('lets nobody arm while it is so', async () => {
    rig = await Rig.of(withServos(), setup);
    rig.until(({ readyBlocker }) => readyBlocker === 'none', 5);
    rig.robot.robot.fault({ link: 'hand-left', kind: 'mute' });
    rig.run(0.5);
    expect(rig.output).toMatchObject({ readyBlocker: 'sensorSilent', permitted: { enable: false } });
  });
});
