/** `docs/hazards.md`: hazard → control → test. */
import { hazards } from '../../safety/hazards.ts';
import { code, page, table } from './markdown.ts';

export const hazardTable = (): string =>
  page('Hazards, controls and their tests', 'controller/safety/hazards.ts', [
    'R1 and R2 are the two top requirements, F01 to F22 the faults that must not break them. *Not yet* names what is still to be built or measured; a row without a test is not controlled.',
    table(
      ['id', 'hazard', 'control', 'where', 'shown by', 'not yet'],
      hazards.map(({ id, hazard, control, checks, files, proofs, missing }) => [
        id,
        hazard,
        control,
        [...checks.map((check) => `check ${code(check)}`), ...files.map(code)].join(', ') || '–',
        proofs.map(({ file, title }) => `${code(file)}: “${title}”`).join('; ') || '**nothing**',
        missing || '–',
      ]),
    ),
  ]);
