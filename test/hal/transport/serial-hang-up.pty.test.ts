import { expect, it } from 'vitest';
import { serialTransport } from '../../../hal/transport/serial.ts';
import { openPty } from '../../../sim/pty.ts';

const WRITE_EVERY_MS = 4;

it('a cable pulled out of a streaming port ends the transport within a second, every time', async () => {
  for (let pull = 0; pull < 8; pull++) {
    const pty = openPty();
    const transport = serialTransport(pty.path, 921_600);
    let received = 0;
    let opened = false;
    const ended = new Promise<unknown>((resolve, reject) => {
      transport
        .open({
          onOpen: () => (opened = true),
          onBytes: (chunk) => (received += chunk.length),
          onClosed: resolve,
        })
        .catch(reject);
    });
    const bytes = new Uint8Array(40).fill(0x55);
    const traffic = setInterval(() => {
      pty.write(bytes);
      if (opened) transport.write(bytes);
    }, WRITE_EVERY_MS);
    await expect.poll(() => received).toBeGreaterThan(200);
    pty.close();
    const cause = await Promise.race([ended, new Promise((resolve) => setTimeout(() => resolve('still open'), 1_000))]);
    clearInterval(traffic);
    expect(cause).toMatchObject({ code: 'portLost' });
    await transport.close();
  }
});
