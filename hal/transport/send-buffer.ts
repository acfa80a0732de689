/** Keeps the system's own queue behind a TCP socket short, so that a network that stood still has little to catch up. */
import type { Socket } from 'node:net';

/** asm-generic/socket.h of Linux; the kernel doubles what it is given. */
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
/**
 * Our own figure: with what the kernel adds to each, some ten cycles that the far end has not acknowledged, about as
 * long as a robot goes on without an answer. The system's usual size would hold seconds of commands.
 */
const SEND_BUFFER_BYTES = 8_192;

/** @returns false where the system does not let Dari (nothing is changed then) */
export async function shortenSendBuffer(socket: Socket): Promise<boolean> {
  const handle: unknown = Reflect.get(socket, '_handle');
  const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined;
  if (process.platform !== 'linux' || typeof fd !== 'number' || fd < 0) return false;
  try {
    const { default: koffi } = await import('koffi');
    const setsockopt = koffi.load('libc.so.6').func('int setsockopt(int, int, int, const void*, uint32_t)');
    const size = Buffer.alloc(4);
    size.writeInt32LE(SEND_BUFFER_BYTES);
    return setsockopt(fd, SOL_SOCKET, SO_SNDBUF, size, size.length) === 0;
  } catch {
    return false;
  }
}
