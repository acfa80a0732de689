/** Asks at a serial port who is there, for people who connect a robot; the running robot never does it. */
import { DelimiterParser } from '@serialport/parser-delimiter';
import { encodeSlcanCommand } from '../protocols/wire/slcan.ts';
import { HubFrameReader } from '../protocols/wire/sensor-hub.ts';
import { systemScheduler } from './clock.ts';
import { serialTransport } from './transport/serial.ts';

export type DeviceKind = 'slcan' | 'sensor-hub';

const CR = 0x0d;
/** A bare CR first ends half a line that an earlier program may have left. */
const QUESTION = Uint8Array.of(CR, ...encodeSlcanCommand({ kind: 'version' }));

/**
 * An SLCAN adapter answers the version question, a sensor hub speaks by itself; nothing here makes a motor move.
 * @returns null when neither is heard within `patienceMs`
 * @throws DariError `portNotFound`, `portBusy`, `portPermission`, `portFailed`
 */
export async function identifyPort(path: string, baud: number, patienceMs = 300): Promise<DeviceKind | null> {
  const transport = serialTransport(path, baud);
  const lines = new DelimiterParser({ delimiter: Buffer.of(CR) });
  let cancelPatience = (): void => {};
  try {
    return await new Promise<DeviceKind | null>((resolve, reject) => {
      const hub = new HubFrameReader({ onHubFrame: () => resolve('sensor-hub'), onDiscarded: () => {} });
      lines.on('data', (line: Buffer) => {
        if (/^V[\x20-\x7e]+$/.test(line.toString('latin1'))) resolve('slcan');
      });
      const onBytes = (chunk: Uint8Array): void => {
        lines.write(Buffer.from(chunk));
        hub.push(chunk);
      };
      transport.open({ onOpen: () => transport.write(QUESTION), onBytes, onClosed: () => resolve(null) }).catch(reject);
      cancelPatience = systemScheduler.after(patienceMs, () => resolve(null));
    });
  } finally {
    cancelPatience();
    lines.destroy();
    await transport.close();
  }
}
