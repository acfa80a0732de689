import { afterEach, beforeEach, expect, test } from 'vitest';
import { identifyPort } from '../../hal/discovery.ts';
import { openPty, type Pty } from '../../sim/pty.ts';
import { AdapterDouble, HubDouble } from './device-double.ts';
import { gaitOrthosis } from './robot-rig.ts';

let pty: Pty;
beforeEach(() => (pty = openPty()));
afterEach(() => pty.close());

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

test.each(['lawicel', 'canable'] as const)('an adapter of the %s kind is known by its version', async (style) => {
  const adapter = new AdapterDouble(endOf(pty), gaitOrthosis().joints, style);
  expect(await identifyPort(pty.path, 921_600)).toBe('slcan');
  expect(adapter.commands).toEqual(['version']);
});

test('a sensor hub is known by its frames', async () => {
  const hub = new HubDouble(endOf(pty), gaitOrthosis());
  pty.onBytes = () => hub.sendState(0);
  expect(await identifyPort(pty.path, 921_600)).toBe('sensor-hub');
});

test('something that answers neither is not guessed at, and the port is free afterwards', async () => {
  pty.onBytes = (chunk) => pty.write(chunk);
  expect(await identifyPort(pty.path, 921_600, 50)).toBeNull();
  expect(await identifyPort(pty.path, 921_600, 50)).toBeNull();
});

test('a port that does not exist is refused with what to do', async () => {
  await expect(identifyPort('/dev/ttyNONE9', 921_600)).rejects.toMatchObject({ code: 'portNotFound' });
});
