/** Where records are kept: created when missing, readable by its owner only. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DariError } from '../../protocols/errors.ts';

/** @param option value of `--data`; without it the user's data folder */
export function openDataFolder(option: string | undefined): string {
  const folder = path.resolve(option ?? path.join(userDataHome(), 'dari'));
  makePrivate(folder);
  return folder;
}

/** Session files live here, one MCAP file per session. */
export function sessionsFolder(dataFolder: string): string {
  const folder = path.join(dataFolder, 'sessions');
  makePrivate(folder);
  return folder;
}

/** Where `--record-bytes DIR` writes; a folder that is there already keeps its rights. */
export function bytesFolder(option: string): string {
  const folder = path.resolve(option);
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
  } catch (error) {
    throw new DariError('dataFolder', `Nothing can be written to the folder ${folder}. Choose another one with --record-bytes DIR.`, { cause: error });
  }
  return folder;
}

function userDataHome(): string {
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Application Support');
  if (process.platform === 'win32') return process.env['LOCALAPPDATA'] ?? path.join(os.homedir(), 'AppData', 'Local');
  return process.env['XDG_DATA_HOME'] ?? path.join(os.homedir(), '.local', 'share');
}

function makePrivate(folder: string): void {
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.accessSync(folder, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
    if ((fs.statSync(folder).mode & 0o077) !== 0) fs.chmodSync(folder, 0o700);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DariError('dataFolder', `The data folder ${folder} cannot be used (${reason}). Choose another one with --data DIR.`, { cause: error });
  }
}
