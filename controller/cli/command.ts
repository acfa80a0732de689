/** One command of the command line: its words, its options and what it does. */

export interface OptionSpec {
  /** Without the dashes. */
  readonly name: string;
  /** Word for the value in the help; absent: a switch. */
  readonly value?: string;
  readonly help: string;
}

export interface CommandArguments {
  readonly positionals: readonly string[];
  /** Values by option name; a switch is 'true'. */
  readonly options: ReadonlyMap<string, string>;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** e.g. `run SCRIPT.json [--seed N]` */
  readonly usage: string;
  readonly options: readonly OptionSpec[];
  /** How many positionals are required at least. */
  readonly positionals: number;
  /** @returns the exit code; errors are thrown as DariError */
  run(args: CommandArguments): Promise<number>;
}
