/**
 * One station per data folder. The lock is SQLite's own lock on a small file: the kernel takes it back when its holder
 * dies, however it dies, so it is never stale. A note beside it says who the holder is, and which robot process belongs
 * to it: one that outlived a killed station is still sealing its file.
 */
import fs from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import { z } from 'zod/mini';
import { DariError } from '../../protocols/errors.ts';

const NOTE_FILE = 'station.json';

const noteSchema = z.object({ pid: z.int(), url: z.string(), robotPid: z.nullable(z.int()) });
export type LockNote = z.infer<typeof noteSchema>;

export interface FolderLock {
  /** What the holder before left: it was killed if there is something. */
  readonly left: LockNote | null;
  describe(note: LockNote): void;
  release(): void;
}

/** @throws DariError `dataFolder` when another station holds it */
export function lockFolder(folder: string): FolderLock {
  const noteFile = path.join(folder, NOTE_FILE);
  const lockFile = path.join(folder, 'station.lock');
  fs.closeSync(fs.openSync(lockFile, 'a', 0o600));
  const database = new Database(lockFile);
  try {
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    const holder = readNote(noteFile);
    const who = holder === null ? 'Another Dari' : `Another Dari (process ${holder.pid}, ${holder.url})`;
    throw new DariError('dataFolder', `${who} uses the data folder ${folder}. Use that one, stop it first, or choose another folder with --data DIR.`, { cause: error });
  }
  return {
    left: readNote(noteFile),
    describe(note) {
      const fresh = `${noteFile}.new`;
      fs.writeFileSync(fresh, `${JSON.stringify(note)}\n`, { mode: 0o600 });
      fs.renameSync(fresh, noteFile);
    },
    release() {
      fs.rmSync(noteFile, { force: true });
      database.exec('ROLLBACK');
      database.close();
    },
  };
}

/** Who says that it holds the folder; it may have been killed since. */
export const readLockNote = (folder: string): LockNote | null => readNote(path.join(folder, NOTE_FILE));

function readNote(file: string): LockNote | null {
  try {
    return noteSchema.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
