import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MonitorInProcess } from '../../controller/robot/monitor-in-process.ts';
import { createDriveRobotIo } from '../../hal/drive-robot-io.ts';
import { ManualClock, ManualScheduler } from '../../hal/clock.ts';
import { PermittedCommand } from '../../protocols/joints.ts';
import { degToRad } from '../../protocols/units.ts';
import { emptyCanFrame } from '../../protocols/wire/slcan.ts';
import { ending } from '../controller/safety/fixtures.ts';
import { createRobotRig, gaitOrthosis, PERIOD_US } from './robot-rig.ts';

const states = (inputs: { joints: readonly { driveState: string }[] }): string[] => inputs.joints.map((joint) => joint.driveState);

describe('connecting', () => {
  test('before the links are open everything is absent and infinitely old', async () => {
    const { tick } = createRobotRig({ start: false });
    const inputs = await tick();
    expect(states(inputs)).toEqual(['absent', 'absent', 'absent', 'absent']);
    expect(inputs.joints[0]).toMatchObject({ driveAgeUs: Infinity, driveSequence: 0, encoderQuality: 0 });
    expect(inputs.hub).toMatchObject({ ageUs: Infinity, estopClosed: false });
    expect(inputs.links.map((link) => link.up)).toEqual([false, false, false]);
  });

  test('each adapter is closed, set to 1 Mbit/s and opened', async () => {
    const { adapters, tick } = createRobotRig();
    await tick();
    expect(adapters.map((adapter) => adapter.commands)).toEqual([
      ['close', 'bitRate', 'open'],
      ['close', 'bitRate', 'open'],
    ]);
  });

  test.each(['lawicel', 'slcanpty', 'canable'] as const)('an adapter of the %s kind works without configuration', async (style) => {
    const { ticks, notices } = createRobotRig({ style });
    const inputs = await ticks(100);
    expect(states(inputs)).toEqual(['disabled', 'disabled', 'disabled', 'disabled']);
    expect(inputs.links.map((link) => [link.up, link.framesReceived, link.framesSent, link.framesRefused, link.bytesDiscarded])).toEqual([
      [true, 198, 198, 0, 0],
      [true, 198, 198, 0, 0],
      // One identity and one brake request, then heartbeat and both set-points, the first heartbeat when there is a challenge.
      [true, 100, 299, 0, 0],
    ]);
    expect(notices).toEqual([]);
  });

  test('a link without a port is refused by name', () => {
    const clock = new ManualClock();
    const make = () => createDriveRobotIo({ profile: gaitOrthosis(), factories: new Map(), clock, scheduler: new ManualScheduler(clock), onNotice: () => {}, guard: new MonitorInProcess(gaitOrthosis()) });
    expect(make).toThrow('leg-left');
  });
});

describe('what is read', () => {
  test('drive values come in joint coordinates: direction and zero offset applied', async () => {
    const profile = gaitOrthosis();
    profile.joints[3]!.drive.zeroOffsetDeg = 10;
    const { drives, ticks } = createRobotRig({ profile });
    for (const drive of drives) Object.assign(drive.reply, { positionRad: 0.5, velocityRadPerSec: 1, torqueNm: 20, tempC: 41 });
    const inputs = await ticks(3);
    const [hipLeft, , , kneeRight] = inputs.joints;
    expect(hipLeft!.motorPositionRad).toBeCloseTo(0.5, 3);
    expect(hipLeft!.motorVelocityRadPerSec).toBeCloseTo(1, 2);
    expect(kneeRight!.motorPositionRad).toBeCloseTo(degToRad(10) - 0.5, 3);
    expect(kneeRight!.motorVelocityRadPerSec).toBeCloseTo(-1, 2);
    expect(kneeRight!.motorTorqueNm).toBeCloseTo(-20, 0);
    expect(kneeRight!.driveTempC).toBe(41);
  });

  test('hub values reach the joint that names their channel', async () => {
    const profile = gaitOrthosis();
    profile.joints.forEach((joint, i) => (joint.hubChannel = 3 - i));
    const { hub, tick } = createRobotRig({ profile });
    hub.state.joints.forEach((joint, channel) => Object.assign(joint, { positionRad: channel / 10, torqueNm: channel, quality: 200 + channel }));
    Object.assign(hub.state, { estopClosed: true, patientButtonPressed: false, enableRelayClosed: true, brakeEngaged: false });
    const inputs = await tick();
    expect(inputs.joints.map((joint) => [joint.encoderPositionRad, joint.jointTorqueNm, joint.encoderQuality])).toEqual([
      [0.3, 3, 203],
      [0.2, 2, 202],
      [0.1, 1, 201],
      [0, 0, 200],
    ]);
    expect(inputs.hub).toMatchObject({ ageUs: 0, estopClosed: true, patientButtonPressed: false, enableRelayClosed: true, brakeEngaged: false });
  });

  test('ages are counted from the arrival of the newest frame', async () => {
    const { drives, tick, ticks, io, clock } = createRobotRig();
    await ticks(3);
    drives[1]!.answers = false;
    await ticks(5);
    clock.advanceUs(700);
    const inputs = io.read(99, clock.nowUs(), 12);
    expect(inputs).toMatchObject({ cycle: 99, latenessUs: 12, nowUs: clock.nowUs() });
    expect(inputs.joints.map((joint) => joint.driveAgeUs)).toEqual([700, 5 * PERIOD_US + 700, 700, 700]);
    drives[1]!.answers = true;
    await tick();
    expect((await tick()).joints[1]!.driveAgeUs).toBe(PERIOD_US);
  });

  test('two records alternate, so that the last cycle can still be looked at', async () => {
    const { tick } = createRobotRig();
    const [first, second, third] = [await tick(), await tick(), await tick()];
    expect(second).not.toBe(first);
    expect(third).toBe(first);
  });

  test('the hub sequence and time go on where their fields wrap', async () => {
    const { hub, io, clock, command, tick } = createRobotRig();
    await tick();
    hub.sendState(0xffff_fff0);
    const before = io.read(1, clock.nowUs(), 0).hub.deviceTimeUs;
    hub.sendState(0x1_0000_0010);
    expect(io.read(2, clock.nowUs(), 0).hub.deviceTimeUs - before).toBe(0x20);
    for (let i = 0; i < 70_000; i++) {
      hub.sendState(5);
      io.write(command, clock.nowUs(), 'starve');
    }
    expect(io.read(3, clock.nowUs(), 0).hub.sequence).toBeGreaterThan(70_000);
  });

  test('a fault of a drive is given out with its code', async () => {
    const { drives, ticks } = createRobotRig();
    drives[2]!.reply.errorCode = 1;
    const inputs = await ticks(3);
    expect(states(inputs)).toEqual(['disabled', 'disabled', 'fault', 'disabled']);
    expect(inputs.joints[2]!.driveErrorCode).toBe(1);
  });

  test('whatever bytes arrive, nothing throws and what is read stays inside the range of the device', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), async (chunks) => {
        const { links, io, clock, profile, tick } = createRobotRig();
        await tick();
        for (const chunk of chunks) for (const link of links.values()) link.device.write(chunk);
        const inputs = io.read(1, clock.nowUs(), 0);
        inputs.joints.forEach((joint, i) => {
          const { drive } = profile.joints[i]!;
          expect(Math.abs(joint.motorPositionRad)).toBeLessThanOrEqual(drive.positionRangeRad);
          expect(Math.abs(joint.motorVelocityRadPerSec)).toBeLessThanOrEqual(drive.velocityRangeRadPerSec);
          expect(Math.abs(joint.motorTorqueNm)).toBeLessThanOrEqual(drive.torqueRangeNm);
          expect(Number.isFinite(joint.encoderPositionRad + joint.jointTorqueNm)).toBe(true);
        });
      }),
      { numRuns: 50 },
    );
  });

  test('garbage is counted on its link, and the next frames are read', async () => {
    const { links, ticks } = createRobotRig();
    await ticks(3);
    links.get('leg-left')!.device.write(new TextEncoder().encode('t0018XX noise without end\r'));
    links.get('hub')!.device.write(Uint8Array.of(9, 9, 9, 0));
    const inputs = await ticks(2);
    expect(inputs.links.map((link) => link.bytesDiscarded)).toEqual([26, 0, 4]);
    expect(inputs.joints.map((joint) => joint.driveAgeUs)).toEqual([PERIOD_US, PERIOD_US, PERIOD_US, PERIOD_US]);
  });

  test('frames of strangers on the bus are discarded, not believed', async () => {
    const { adapters, ticks } = createRobotRig();
    const before = (await ticks(3)).joints[0]!.driveSequence;
    const data = Uint8Array.of(1, 255, 255, 255, 255, 255, 0, 0);
    adapters[0]!.send({ ...emptyCanFrame(), id: 5, length: 8, data });
    adapters[0]!.send({ ...emptyCanFrame(), id: 1, extended: true, length: 8, data });
    adapters[0]!.send({ ...emptyCanFrame(), id: 1, remote: true, length: 8 });
    adapters[0]!.send({ ...emptyCanFrame(), id: 0, length: 8, data: Uint8Array.of(9, 1, 1, 1, 1, 1, 1, 1) });
    const inputs = await ticks(1);
    expect(inputs.joints[0]!.driveSequence).toBe(before + 1);
    expect(inputs.links[0]!.bytesDiscarded).toBe(22 + 27 + 6 + 22);
  });
});

describe('what is written', () => {
  test('a forged command is refused and nothing leaves', async () => {
    const { io, drives, ticks, clock, command } = createRobotRig();
    await ticks(2);
    const sent = drives[0]!.log.length;
    const forged = [structuredClone(command), Object.assign({}, command), Object.create(PermittedCommand.prototype), null];
    for (const fake of forged) expect(() => io.write(fake as PermittedCommand, clock.nowUs(), 'keepClosed')).toThrow(expect.objectContaining({ code: 'commandForged' }));
    expect(drives[0]!.log).toHaveLength(sent);
  });

  test('a released command polls with exit frames', async () => {
    const { drives, ticks } = createRobotRig();
    await ticks(5);
    expect(drives.map((drive) => drive.log)).toEqual(Array.from({ length: 4 }, () => ['exit', 'exit', 'exit', 'exit', 'exit']));
  });

  test('enabling enters motor mode, and is observed only after the drive has answered in it', async () => {
    const { drives, command, ticks, tick } = createRobotRig();
    await ticks(3);
    command.enable = true;
    const seen = [states(await tick())[0], states(await tick())[0], states(await tick())[0], states(await tick())[0]];
    expect(seen).toEqual(['disabled', 'disabled', 'enabled', 'enabled']);
    expect(drives[0]!.log.slice(3)).toEqual(['enter', 'enter', 'set-point', 'set-point']);
  });

  test('set-points reach the drive in its own coordinates', async () => {
    const profile = gaitOrthosis();
    profile.joints[2]!.drive.zeroOffsetDeg = 10;
    const { drives, command, enable } = createRobotRig({ profile });
    command.joints.forEach((joint) => Object.assign(joint, { positionRad: 0.4, velocityRadPerSec: 2, stiffnessNmPerRad: 100, dampingNmsPerRad: 2, torqueNm: 30 }));
    await enable();
    expect(drives[0]!.command.positionRad).toBeCloseTo(0.4, 3);
    expect(drives[0]!.command.torqueNm).toBeCloseTo(30, 0);
    const right = drives[2]!.command;
    expect(right.positionRad).toBeCloseTo(degToRad(10) - 0.4, 3);
    expect(right.velocityRadPerSec).toBeCloseTo(-2, 1);
    expect(right.torqueNm).toBeCloseTo(-30, 0);
    expect(right.stiffnessNmPerRad).toBeCloseTo(100, 0);
    expect(right.dampingNmsPerRad).toBeCloseTo(2, 2);
  });

  test('releasing is observed only after the drive has answered out of motor mode', async () => {
    const { command, drives, enable, tick } = createRobotRig();
    await enable();
    command.enable = false;
    const seen = [states(await tick())[0], states(await tick())[0], states(await tick())[0]];
    expect(seen).toEqual(['enabled', 'enabled', 'disabled']);
    expect(drives[0]!.enabled).toBe(false);
  });

  test('a set-point that is not a number releases the drive, and it stays released', async () => {
    const { command, drives, enable, ticks } = createRobotRig();
    await enable();
    command.joints[0]!.torqueNm = Number.NaN;
    await ticks(1);
    command.joints[0]!.torqueNm = 0;
    const inputs = await ticks(10);
    expect(states(inputs)).toEqual(['disabled', 'enabled', 'enabled', 'enabled']);
    expect(drives[0]!.enabled).toBe(false);
  });

  test('a drive that was not fed for longer than its watchdog is not enabled again by the same command', async () => {
    const { clock, drives, enable, ticks, command } = createRobotRig();
    await enable();
    clock.advanceUs(101_000);
    const inputs = await ticks(5);
    expect(states(inputs)).toEqual(['disabled', 'disabled', 'disabled', 'disabled']);
    expect(drives.map((drive) => drive.enabled)).toEqual([false, false, false, false]);
    command.enable = false;
    await ticks(2);
    command.enable = true;
    expect(states(await ticks(4))).toEqual(['enabled', 'enabled', 'enabled', 'enabled']);
  });

  test('the heartbeat answers the newest challenge, and only when it is asked for', async () => {
    const { hub, tick } = createRobotRig();
    const challenges: number[] = [];
    for (let i = 0; i < 5; i++) {
      await tick();
      challenges.push(hub.state.challenge);
    }
    expect(hub.answered).toEqual(challenges);
    await tick('starve');
    expect(hub.answered).toHaveLength(5);
    expect(hub.requests).toHaveLength(1);
  });

  test('the relay is told to open in the cycle that asks for it, and again while it is seen closed', async () => {
    const { hub, tick, ticks, io, clock } = createRobotRig();
    hub.state.enableRelayClosed = true;
    await ticks(5);
    hub.requests.length = 0;
    await tick('open');
    expect(hub.requests).toEqual([{ holdRelayOpen: true, engageBrake: false }]);
    expect(hub.answered).toHaveLength(5);
    for (let i = 0; i < 4; i++) await tick('open');
    expect(hub.requests).toHaveLength(3);
    io.requestBrakes(true, clock.nowUs());
    expect(hub.requests.at(-1)).toEqual({ holdRelayOpen: true, engageBrake: true });
    hub.state.enableRelayClosed = false;
    hub.requests.length = 0;
    for (let i = 0; i < 10; i++) await tick('open');
    expect(hub.requests).toEqual([]);
  });

  test('a relay that was told to open is let close with the first heartbeat, and told so again until it is seen closed', async () => {
    const { hub, tick } = createRobotRig();
    await tick('open');
    hub.requests.length = 0;
    for (let i = 0; i < 3; i++) await tick();
    expect(hub.requests).toEqual([{ holdRelayOpen: false, engageBrake: false }, { holdRelayOpen: false, engageBrake: false }]);
    hub.state.enableRelayClosed = true;
    await tick();
    hub.requests.length = 0;
    for (let i = 0; i < 10; i++) await tick();
    expect(hub.requests).toEqual([]);
  });

  test('closing releases the drives and opens the relay; the adapters stay open, for closing would drop what they have not yet sent', async () => {
    const { io, enable, drives, adapters, hub, links } = createRobotRig();
    await enable();
    await io.close();
    expect(drives.map((drive) => drive.enabled)).toEqual([false, false, false, false]);
    expect(adapters.map((adapter) => adapter.open)).toEqual([true, true]);
    expect(hub.requests.at(-1)).toEqual({ holdRelayOpen: true, engageBrake: false });
    const reopened = links.get('hub')!.factory();
    await expect(reopened.open({ onOpen: () => {}, onBytes: () => {}, onClosed: () => {} })).resolves.toBeUndefined();
  });
});

test('a robot that stands on its brakes has them closed when a host comes and when it goes, and a new connection asks for what was asked last', async () => {
  const { io, hub, clock, ticks, enable } = createRobotRig({ profile: ending('brake') });
  await enable();
  expect(hub.requests).toEqual([{ holdRelayOpen: false, engageBrake: true }]);
  io.requestBrakes(false, clock.nowUs());
  await ticks(2);
  io.hubs[0]!.hub.onOpen();
  expect(hub.requests.slice(1)).toEqual([{ holdRelayOpen: false, engageBrake: false }, { holdRelayOpen: false, engageBrake: false }]);
  await io.close();
  expect(hub.requests.at(-1)).toEqual({ holdRelayOpen: true, engageBrake: true });
});
