/** A file that only grows, in whole records: what stays on disk after an error ends at a record's end. */
import { createHash } from 'node:crypto';
import { closeSync, fdatasyncSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { DariError } from '../../protocols/errors.ts';

/** The calls that can meet a full disk; a test hands in failing ones. */
export interface FileCalls {
  /** Writes some of `bytes` from `offset` on at this place of the file. @returns how many */
  write(fd: number, bytes: Uint8Array, offset: number, position: number): number;
  sync(fd: number): void;
}

const realCalls: FileCalls = {
  write: (fd, bytes, offset, position) => writeSync(fd, bytes, offset, bytes.length - offset, position),
  sync: (fd) => fdatasyncSync(fd),
};

const OWNER_ONLY = 0o600;

export class AppendFile {
  readonly #fd: number;
  readonly #hash = createHash('sha256');
  #bytes = 0;

  /** @throws DariError `sessionFileExists`: a recording is never overwritten */
  constructor(
    private readonly path: string,
    private readonly calls: FileCalls = realCalls,
  ) {
    try {
      this.#fd = openSync(path, 'wx', OWNER_ONLY);
    } catch (cause) {
      throw openError(path, cause);
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @throws DariError `diskFull`: nothing of these bytes is kept */
  append(bytes: Uint8Array): void {
    let done = 0;
    try {
      while (done < bytes.length) done += this.calls.write(this.#fd, bytes, done, this.#bytes + done);
    } catch (cause) {
      ftruncateSync(this.#fd, this.#bytes);
      throw writeError(this.path, cause);
    }
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  /** Returns when the bytes survive a power cut. @throws DariError `diskFull` */
  sync(): void {
    try {
      this.calls.sync(this.#fd);
    } catch (cause) {
      throw writeError(this.path, cause);
    }
  }

  /** Syncs the file and its name. @returns SHA-256 of the whole file, hex */
  finish(): string {
    try {
      this.sync();
    } finally {
      closeSync(this.#fd);
    }
    syncFolder(dirname(this.path));
    return this.#hash.digest('hex');
  }

  /** Closes without more ado, after an error. */
  drop(): void {
    closeSync(this.#fd);
  }
}

/** Makes a created or renamed file's name survive a power cut. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

const codeOf = (cause: unknown): string => (cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown');

function openError(path: string, cause: unknown): DariError {
  const code = codeOf(cause);
  if (code === 'EEXIST') return new DariError('sessionFileExists', `${path} exists already and a recording is never overwritten. Use another session id or move the file away.`, { cause });
  if (code === 'ENOSPC' || code === 'EDQUOT') return writeError(path, cause);
  return new DariError('dataFolder', `The session file ${path} cannot be made (${code}). Check that the data folder exists and belongs to you.`, { cause });
}

function writeError(path: string, cause: unknown): DariError {
  const code = codeOf(cause);
  const what = code === 'ENOSPC' || code === 'EDQUOT' ? 'The disk is full' : `The disk refused to write (${code})`;
  return new DariError('diskFull', `${what}; ${path} ends at its last whole second. Free some space, then open a new session.`, { cause });
}
