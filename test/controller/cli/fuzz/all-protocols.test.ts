import { expect, it } from 'vitest';
import { codecCases } from '../../../../controller/cli/bench/codec-cases.ts';
import { fuzzTargets } from '../../../../controller/cli/fuzz/targets.ts';
import { driveSchema, linkProtocols } from '../../../../protocols/drive-profile.ts';

const drives: readonly string[] = driveSchema.def.options.flatMap((option) => option.shape.protocol.def.values);
const wires: readonly string[] = [...new Set([...linkProtocols, ...drives])];

it('every protocol that a profile can name is fuzzed: its frames, and host and device of its drives', () => {
  const fuzzed = fuzzTargets.map(({ protocol, side }) => `${protocol} ${side}`);
  expect(fuzzed).toEqual(expect.arrayContaining(wires.map((protocol) => `${protocol} codec`)));
  expect(fuzzed).toEqual(expect.arrayContaining(drives.flatMap((protocol) => [`${protocol} host`, `${protocol} device`])));
});

it('every protocol that a profile can name is measured', () => {
  expect(codecCases.map(({ protocol }) => protocol)).toEqual(expect.arrayContaining([...wires]));
});
