/** One link of the virtual robot as a real serial port, with a name that stays when the port is pulled and put back. */
import { lstatSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DariError } from '../protocols/errors.ts';
import { openPty, type Pty } from './pty.ts';

/** More than a fast wire carries in one beat; a fuller buffer is flushed early. */
const GATHERED_BYTES = 4_096;

export class SimulatedPort {
  readonly #gathered = new Uint8Array(GATHERED_BYTES);
  #gatheredBytes = 0;
  #pty: Pty | null = null;
  #lostBefore = 0;

  /** @param linkDir where a link called `linkId` points at the pty; without it the pty's own path is the name */
  constructor(
    readonly linkId: string,
    private readonly linkDir: string | undefined,
  ) {}

  /** What the host opens; null while unplugged. */
  get path(): string | null {
    if (this.#pty === null) return null;
    return this.linkDir === undefined ? this.#pty.path : join(this.linkDir, this.linkId);
  }

  /** Bytes nobody read in time, since the start; a host that is not there yet counts too. */
  get lostBytes(): number {
    return this.#lostBefore + (this.#pty?.lostBytes ?? 0);
  }

  /** @throws DariError `simulatorFailed` when there is no pseudo-terminal to be had, or its link cannot be made */
  plug(onBytes: (chunk: Uint8Array) => void): void {
    if (this.#pty !== null) return;
    const pty = openPty();
    pty.onBytes = onBytes;
    this.#pty = pty;
    if (this.linkDir === undefined) return;
    const link = join(this.linkDir, this.linkId);
    try {
      removeLink(link);
      symlinkSync(pty.path, link);
    } catch (cause) {
      this.unplug();
      throw new DariError('simulatorFailed', `The link ${link} could not be made. Name a folder of your own that has no such file.`, { cause });
    }
  }

  /** Gathers bytes for the next `flush`: each write to the kernel costs more than all the rest of a line step. */
  write(bytes: Uint8Array): void {
    if (this.#gatheredBytes + bytes.length > GATHERED_BYTES) this.flush();
    if (bytes.length > GATHERED_BYTES) this.#pty?.write(bytes);
    else {
      this.#gathered.set(bytes, this.#gatheredBytes);
      this.#gatheredBytes += bytes.length;
    }
  }

  flush(): void {
    if (this.#gatheredBytes > 0) this.#pty?.write(this.#gathered.subarray(0, this.#gatheredBytes));
    this.#gatheredBytes = 0;
  }

  unplug(): void {
    if (this.#pty === null) return;
    if (this.linkDir !== undefined) removeLink(join(this.linkDir, this.linkId));
    this.#lostBefore += this.#pty.lostBytes;
    this.#gatheredBytes = 0;
    this.#pty.close();
    this.#pty = null;
  }
}

/** Only ever removes a symbolic link: a real file of that name is somebody's, and stays. */
function removeLink(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) unlinkSync(path);
}
