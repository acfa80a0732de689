import { describe, expect, it } from 'vitest';
import type { RobotIo } from '../../../hal/robot-io.ts';
import type { PreparationNews } from '../../../protocols/preparation.ts';
import { gaitOrthosis } from '../../hal/robot-rig.ts';
import { ending } from '../safety/fixtures.ts';
import { PreparationRig } from './preparation-rig.ts';

const DEGREE = Math.PI / 180;

/** The robot as it is but for some of its ways. */
const changed = (change: (io: RobotIo) => Partial<RobotIo>) => (io: RobotIo): RobotIo => {
  const changes = change(io);
  return new Proxy(io, {
    get: (target, key) => {
      const member: unknown = Reflect.get(changes, key) ?? Reflect.get(target, key);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
};

const released = (rig: PreparationRig): boolean => rig.robot.robot.truth().joints.every(({ energised }) => !energised);

async function tested(): Promise<PreparationRig> {
  const rig = await PreparationRig.create();
  await rig.test();
  return rig;
}

async function prepared(): Promise<PreparationRig> {
  const rig = await tested();
  await rig.home();
  return rig;
}

/** Something happens while a step is at work. */
const during = (rig: PreparationRig, step: PreparationNews['step'], act: () => void): void => {
  let done = false;
  rig.each = () => {
    if (done || rig.news.step !== step || rig.news.status !== 'running') return;
    done = true;
    act();
  };
};

it('the preparation of a robot that stands on its brakes between sessions opens them first, for the self-test and for the way home', async () => {
  let closes = (): void => {};
  const rig = await PreparationRig.create({
    between: (io) => {
      closes = () => io.requestBrakes(true, rig.inputs.nowUs);
      return io;
    },
  });
  Object.assign(rig.profile, { stop: ending('brake').stop });
  rig.each = () => {
    if (!rig.preparation.active) closes();
  };
  await rig.test();
  expect(rig.news).toMatchObject({ status: 'passed', tested: true });
  for (let n = 0; n < 25; n++) rig.tick();
  expect(rig.inputs.hub.brakeEngaged).toBe(true);
  await rig.home();
  expect(rig.news).toMatchObject({ step: 'homing', status: 'passed', prepared: true });
});

it('the preparation of a robot that stands on its brakes closes them while a person walks to the emergency stop, lest it sinks out of its range', async () => {
  const rig = await PreparationRig.create();
  Object.assign(rig.profile, { stop: ending('brake').stop });
  await rig.until(() => rig.output.state === 'idle', 5);
  rig.command('prepare');
  await rig.until(() => rig.news.ask === 'pressEstop', 10);
  await rig.until(() => rig.inputs.hub.brakeEngaged, 1);
  expect(rig.news).toMatchObject({ step: 'estop', status: 'waiting' });
});

describe('the preparation of an empty robot', () => {
  it('goes through every step in its order, moves no joint more than 2° in the self-test, and ends at home, released and ready', async () => {
    const rig = await PreparationRig.create();
    const start = rig.robot.robot.truth().joints.map(({ positionRad }) => positionRad);
    let mostRad = 0;
    rig.each = () => rig.robot.robot.truth().joints.forEach(({ positionRad }, j) => (mostRad = Math.max(mostRad, Math.abs(positionRad - start[j]!))));
    await rig.test();
    expect(mostRad).toBeLessThan(2 * DEGREE);
    expect([...new Set(rig.told.map(({ step }) => step))]).toEqual(['sensors', 'estop', 'brakes', 'relay', 'watchdogs', 'signs']);
    expect(rig.news).toMatchObject({ status: 'passed', ask: 'home', tested: true, prepared: false });
    rig.tick();
    expect(rig.output).toMatchObject({ state: 'idle', readyBlocker: 'noSession' });
    await rig.home();
    expect(rig.news).toMatchObject({ step: 'homing', status: 'passed', prepared: true });
    expect(rig.output.state).toBe('ready');
    expect(released(rig)).toBe(true);
    rig.profile.joints.forEach(({ homePositionDeg }, j) => expect(Math.abs(rig.robot.robot.truth().joints[j]!.positionRad / DEGREE - homePositionDeg)).toBeLessThan(2));
    expect(rig.mostSpeedRadPerSec).toBeLessThan(rig.profile.homing.speedDegPerSec * DEGREE * 1.25);
  });

  it('waits for a person to press, to release and to acknowledge the emergency stop', async () => {
    const rig = await tested();
    expect(rig.told.filter(({ status }) => status === 'waiting').map(({ ask }) => ask)).toEqual(['pressEstop', 'releaseEstop', 'acknowledge']);
  });

  const sensorFaults: [string, object, Partial<PreparationNews>][] = [
    ['a joint encoder of the wrong sign', { sensor: 'jointEncoder', how: 'flip' }, { step: 'sensors', reason: 'guard', cause: 'positionOutOfRange', joint: 'kneeLeft' }],
    ['a joint encoder that is off by 2°', { sensor: 'jointEncoder', how: 'offset', size: 2 * DEGREE }, { step: 'sensors', reason: 'sensorsDisagree', joint: 'kneeLeft' }],
    ['a motor encoder that is off by 2°', { sensor: 'motorEncoder', how: 'offset', size: 2 * DEGREE }, { step: 'sensors', reason: 'sensorsDisagree', joint: 'kneeLeft' }],
    ['a joint encoder that stands', { sensor: 'jointEncoder', how: 'stuck' }, { step: 'signs', reason: 'jointDoesNotMove', joint: 'kneeLeft' }],
    ['a torque sensor of the wrong sign', { sensor: 'jointTorque', how: 'flip' }, { step: 'signs', reason: 'torqueSign', joint: 'kneeLeft' }],
    ['a torque sensor that stands', { sensor: 'jointTorque', how: 'stuck' }, { step: 'signs', reason: 'torqueSign', joint: 'kneeLeft' }],
    ['a torque sensor far off', { sensor: 'jointTorque', how: 'offset', size: 120 }, { step: 'sensors', reason: 'torqueImplausible', joint: 'kneeLeft' }],
  ];

  it.each(sensorFaults)('finds %s', async (_, fault, news) => {
    const rig = await PreparationRig.create();
    rig.robot.controls.fault({ kind: 'sensor', joint: 'kneeLeft', ...fault } as never);
    await rig.test();
    expect(rig.news).toMatchObject({ status: 'failed', tested: false, prepared: false, ...news });
    rig.tick();
    expect(rig.output.state).toBe('idle');
    expect(released(rig)).toBe(true);
  });

  it.each([0.5, 1, 1.5].flatMap((friction) => [true, false].map((empty) => [friction, empty ? 'empty' : 'with a limb in it', empty] as const)))('passes with %f times the friction of the profile, %s', async (frictionScale, _, empty) => {
    const rig = await PreparationRig.create({ frictionScale, empty });
    await rig.test();
    expect(rig.news).toMatchObject({ status: 'passed', reason: 'none', tested: true });
    await rig.home();
    expect(rig.news).toMatchObject({ step: 'homing', status: 'passed', prepared: true });
  });

  it.each([0.5, 1, 1.5])('moves a joint that is held softly, too, with %f times the friction of the profile', async (frictionScale) => {
    const device = gaitOrthosis();
    const rig = await PreparationRig.create({ device, frictionScale, empty: true });
    for (const { joints } of [device, rig.profile]) joints[3]!.stiffnessNmPerRad = 150;
    let mostRad = 0;
    let startRad = Number.NaN;
    rig.each = () => {
      const { positionRad } = rig.robot.robot.truth().joints[3]!;
      if (rig.news.step !== 'signs' || rig.news.joint !== 'kneeRight') startRad = positionRad;
      else mostRad = Math.max(mostRad, Math.abs(positionRad - startRad));
    };
    await rig.test();
    expect(rig.news).toMatchObject({ status: 'passed', tested: true });
    // Half of the 1.5° has to be seen.
    expect(mostRad / DEGREE).toBeGreaterThan(1);
    expect(mostRad / DEGREE).toBeLessThan(2);
  });

  it('finds an encoder that turns the wrong way although both agree at rest', async () => {
    const rig = await PreparationRig.create();
    during(rig, 'signs', () => {
      const knee = rig.robot.robot.truth().joints[1]!.positionRad;
      rig.robot.controls.fault({ kind: 'sensor', joint: 'kneeLeft', sensor: 'jointEncoder', how: 'flip' });
      rig.robot.controls.fault({ kind: 'sensor', joint: 'kneeLeft', sensor: 'jointEncoder', how: 'offset', size: 2 * knee });
    });
    await rig.test();
    expect(rig.news).toMatchObject({ step: 'signs', status: 'failed', reason: 'encoderSign', joint: 'kneeLeft' });
  });

  it('finds a brake that keeps the joints from moving', async () => {
    const rig = await PreparationRig.create();
    during(rig, 'signs', () => rig.robot.controls.brake(true));
    await rig.test();
    expect(rig.news).toMatchObject({ step: 'signs', status: 'failed', reason: 'brakeDoesNotRelease' });
  });

  it('finds an emergency stop that is not wired', async () => {
    const rig = await PreparationRig.create();
    rig.obey = () => {};
    await rig.test();
    expect(rig.news).toMatchObject({ step: 'estop', status: 'failed', reason: 'estopNotPressed' });
  });

  it('finds an emergency stop that leaves the drives their power', async () => {
    const rig = await PreparationRig.create({
      between: changed((io) => ({
        read: (cycle, nowUs, latenessUs) => {
          const inputs = io.read(cycle, nowUs, latenessUs);
          inputs.joints.forEach((joint) => (joint.driveAgeUs = Math.min(joint.driveAgeUs, 1_000)));
          return inputs;
        },
      })),
    });
    await rig.test();
    expect(rig.news).toMatchObject({ step: 'estop', status: 'failed', reason: 'estopPowerStays', joint: 'hipLeft' });
  });

  it('finds a relay that is welded', async () => {
    const device = gaitOrthosis();
    device.hub.heartbeatTimeoutMs = 60_000;
    const rig = await PreparationRig.create({ device });
    await rig.test();
    expect(rig.news).toMatchObject({ step: 'relay', status: 'failed', reason: 'relayStaysClosed' });
  });

  it('finds a drive without a watchdog', async () => {
    const device = gaitOrthosis();
    device.joints[2]!.drive.watchdogMs = 10_000;
    const rig = await PreparationRig.create({ device });
    await rig.test();
    expect(rig.news).toMatchObject({ step: 'watchdogs', status: 'failed', reason: 'watchdogKeptPushing', joint: 'hipRight' });
    rig.tick();
    expect(released(rig)).toBe(true);
  });

  it('finds brakes that do not close', async () => {
    const rig = await PreparationRig.create({ between: changed(() => ({ requestBrakes: () => {} })) });
    await rig.test();
    expect(rig.news).toMatchObject({ step: 'brakes', status: 'failed', reason: 'brakeDoesNotEngage' });
  });

  it('finds brakes that do not open again', async () => {
    const rig = await PreparationRig.create({ between: changed((io) => ({ requestBrakes: (engaged, nowUs) => (engaged ? io.requestBrakes(true, nowUs) : undefined) })) });
    await rig.test();
    expect(rig.news).toMatchObject({ step: 'brakes', status: 'failed', reason: 'brakeDoesNotRelease' });
  });

  const interruptions: [string, (rig: PreparationRig) => void, Partial<PreparationNews>, string][] = [
    ['a pulled cable', (rig) => rig.robot.controls.unplug('leg-left'), { reason: 'guard', cause: 'linkDown' }, 'connecting'],
    ['a silent hub', (rig) => rig.robot.controls.unplug('hub'), { reason: 'guard', cause: 'linkDown' }, 'connecting'],
    ['a stop', (rig) => rig.command('stop'), { reason: 'guard', cause: 'operatorStop' }, 'stopped'],
    ['the emergency stop', (rig) => rig.robot.controls.estop(true), { reason: 'guard', cause: 'estopOpen' }, 'emergency'],
    ['a lost operator', (rig) => (rig.intent.leaseAgeUs = 3e6), { reason: 'guard', cause: 'operatorLost' }, 'idle'],
    ['a lost station', (rig) => (rig.intent.stationConnected = false), { reason: 'guard', cause: 'stationLost' }, 'idle'],
    ['the brake lever', (rig) => rig.robot.controls.brake(true), { reason: 'guard', cause: 'brakeEngaged' }, 'idle'],
  ];

  it.each(interruptions)('on the way home %s lets go at once', async (_, interrupt, news, state) => {
    const rig = await tested();
    rig.intent.holdAgeUs = 0;
    rig.tick();
    rig.command('home');
    for (let n = 0; n < 250; n++) rig.tick();
    expect(released(rig)).toBe(false);
    interrupt(rig);
    await rig.until(() => !rig.preparation.active, 0.2);
    expect(rig.news).toMatchObject({ step: 'homing', status: 'failed', prepared: false, ...news });
    for (let n = 0; n < 50; n++) rig.tick();
    expect(rig.output.state).toBe(state);
    expect(released(rig)).toBe(true);
  });

  it('goes home only while the button is held, and gives up when it is let go', async () => {
    const rig = await tested();
    rig.intent.holdAgeUs = 0;
    rig.tick();
    rig.command('home');
    for (let n = 0; n < 200; n++) rig.tick();
    rig.intent.holdAgeUs = 300_000;
    for (let n = 0; n < 50; n++) rig.tick();
    const stood = rig.robot.robot.truth().joints.map(({ positionRad }) => positionRad);
    for (let n = 0; n < 400; n++) rig.tick();
    rig.robot.robot.truth().joints.forEach(({ positionRad }, j) => expect(Math.abs(positionRad - stood[j]!)).toBeLessThan(0.2 * DEGREE));
    await rig.until(() => !rig.preparation.active, 5);
    expect(rig.news).toMatchObject({ step: 'homing', status: 'failed', reason: 'holdReleased', tested: true, prepared: false, ask: 'home' });
    rig.tick();
    expect(rig.output.state).toBe('idle');
    await rig.home();
    expect(rig.output.state).toBe('ready');
  });

  it('does not go home untested', async () => {
    const rig = await PreparationRig.create();
    await rig.until(() => rig.output.state === 'idle', 5);
    rig.intent.holdAgeUs = 0;
    rig.command('home');
    rig.tick();
    rig.tick();
    expect(rig.news).toMatchObject({ step: 'homing', status: 'failed', reason: 'notTested' });
    expect(rig.output.state).toBe('idle');
  });

  it('never begins while a session is open', async () => {
    const rig = await PreparationRig.create();
    await rig.until(() => rig.output.state === 'idle', 5);
    rig.intent.sessionOpen = true;
    rig.command('prepare');
    rig.tick();
    rig.tick();
    expect(rig.preparation.active).toBe(false);
    expect(rig.output.state).toBe('idle');
  });
});

describe('what has been prepared', () => {
  it('is void when a cable has been pulled', async () => {
    const rig = await prepared();
    rig.robot.controls.unplug('leg-right');
    await rig.until(() => !rig.preparation.prepared, 0.1);
    expect(rig.news).toMatchObject({ status: 'failed', cause: 'linkDown', tested: false, prepared: false });
    rig.robot.controls.plug('leg-right');
    await rig.until(() => rig.output.state === 'idle', 5);
    expect(rig.output.readyBlocker).not.toBe('none');
  });

  it('survives an emergency stop: the joint encoders are absolute', async () => {
    const rig = await prepared();
    rig.robot.controls.estop(true);
    await rig.until(() => rig.output.state === 'emergency', 1);
    for (let n = 0; n < 100; n++) rig.tick();
    rig.robot.controls.estop(false);
    for (let n = 0; n < 10; n++) rig.tick();
    rig.command('acknowledge');
    await rig.until(() => rig.output.state === 'ready', 5);
    expect(rig.preparation.prepared).toBe(true);
  });

  it('is void when a motor comes back elsewhere than its joint', async () => {
    const rig = await prepared();
    rig.robot.controls.fault({ kind: 'sensor', joint: 'kneeLeft', sensor: 'motorEncoder', how: 'offset', size: 10 * DEGREE });
    await rig.until(() => !rig.preparation.prepared, 1);
    expect(rig.news).toMatchObject({ cause: 'sensorDisagreement' });
    expect(rig.output.readyBlocker).not.toBe('none');
  });

  it('is tried again from the beginning when a person wants it', async () => {
    const rig = await prepared();
    rig.intent.holdAgeUs = Infinity;
    rig.command('prepare');
    rig.tick();
    expect(rig.output.state).toBe('selfTest');
    expect(rig.preparation).toMatchObject({ prepared: false, tested: false });
  });
});
