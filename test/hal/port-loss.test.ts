import { expect, test } from 'vitest';
import { createRobotRig } from './robot-rig.ts';

const states = (inputs: { joints: readonly { driveState: string }[] }): string[] => inputs.joints.map((joint) => joint.driveState);

test('a lost port is known in the next cycle, by its drives and by its link', async () => {
  const { links, enable, tick, notices } = createRobotRig();
  await enable();
  links.get('leg-right')!.device.unplug();
  const inputs = await tick();
  expect(states(inputs)).toEqual(['enabled', 'enabled', 'absent', 'absent']);
  expect(inputs.links.map((link) => link.up)).toEqual([true, false, true]);
  expect(notices).toEqual([expect.objectContaining({ linkId: 'leg-right', code: 'portLost' })]);
});

test('a port that comes back is connected again, and its drives stay released although the command still says enable', async () => {
  const { links, enable, ticks, drives, notices, command } = createRobotRig();
  await enable();
  const leg = links.get('leg-right')!.device;
  leg.unplug();
  await ticks(50);
  drives[2]!.log.length = 0;
  leg.plug();
  const inputs = await ticks(300);
  expect(inputs.links[1]!.up).toBe(true);
  expect(states(inputs)).toEqual(['enabled', 'enabled', 'disabled', 'disabled']);
  expect(new Set(drives[2]!.log)).toEqual(new Set(['exit']));
  expect(notices.map((notice) => notice.code)).toEqual(['portLost', 'portNotFound', 'linkUp']);
  command.enable = false;
  await ticks(3);
  command.enable = true;
  expect(states(await ticks(4))).toEqual(['enabled', 'enabled', 'enabled', 'enabled']);
});

test('attempts pause longer and longer, up to a second, and trouble is told once', async () => {
  const { links, ticks, notices, profile } = createRobotRig();
  await ticks(3);
  const hub = links.get(profile.hub.link)!.device;
  hub.unplug();
  await ticks(2_500);
  expect(notices.map((notice) => notice.code)).toEqual(['portLost', 'portNotFound']);
  hub.plug();
  const inputs = await ticks(251);
  expect(inputs.links[2]!.up).toBe(true);
  expect(inputs.hub.ageUs).toBe(0);
});

test('no heartbeat is sent over a new connection before the hub has given a challenge over it', async () => {
  const { links, tick, ticks, hub, io, clock, command, scheduler } = createRobotRig();
  await tick();
  const device = links.get('hub')!.device;
  device.unplug();
  device.plug();
  await ticks(1);
  const answered = hub.answered.length;
  clock.advanceUs(200_000);
  scheduler.runDue();
  io.write(command, clock.nowUs(), 'keepClosed');
  expect(hub.answered).toHaveLength(answered);
});

test('an adapter that answers nothing is told once, and is asked to open again and again', async () => {
  const { ticks, notices, links, io } = createRobotRig({ start: false });
  let got = '';
  links.get('leg-left')!.device.onBytes = (chunk) => (got += String.fromCharCode(...chunk));
  io.start();
  await ticks(500);
  expect(notices).toEqual([expect.objectContaining({ linkId: 'leg-left', code: 'adapterSilent' })]);
  expect(got.match(/\rC\rS8\rO\r/g)?.length).toBeGreaterThanOrEqual(2);
});

test('an adapter that restarted is opened again', async () => {
  const { adapters, ticks } = createRobotRig();
  await ticks(10);
  adapters[0]!.open = false;
  const inputs = await ticks(200);
  expect(adapters[0]!.open).toBe(true);
  expect(states(inputs)).toEqual(['disabled', 'disabled', 'disabled', 'disabled']);
});

test('one silent drive on a living bus is named once it has power, and again when it answers', async () => {
  const { drives, ticks, notices, hub } = createRobotRig();
  drives[1]!.answers = false;
  await ticks(400);
  expect(notices).toEqual([]);
  hub.state.enableRelayClosed = true;
  await ticks(400);
  expect(notices).toEqual([expect.objectContaining({ code: 'driveSilent', message: expect.stringContaining('Knee left (address 2 on leg-left)') })]);
  drives[1]!.answers = true;
  await ticks(260);
  expect(notices.at(-1)).toMatchObject({ code: 'linkUp' });
});

test('a hub of another robot is reported', async () => {
  const rig = createRobotRig({ start: false });
  Object.assign(rig.hub.identity, { joints: 6 });
  rig.io.start();
  await rig.ticks(3);
  expect(rig.notices).toEqual([expect.objectContaining({ code: 'wrongDevice', message: expect.stringContaining('6 joints') })]);
});

test('a silent hub is asked who it is until it answers', async () => {
  const { hub, clock, io, command, notices, tick } = createRobotRig();
  await tick();
  const asked = hub.asked;
  for (let i = 0; i < 500; i++) {
    clock.advanceUs(4_000);
    io.write(command, clock.nowUs(), 'starve');
  }
  expect(hub.asked - asked).toBeGreaterThanOrEqual(8);
  expect(notices.filter((notice) => notice.linkId === 'hub').map((notice) => notice.code)).toEqual(['adapterSilent']);
});

test('after closing nothing is opened again', async () => {
  const { links, io, ticks, adapters } = createRobotRig();
  await ticks(3);
  const leg = links.get('leg-left')!;
  leg.device.unplug();
  await ticks(3);
  await io.close();
  leg.device.plug();
  const inputs = await ticks(500);
  expect(inputs.links.map((link) => link.up)).toEqual([false, false, false]);
  expect(adapters[0]!.commands).toHaveLength(3);
});
