/** A whole station on real sockets, above a robot process that only stands in. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { systemClock, systemScheduler } from '../../../../hal/clock.ts';
import { parseProfile } from '../../../../protocols/profile-text.ts';
import type { ToController } from '../../../../protocols/messages.ts';
import { startStation, type Station } from '../../../../controller/station/station.ts';
import type { StationOptions } from '../../../../controller/station/station-options.ts';

const profilePath = path.resolve(import.meta.dirname, '../../../../hal/profiles/gait-orthosis.json');
export const profile = parseProfile(fs.readFileSync(profilePath, 'utf8'), profilePath);
export const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export interface StandInStation {
  readonly station: Station;
  readonly dataFolder: string;
  /** What the stand-in for the robot process heard, and its own life. */
  journal(): (ToController | { type: 'started'; pid: number } | { type: 'ended'; why: string })[];
}

const folders: string[] = [];
const stations: Station[] = [];

export function freshFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dari-station-'));
  folders.push(folder);
  fs.mkdirSync(path.join(folder, 'sessions'));
  fs.mkdirSync(path.join(folder, 'page'));
  fs.writeFileSync(path.join(folder, 'page', 'index.html'), '<!doctype html><title>Dari</title>');
  return folder;
}

/** @param fault what the stand-in does wrong; see `stand-in-controller.mjs` */
export async function startStandIn(fault = 'none', dataFolder = freshFolder(), changes: Partial<StationOptions> = {}): Promise<StandInStation> {
  const journalFile = path.join(dataFolder, 'journal.jsonl');
  const station = await startStation({
    version: '0.0.0',
    profile,
    profilePath,
    dataFolder,
    pageFolder: path.join(dataFolder, 'page'),
    port: 0,
    robotProgram: path.resolve(import.meta.dirname, 'stand-in-controller.mjs'),
    robot: { kind: 'ports', ports: new Map([['leg-left', fault], ['leg-right', journalFile]]) },
    clock: systemClock,
    scheduler: systemScheduler,
    log: silent,
    now: () => new Date(),
    onNotice: () => {},
    ...changes,
  });
  stations.push(station);
  const journal = (): ReturnType<StandInStation['journal']> =>
    fs.existsSync(journalFile)
      ? fs
          .readFileSync(journalFile, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as ReturnType<StandInStation['journal']>[number])
      : [];
  return { station, dataFolder, journal };
}

export async function cleanUp(): Promise<void> {
  for (const station of stations.splice(0)) await station.stop();
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
}
