/** Where Dari itself is installed: the built programs stand beside this one, the profiles in the source tree above. */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const distFolder = path.dirname(fileURLToPath(import.meta.url));

/** A built program or worker, e.g. `robot-process`. */
export const programPath = (name: string): string => path.join(distFolder, `${name}.js`);
export const programUrl = (name: string): URL => pathToFileURL(programPath(name));

export const pageFolder = path.join(distFolder, 'page');
export const profilesFolder = path.join(distFolder, '..', 'hal', 'profiles');
export const patientsFolder = path.join(distFolder, '..', 'sim', 'patients');
