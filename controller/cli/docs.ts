/** `dari docs`: writes the documents that are made from the code. */
import fs from 'node:fs';
import path from 'node:path';
import type { Command } from './command.ts';
import { failsafeTable } from './documents/failsafe-table.ts';
import { hazardTable } from './documents/hazard-table.ts';
import { limitsTable } from './documents/limits-table.ts';
import { metricsTable } from './documents/metrics-table.ts';
import { profilesFolder } from './install.ts';
import { knownProfiles, loadProfile } from './profiles.ts';

export const docsCommand: Command = {
  name: 'docs',
  summary: 'Writes the documents that are made from the code: failsafe table, limits, hazards and measures.',
  usage: 'docs',
  options: [],
  positionals: 0,
  run() {
    const files = {
      'failsafe-table.md': failsafeTable(),
      ...Object.fromEntries(knownProfiles().map((name) => [`limits-${name}.md`, limitsTable(loadProfile(name).profile, `hal/profiles/${name}.json`)])),
      'hazards.md': hazardTable(),
      'metrics.md': metricsTable(),
    };
    const folder = path.join(profilesFolder, '..', '..', 'docs');
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
    process.stdout.write(`Written to ${path.normalize(folder)}: ${Object.keys(files).join(', ')}\n`);
    return Promise.resolve(0);
  },
};
