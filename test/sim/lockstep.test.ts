import { expect, test } from 'vitest';
import { createMemoryLink } from '../../hal/transport/memory.ts';
import { createLockstepRobot } from '../../sim/lockstep.ts';
import { averagePatient, gaitOrthosis } from './support/profile.ts';

async function connected() {
  const profile = gaitOrthosis();
  const links = new Map(profile.links.map((link) => [link.id, createMemoryLink(link.id)]));
  const lockstep = await createLockstepRobot({ profile, seed: 3, ...averagePatient });
  lockstep.connect(new Map([...links].map(([id, link]) => [id, link.device])));
  return { lockstep, links };
}

test('a host on memory links meets the same robot: the hub streams and the adapter answers', async () => {
  const { lockstep, links } = await connected();
  const received = { hub: 0, leg: '' };
  const hub = links.get('hub')!.factory();
  await hub.open({ onOpen: () => {}, onBytes: (chunk) => (received.hub += chunk.length), onClosed: () => {} });
  const leg = links.get('leg-left')!.factory();
  await leg.open({ onOpen: () => {}, onBytes: (chunk) => (received.leg += String.fromCharCode(...chunk)), onClosed: () => {} });
  leg.write(Uint8Array.from('V\r', (letter) => letter.charCodeAt(0)));
  expect(received.leg).toBe('');
  lockstep.step(4_000);
  expect(received.leg).toBe('V1013\r');
  expect(received.hub).toBeGreaterThan(40);
  expect(lockstep.robot.nowUs).toBe(4_000);
  lockstep.dispose();
});

test('pulling a cable tells the host, and putting it back lets it open again', async () => {
  const { lockstep, links } = await connected();
  const causes: unknown[] = [];
  const hub = links.get('hub')!;
  await hub.factory().open({ onOpen: () => {}, onBytes: () => {}, onClosed: (cause) => causes.push(cause) });
  lockstep.controls.unplug('hub');
  expect(causes).toHaveLength(1);
  lockstep.step(20_000);
  lockstep.controls.plug('hub');
  let bytes = 0;
  await hub.factory().open({ onOpen: () => {}, onBytes: (chunk) => (bytes += chunk.length), onClosed: () => {} });
  lockstep.step(20_000);
  expect(bytes).toBeGreaterThan(100);
  lockstep.dispose();
});

test('a fault in front of a line is switched on and off in the middle of a session', async () => {
  const { lockstep, links } = await connected();
  let answered = 0;
  const leg = links.get('leg-left')!.factory();
  await leg.open({ onOpen: () => {}, onBytes: (chunk) => (answered += chunk.length), onClosed: () => {} });
  const ask = (): number => {
    answered = 0;
    leg.write(Uint8Array.from('V\r', (letter) => letter.charCodeAt(0)));
    lockstep.step(4_000);
    return answered;
  };
  expect(ask()).toBe(6);
  lockstep.controls.fault({ link: 'leg-left', kind: 'mute', direction: 'toHost' });
  expect(ask()).toBe(0);
  lockstep.controls.clearFaults(null);
  expect(ask()).toBe(6);
  expect(() => lockstep.controls.fault({ link: 'nowhere', kind: 'mute' })).toThrow(/nowhere/);
  lockstep.dispose();
});

test('a robot without a device end for each link is refused', async () => {
  const lockstep = await createLockstepRobot({ profile: gaitOrthosis(), seed: 1, ...averagePatient });
  expect(() => lockstep.connect(new Map())).toThrow(/leg-left/);
  expect(() => lockstep.controls.unplug('nowhere')).toThrow(/nowhere/);
  lockstep.dispose();
});
