/** The house rules that a machine can check: who imports whom, sizes, cycles, and who may make a permitted command. */
import fs from 'node:fs';
import path from 'node:path';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const SOURCE_FOLDERS = ['protocols', 'hal', 'controller', 'sim', 'ui'];
const ALLOWED_TOP_LEVEL = ['.ci', '.github', 'controller', 'docs', 'examples', 'hal', 'protocols', 'sim', 'test', 'ui'];

interface SourceFile {
  readonly file: string;
  readonly text: string;
  readonly imports: readonly string[];
  readonly functions: readonly { name: string; lines: number }[];
}

interface AstNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly id?: { name?: string } | null;
  readonly source?: { value?: unknown } | null;
}

const isNode = (value: unknown): value is AstNode => typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

function walk(node: unknown, visit: (node: AstNode) => void): void {
  if (Array.isArray(node)) node.forEach((child) => walk(child, visit));
  if (!isNode(node)) return;
  visit(node);
  for (const child of Object.values(node)) if (typeof child === 'object') walk(child, visit);
}

function read(file: string): SourceFile {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length;
  const imports: string[] = [];
  const functions: { name: string; lines: number }[] = [];
  walk(parseSync(file, text).program, (node) => {
    if (/^(Import|ExportNamed|ExportAll)Declaration$|^ImportExpression$/.test(node.type) && typeof node.source?.value === 'string') imports.push(node.source.value);
    if (/Function/.test(node.type) && !node.type.startsWith('TS')) functions.push({ name: node.id?.name ?? 'anonymous', lines: lineOf(node.end) - lineOf(node.start) + 1 });
  });
  return { file, text, imports, functions };
}

function listFiles(folder: string, names: RegExp): string[] {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return listFiles(file, names);
    return names.test(entry.name) ? [file] : [];
  });
}

const linesOf = (file: string): number => fs.readFileSync(path.join(root, file), 'utf8').split('\n').length - 1;

const sources = SOURCE_FOLDERS.flatMap((folder) => listFiles(folder, /(?<!\.d)\.tsx?$/)).map(read);
const target = (source: SourceFile, specifier: string): string | null => (specifier.startsWith('.') ? path.posix.join(path.posix.dirname(source.file), specifier) : null);

/** The most specific room of a file, and what that room may import besides itself. */
const ROOMS: Readonly<Record<string, { files: readonly string[]; packages: readonly string[] | 'any' }>> = {
  'protocols/': { files: [], packages: ['zod/mini'] },
  'protocols/profile-text.ts': { files: ['protocols/'], packages: ['jsonc-parser'] },
  'hal/': { files: ['protocols/'], packages: 'any' },
  'controller/safety/': { files: ['protocols/'], packages: [] },
  'controller/estimation/': { files: ['protocols/'], packages: [] },
  'controller/therapy/': { files: ['protocols/', 'controller/estimation/'], packages: [] },
  'controller/metrics/': { files: ['protocols/', 'controller/therapy/', 'controller/estimation/'], packages: [] },
  'controller/recording/': { files: ['protocols/'], packages: 'any' },
  'controller/robot/': { files: ['protocols/', 'hal/', 'controller/safety/', 'controller/therapy/', 'controller/estimation/', 'controller/metrics/', 'controller/recording/'], packages: 'any' },
  'controller/station/': { files: ['protocols/', 'hal/clock.ts', 'controller/safety/', 'controller/therapy/', 'controller/estimation/', 'controller/metrics/', 'controller/recording/'], packages: 'any' },
  'controller/cli/': { files: ['protocols/', 'hal/', 'controller/', 'sim/', 'package.json'], packages: 'any' },
  'sim/': { files: ['protocols/', 'hal/transport/', 'hal/clock.ts', 'hal/priority.ts'], packages: 'any' },
  'ui/': { files: ['protocols/'], packages: 'any' },
  'ui/assessment/': { files: ['protocols/', 'ui/', 'controller/therapy/assessments/plan.ts', 'controller/therapy/assessments/steps.ts'], packages: 'any' },
  'ui/clinician/': { files: ['protocols/', 'ui/', 'controller/metrics/'], packages: 'any' },
  'ui/safety-lab/': { files: ['protocols/', 'ui/', 'controller/safety/', 'controller/estimation/', 'controller/robot/robot-step.ts'], packages: 'any' },
};

function roomOf(file: string): string {
  const room = Object.keys(ROOMS)
    .filter((name) => file.startsWith(name))
    .sort((a, b) => b.length - a.length)[0];
  if (room === undefined) throw new Error(`${file} stands in no room`);
  return room;
}

describe('the house', () => {
  it('has only the fixed folders at its top level', () => {
    const folders = fs
      .readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !/^(\.git|node_modules|dist.*|coverage)$/.test(entry.name))
      .map((entry) => entry.name);
    expect(folders.filter((name) => !ALLOWED_TOP_LEVEL.includes(name))).toEqual([]);
  });

  it('is read by this test, imports and functions alike', () => {
    const log = sources.find((source) => source.file === 'protocols/cycle-row.ts')!;
    expect(log.imports).toContain('./joints.ts');
    expect(log.functions.map((fn) => fn.name)).toContain('writeCycleRow');
  });

  it('lets no file import against the arrows', () => {
    const wrong = sources.flatMap((source) => {
      const room = roomOf(source.file);
      const rule = ROOMS[room]!;
      return source.imports.flatMap((specifier) => {
        const file = target(source, specifier);
        const allowed =
          file === null ? rule.packages === 'any' || rule.packages.includes(specifier) : file.startsWith(room) || rule.files.some((prefix) => file.startsWith(prefix));
        return allowed ? [] : [`${source.file} → ${file ?? specifier}`];
      });
    });
    expect(wrong).toEqual([]);
  });

  it('keeps the platform out of the pure rooms', () => {
    const pure = /^(protocols|controller\/(safety|therapy|estimation|metrics))\//;
    const platform = /(?<!-)\bprocess\.|\bDate\.now|\bnew Date\(\)|performance\.now|Math\.random|\bset(Timeout|Interval)\(|\bMath\.(sin|cos|tan|exp|log|tanh|atan2?|asin|acos|pow|hypot)\(/;
    const wrong = sources.filter((source) => pure.test(source.file) && platform.test(source.text));
    expect(wrong.map((source) => source.file)).toEqual([]);
  });

  it('asks the machine for time or randomness only in the clock, the composition roots and the screens', () => {
    const home = /^(ui\/|hal\/clock\.ts|hal\/metronome|sim\/pacing-thread\.ts|controller\/cli\/)|-(process|thread)\.ts$/;
    const wrong = sources.filter((source) => !home.test(source.file) && /\bDate\.now\(|\bnew Date\(\)|performance\.now\(|Math\.random\(|\bset(Timeout|Interval|Immediate)\(/.test(source.text));
    expect(wrong.map((source) => source.file)).toEqual([]);
  });

  it('has no import cycle', () => {
    const graph = new Map(sources.map((source) => [source.file, source.imports.flatMap((specifier) => target(source, specifier) ?? [])]));
    const state = new Map<string, 'open' | 'done'>();
    const cycles: string[] = [];
    const visit = (file: string, trail: readonly string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
        return;
      }
      state.set(file, 'open');
      for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
      state.set(file, 'done');
    };
    for (const file of graph.keys()) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('keeps files and functions small enough to read', () => {
    const cap = (file: string): number => (file.startsWith('controller/safety/') ? 200 : 400);
    const long = sources.flatMap((source) => {
      const lines = source.text.split('\n').length - 1;
      const functions = source.functions.filter((fn) => fn.lines > 60).map((fn) => `${source.file}: ${fn.name} has ${fn.lines} lines`);
      return lines > cap(source.file) ? [`${source.file} has ${lines} lines`, ...functions] : functions;
    });
    expect(long).toEqual([]);
  });

  it('keeps tests and styles small enough to read', () => {
    const others = [...listFiles('test', /\.ts$/), ...listFiles('ui', /\.css$/)];
    expect(others.flatMap((file) => (linesOf(file) > 400 ? [`${file} has ${linesOf(file)} lines`] : []))).toEqual([]);
  });

  it('has no barrel file', () => {
    expect(sources.filter((source) => /\/index\.tsx?$/.test(source.file)).map((source) => source.file)).toEqual([]);
  });

  it('lets only the envelope make a permitted command', () => {
    const makers = sources.filter((source) => /PermittedCommand\s*\.\s*mint\b|PermittedCommand\s*\[/.test(source.text)).map((source) => source.file);
    expect(makers).toEqual(['controller/safety/envelope.ts']);
  });

  it('switches no check off', () => {
    const listTests = (folder: string): string[] =>
      fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? listTests(`${folder}/${entry.name}`) : /\.tsx?$/.test(entry.name) ? [`${folder}/${entry.name}`] : []));
    const switches = new RegExp(['\\b(it|test|describe)\\.(skip|only|todo|fails)\\b', '[,{] retry: \\d', '@ts-(ignore|nocheck|expect-error)', '(oxlint|eslint)-disable', '(v8|c8|istanbul) ignore', '\\bas any\\b'].join('|'));
    const wrong = [...sources.map((source) => source.file), ...listTests('test').filter((file) => file !== 'test/architecture.test.ts')].filter((file) => switches.test(fs.readFileSync(path.join(root, file), 'utf8')));
    expect(wrong).toEqual([]);
  });
});
