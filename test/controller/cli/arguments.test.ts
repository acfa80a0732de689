import { describe, expect, it } from 'vitest';
import { helpOf, integerOption, parseCommandArguments } from '../../../controller/cli/arguments.ts';
import type { Command } from '../../../controller/cli/command.ts';

const command: Command = {
  name: 'demo',
  summary: 'Shows how words are read.',
  usage: 'demo FILE [--seed N] [--json]',
  options: [
    { name: 'seed', value: 'N', help: 'a number' },
    { name: 'json', help: 'for programs' },
  ],
  positionals: 1,
  run: () => Promise.resolve(0),
};

describe('command line words', () => {
  it('are read as positionals, values and switches', () => {
    const args = parseCommandArguments(command, ['a.json', '--seed', '5', '--json']);
    expect(args.positionals).toEqual(['a.json']);
    expect(args.options.get('seed')).toBe('5');
    expect(args.options.has('json')).toBe(true);
    expect(integerOption(args, 'seed', 1)).toBe(5);
    expect(integerOption(args, 'port', 7)).toBe(7);
  });

  it.each([
    [[], /missing.*Usage: dari demo FILE/],
    [['a', 'b'], /Unexpected "b"/],
    [['a', '--sead', '5'], /--sead/],
    [['a', '--seed'], /--seed/],
  ])('that do not fit are refused with the usage: %j', (words, message) => {
    expect(() => parseCommandArguments(command, words)).toThrow(message);
  });

  it.each(['-1', '1.5', 'x', '', '1e3'])('refuse %j as a whole number', (text) => {
    const args = { positionals: [], options: new Map([['seed', text]]) };
    expect(() => integerOption(args, 'seed', 1)).toThrow(/--seed takes a whole number from 0/);
  });

  it('are explained by the help', () => {
    expect(helpOf(command)).toContain('--seed N');
  });
});
