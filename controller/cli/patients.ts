/** Finds a simulated patient by the name or the path of his file. */
import fs from 'node:fs';
import path from 'node:path';
import { DariError } from '../../protocols/errors.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { parseSimulatedPatient, type SimulatedPatient } from '../../sim/body/simulated-patient.ts';
import { patientsFolder } from './install.ts';

export interface LoadedPatient {
  readonly patient: SimulatedPatient;
  readonly path: string;
}

/**
 * @param nameOrPath a patient that comes with Dari, or the path of a .json file
 * @throws DariError `patientUnknown`, `patientInvalid`
 */
export function loadPatient(nameOrPath: string, profile: RobotProfile): LoadedPatient {
  const isPath = nameOrPath.endsWith('.json') || nameOrPath.includes(path.sep);
  const file = isPath ? path.resolve(nameOrPath) : path.join(patientsFolder, `${nameOrPath}.json`);
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    const what = isPath ? `The simulated patient ${file} cannot be read.` : `There is no simulated patient called "${nameOrPath}".`;
    throw new DariError('patientUnknown', `${what} Choose one of: ${knownPatients().join(', ')}, or give the path of a .json file.`, { cause: error });
  }
  return { patient: parseSimulatedPatient(text, file, profile.joints.map(({ id }) => id)), path: file };
}

export const knownPatients = (): string[] =>
  fs
    .readdirSync(patientsFolder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .toSorted();
