/** Finds a robot profile by its name or path. */
import fs from 'node:fs';
import path from 'node:path';
import { DariError } from '../../protocols/errors.ts';
import { parseProfile } from '../../protocols/profile-text.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { profilesFolder } from './install.ts';

export const DEFAULT_PROFILE = 'gait-orthosis';
/** A gait orthosis with drives of three protocols: for measuring and for injecting faults, not for people to choose. */
export const THREE_BUSES = path.join(profilesFolder, 'bench', 'three-buses.json');

export interface LoadedProfile {
  readonly profile: RobotProfile;
  readonly path: string;
}

/** @param nameOrPath a profile that comes with Dari, or the path of a .json file */
export function loadProfile(nameOrPath: string = DEFAULT_PROFILE): LoadedProfile {
  const isPath = nameOrPath.endsWith('.json') || nameOrPath.includes(path.sep);
  const file = isPath ? path.resolve(nameOrPath) : path.join(profilesFolder, `${nameOrPath}.json`);
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (!isPath) throw new DariError('profileUnknown', `There is no profile called "${nameOrPath}". Choose one of: ${knownProfiles().join(', ')}, or give the path of a .json file.`, { cause: error });
    throw new DariError('profileUnreadable', `The profile ${file} cannot be read. Check the path and its permissions.`, { cause: error });
  }
  return { profile: parseProfile(text, file), path: file };
}

export const knownProfiles = (): string[] =>
  fs
    .readdirSync(profilesFolder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .toSorted();
