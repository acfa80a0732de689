import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemScheduler } from '../../hal/clock.ts';
import { identifyPort } from '../../hal/discovery.ts';
import type { PortAnswer } from '../../hal/identify/inquiry.ts';
import { serialTransport } from '../../hal/transport/serial.ts';
import { openPty, type Pty } from '../../sim/pty.ts';
import { AdapterDouble, HubDouble } from './device-double.ts';
import { gaitOrthosis } from './robot-rig.ts';

let pty: Pty;
beforeEach(() => (pty = openPty()));
afterEach(() => pty.close());

const identify = async (path: string, baud?: number): Promise<PortAnswer | null> =>
  identifyPort((at) => serialTransport(path, at), { scheduler: systemScheduler, ...(baud === undefined ? {} : { baud }) });

/** The doubles speak through a device end; here it is a real pseudo-terminal. */
const endOf = (line: Pty) => ({
  write: (bytes: Uint8Array) => void line.write(bytes),
  get onBytes() {
    return line.onBytes;
  },
  set onBytes(handler) {
    line.onBytes = handler;
  },
  unplug: () => {},
  plug: () => {},
});

test.each(['lawicel', 'canable'] as const)('an adapter of the %s kind is known by its version, and the drives on its bus by their answers', async (style) => {
  const adapter = new AdapterDouble(endOf(pty), gaitOrthosis().joints.slice(0, 2), style);
  expect(await identify(pty.path)).toMatchObject({ protocol: 'slcan', baud: 921_600, drives: [{ protocol: 'mit', address: 1 }, { protocol: 'mit', address: 2 }] });
  for (const drive of adapter.drives) expect(new Set(drive.log)).toEqual(new Set(['exit']));
  expect(adapter.open).toBe(false);
});

test('a sensor hub is known by its frames', async () => {
  const hub = new HubDouble(endOf(pty), gaitOrthosis());
  pty.onBytes = () => hub.sendState(0);
  expect(await identify(pty.path)).toMatchObject({ protocol: 'sensor-hub' });
});

test('something that only sends back what it gets is not guessed at, and the port is free afterwards', async () => {
  pty.onBytes = (chunk) => pty.write(chunk);
  expect(await identify(pty.path, 115_200)).toBeNull();
  expect(await identify(pty.path, 115_200)).toBeNull();
});

test('a port that does not exist is refused with what to do', async () => {
  await expect(identify('/dev/ttyNONE9')).rejects.toMatchObject({ code: 'portNotFound' });
});
