/** `dari fuzz`: pushes random and mutated bytes into every splitter, decoder, drive and virtual drive. */
import { performance } from 'node:perf_hooks';
import { DariError } from '../../../protocols/errors.ts';
import { integerOption } from '../arguments.ts';
import type { Command } from '../command.ts';
import { fuzz, type FuzzRow } from './fuzz-run.ts';
import { fuzzTargets } from './targets.ts';

const DEFAULT_BYTES = 10_000_000;

export const fuzzCommand: Command = {
  name: 'fuzz',
  summary: 'Pushes random and mutated bytes into every codec, drive and virtual drive: none may crash, grow, lose bytes or publish a value that cannot be.',
  usage: 'fuzz [--only PROTOCOL] [--bytes N] [--seed S] [--json]',
  options: [
    { name: 'only', value: 'PROTOCOL', help: `one protocol of: ${protocols().join(', ')}` },
    { name: 'bytes', value: 'N', help: `how many bytes each target is given (${DEFAULT_BYTES})` },
    { name: 'seed', value: 'S', help: 'the same seed gives the same bytes (1)' },
    { name: 'json', help: 'one JSON line for programs' },
  ],
  positionals: 0,
  async run(args) {
    const only = args.options.get('only');
    if (only !== undefined && !protocols().includes(only)) throw new DariError('usage', `There is no protocol "${only}". Choose one of: ${protocols().join(', ')}.`);
    const seed = integerOption(args, 'seed', 1);
    const bytes = integerOption(args, 'bytes', DEFAULT_BYTES, 1);
    const json = args.options.has('json');
    const rows: FuzzRow[] = [];
    if (!json) process.stdout.write(HEAD);
    for (const target of fuzzTargets.filter(({ protocol }) => only === undefined || protocol === only)) {
      const row = fuzz(target, bytes, seed, () => performance.now());
      rows.push(row);
      if (!json) process.stdout.write(describe(row));
    }
    const findings = rows.reduce((sum, row) => sum + row.findings.length, 0);
    if (json) process.stdout.write(`${JSON.stringify({ seed, rows, findings })}\n`);
    else process.stdout.write(findings === 0 ? `No findings. Seed ${seed}.\n` : `${findings} findings. Again with: dari fuzz --bytes ${bytes} --seed ${seed}${only === undefined ? '' : ` --only ${only}`}\n`);
    return findings === 0 ? 0 : 1;
  },
};

function protocols(): string[] {
  return [...new Set(fuzzTargets.map(({ protocol }) => protocol))];
}

const HEAD = `${'protocol'.padEnd(14)}${'side'.padEnd(8)}${'bytes'.padStart(12)}${'frames'.padStart(10)}${'discarded'.padStart(12)}${'MB/s'.padStart(8)}${'heap kB'.padStart(9)}\n`;

function describe(row: FuzzRow): string {
  const figures = [String(row.bytes).padStart(12), String(row.frames).padStart(10), String(row.discardedBytes).padStart(12), (row.bytesPerSec / 1e6).toFixed(1).padStart(8), String(row.heapGrowthKb).padStart(9)];
  return `${row.protocol.padEnd(14)}${row.side.padEnd(8)}${figures.join('')}\n${row.findings.map((finding) => `  ${finding}\n`).join('')}`;
}
