/**
 * A copy of this process as it stands now, by fork(2): physics, controller and bytes in flight go on in it as they would
 * have here. Node is not made for that, so three things are done. V8 marks its pages as not to be inherited
 * (MADV_DONTFORK), which is taken back before each fork. The process runs with `node --single-threaded --no-liftoff`, because
 * threads do not survive, and WebAssembly that is to be compiled better asks one for that. And the copy never returns to the
 * event loop: it computes, writes its result with a plain system call and ends by _exit. Such a copy costs some milliseconds,
 * and its pages are copied only as they are written to.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import koffi from 'koffi';
import { DariError } from '../../../protocols/errors.ts';

const STDERR = 2;
/** Linux, <bits/mman-linux.h>. */
const MADV_DOFORK = 11;
/** glibc; musl. */
const LIBRARIES = ['libc.so.6', 'libc.so'];
/** Enough for the mappings of a large process; the rest would be left out and is refused. */
const MAPS_BYTES = 1 << 20;
/** Own value: a copy works for a fraction of a second. One that waits for a thread that it has not got is ended by the kernel. */
const LONGEST_SEC = 60;
/** A page may come between the advice and the fork; then the copy dies at once, and another one is made. */
const ATTEMPTS = 5;
/** Of a status of waitpid: the signal that ended the process, 0 when it ended by itself. */
const SIGNAL_MASK = 0x7f;

interface Libc {
  fork(): number;
  waitpid(pid: number, status: Int32Array, options: number): number;
  madvise(address: bigint, length: bigint, advice: number): number;
  alarm(seconds: number): number;
  exit(code: number): void;
}

export class Forker {
  readonly #libc = loadLibc();
  readonly #maps = Buffer.alloc(MAPS_BYTES);
  readonly #status = new Int32Array(1);
  /** Mappings that are inherited already. One that came and went in between is not; then a copy dies, and all are advised anew. */
  #inherited = new Set<string>();
  /** Copies that died before they began, and were made again. */
  lost = 0;

  /**
   * Runs `work` in a copy of this process and waits for its end. Nothing that `work` does is seen here.
   * @param work plain computing; what it awaits must settle without a thread, a timer or I/O
   * @throws DariError `forkFailed` when no copy came to its end
   */
  async run(work: () => Promise<void>): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      // The first time may itself need new pages, e.g. for what it compiles.
      this.#inheritPages();
      this.#inheritPages();
      const pid = this.#libc.fork();
      if (pid < 0) throw new DariError('forkFailed', 'This process could not be copied. Check the limits on processes and memory.');
      if (pid === 0) await this.#work(work);
      this.#libc.waitpid(pid, this.#status, 0);
      const [status = 0] = this.#status;
      if (status === 0) return;
      if ((status & SIGNAL_MASK) === 0) throw new DariError('forkFailed', `A copy of this process failed; its message stands above. Run the case alone with --case, which needs no copy.`);
      this.lost++;
      this.#inherited.clear();
    }
    throw new DariError('forkFailed', `A copy of this process died ${ATTEMPTS} times. Run the case alone with --case, which needs no copy.`);
  }

  async #work(work: () => Promise<void>): Promise<never> {
    let code = 1;
    this.#libc.alarm(LONGEST_SEC);
    try {
      // What is compiled stays; to compile more would cost a copy more than it saves in its short life.
      setFlagsFromString('--no-opt');
      await work();
      code = 0;
    } catch (error) {
      writeSync(STDERR, `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    } finally {
      this.#libc.exit(code);
    }
    throw new Error('unreachable');
  }

  /** Every anonymous mapping: V8's heap, code and WebAssembly memory are such. */
  #inheritPages(): void {
    const lines = this.#maps.toString('latin1', 0, this.#readMaps()).split('\n');
    for (const line of lines) if (!this.#inherited.has(line)) this.#inherit(line);
    this.#inherited = new Set(lines);
  }

  #inherit(line: string): void {
    // `start-end perms offset device inode`, then the name, if it has one; the kernel's own begin with [v.
    const [range = '', , , , inode, name = ''] = line.split(/ +/);
    if (inode !== '0' || name.startsWith('[v')) return;
    const dash = range.indexOf('-');
    const from = BigInt(`0x${range.slice(0, dash)}`);
    this.#libc.madvise(from, BigInt(`0x${range.slice(dash + 1)}`) - from, MADV_DOFORK);
  }

  #readMaps(): number {
    const file = openSync('/proc/self/maps', 'r');
    let length = 0;
    for (;;) {
      const read = readSync(file, this.#maps, length, MAPS_BYTES - length, null);
      if (read === 0) break;
      length += read;
    }
    closeSync(file);
    if (length === MAPS_BYTES) throw new DariError('forkFailed', 'This process has too many memory mappings to be copied.');
    return length;
  }
}

function loadLibc(): Libc {
  for (const name of LIBRARIES) {
    try {
      const library = koffi.load(name);
      return {
        fork: library.func('int fork()') as Libc['fork'],
        waitpid: library.func('int waitpid(int, _Out_ int*, int)') as Libc['waitpid'],
        madvise: library.func('int madvise(uint64_t, uint64_t, int)') as Libc['madvise'],
        alarm: library.func('unsigned int alarm(unsigned int)') as Libc['alarm'],
        exit: library.func('void _exit(int)') as Libc['exit'],
      };
    } catch {
      continue;
    }
  }
  throw new DariError('forkFailed', 'The campaign copies its process, which needs Linux. Run it there, or one case at a time with --case.');
}
