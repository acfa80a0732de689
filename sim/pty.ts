/**
 * A pseudo-terminal whose master end the simulator holds itself, so that the host opens a real serial port. The pty is
 * raw from the start (a fresh one echoes and translates CR/LF), and its slave end is kept open here, because reading a
 * master whose slave nobody holds fails with EIO. The price: a host that closes its port is not noticed.
 */
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import koffi from 'koffi';
import { DariError } from '../protocols/errors.ts';

/** O_CLOEXEC of Linux, which node:fs does not name: a child process must not inherit the port. */
const O_CLOEXEC = 0o2000000;
/** Larger than struct termios on any Linux. */
const TERMIOS_BYTES = 128;

export interface Pty {
  /** What the host opens, e.g. /dev/pts/3. */
  readonly path: string;
  readonly masterFd: number;
  /** Bytes that the kernel did not take: nobody read the other end in time. */
  readonly lostBytes: number;
  /** Called with each chunk from the host; valid only during the call. */
  onBytes: (chunk: Uint8Array) => void;
  /** Never blocks. @returns how many bytes the kernel took; the rest is lost and counted, as on a wire */
  write(bytes: Uint8Array): number;
  /** Frees both ends: to the host the cable is pulled. */
  close(): void;
}

interface Libc {
  openMaster(): number;
  unlock(fd: number): boolean;
  slavePath(fd: number): string | null;
  makeRaw(fd: number): boolean;
}

let libc: Libc | undefined;

function loadLibc(): Libc {
  const library = koffi.load('libc.so.6');
  const openpt = library.func('int posix_openpt(int)') as (flags: number) => number;
  const grantpt = library.func('int grantpt(int)') as (fd: number) => number;
  const unlockpt = library.func('int unlockpt(int)') as (fd: number) => number;
  const ptsname = library.func('str ptsname(int)') as (fd: number) => string | null;
  const tcgetattr = library.func('int tcgetattr(int, void*)') as (fd: number, termios: Buffer) => number;
  const tcsetattr = library.func('int tcsetattr(int, int, void*)') as (fd: number, when: number, termios: Buffer) => number;
  const cfmakeraw = library.func('void cfmakeraw(void*)') as (termios: Buffer) => void;
  return {
    openMaster: () => openpt(constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK | O_CLOEXEC),
    unlock: (fd) => grantpt(fd) === 0 && unlockpt(fd) === 0,
    slavePath: (fd) => ptsname(fd),
    makeRaw: (fd) => {
      const termios = Buffer.alloc(TERMIOS_BYTES);
      if (tcgetattr(fd, termios) !== 0) return false;
      cfmakeraw(termios);
      return tcsetattr(fd, 0, termios) === 0;
    },
  };
}

/** @throws DariError `simulatorFailed` when this machine gives no pseudo-terminal */
export function openPty(): Pty {
  try {
    libc ??= loadLibc();
  } catch (cause) {
    throw new DariError('simulatorFailed', 'Pseudo-terminals need Linux with glibc. Run the simulator there, or connect real ports.', { cause });
  }
  const masterFd = libc.openMaster();
  if (masterFd < 0) throw new DariError('simulatorFailed', 'No pseudo-terminal is free. Check that /dev/pts is mounted and not full.');
  const path = libc.unlock(masterFd) ? libc.slavePath(masterFd) : null;
  if (path === null) {
    closeSync(masterFd);
    throw new DariError('simulatorFailed', 'The pseudo-terminal could not be unlocked. Check the rights on /dev/pts.');
  }
  const slaveFd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | O_CLOEXEC);
  if (!libc.makeRaw(slaveFd)) {
    closeSync(slaveFd);
    closeSync(masterFd);
    throw new DariError('simulatorFailed', `${path} could not be set raw. Check the rights on /dev/pts.`);
  }
  return new OpenPty(path, masterFd, slaveFd);
}

class OpenPty implements Pty {
  lostBytes = 0;
  onBytes: (chunk: Uint8Array) => void = () => {};
  readonly #stream: ReadStream;
  #open = true;

  constructor(
    readonly path: string,
    readonly masterFd: number,
    private readonly slaveFd: number,
  ) {
    this.#stream = new ReadStream(masterFd);
    this.#stream.on('data', (chunk: Uint8Array) => {
      if (this.#open) this.onBytes(chunk);
    });
    this.#stream.on('error', () => this.close());
  }

  // Not ReadStream.write: that blocks the whole process, virtual watchdogs included, once the host stops reading.
  write(bytes: Uint8Array): number {
    if (!this.#open || bytes.length === 0) return 0;
    let taken = 0;
    try {
      taken = writeSync(this.masterFd, bytes);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'EAGAIN' && code !== 'EIO') throw error;
    }
    this.lostBytes += bytes.length - taken;
    return taken;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#stream.destroy();
    closeSync(this.slaveFd);
  }
}
