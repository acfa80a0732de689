/** Reads a command's words against its options; a word that does not fit is an error that shows the usage. */
import { parseArgs } from 'node:util';
import { DariError } from '../../protocols/errors.ts';
import type { Command, CommandArguments } from './command.ts';

/** @throws DariError `usage` */
export function parseCommandArguments(command: Command, words: readonly string[]): CommandArguments {
  const options = Object.fromEntries(command.options.map((option) => [option.name, { type: option.value === undefined ? ('boolean' as const) : ('string' as const) }]));
  let parsed;
  try {
    parsed = parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw usage(command, error instanceof Error ? firstSentence(error.message) : String(error));
  }
  const most = command.usage.includes('…') ? Infinity : command.positionals;
  if (parsed.positionals.length < command.positionals) throw usage(command, 'Something is missing');
  if (parsed.positionals.length > most) throw usage(command, `Unexpected "${parsed.positionals[most] ?? ''}"`);
  const values = Object.entries(parsed.values).map(([name, value]): [string, string] => [name, String(value)]);
  return { positionals: parsed.positionals, options: new Map(values) };
}

/** A whole number option, or the default when it is not given. @throws DariError `usage` */
export function integerOption(args: CommandArguments, name: string, fallback: number, minimum = 0, maximum = Number.MAX_SAFE_INTEGER): number {
  const text = args.options.get(name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || value < minimum || value > maximum)
    throw new DariError('usage', `--${name} takes a whole number from ${minimum} to ${maximum}, not "${text}".`);
  return value;
}

export function helpOf(command: Command): string {
  const left = (option: Command['options'][number]): string => `  --${option.name}${option.value === undefined ? '' : ` ${option.value}`}`;
  const width = Math.max(12, ...command.options.map((option) => left(option).length)) + 2;
  const rows = command.options.map((option) => `${left(option).padEnd(width)}${option.help}`);
  return [`dari ${command.usage}`, '', command.summary, ...(rows.length > 0 ? ['', 'Options:', ...rows] : []), ''].join('\n');
}

function usage(command: Command, what: string): DariError {
  return new DariError('usage', `${what}. Usage: dari ${command.usage}. More: dari ${command.name} --help`);
}

const firstSentence = (message: string): string => message.split('. ')[0] ?? message;
