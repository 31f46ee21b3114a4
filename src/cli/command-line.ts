import { Command, CommanderError } from 'commander';
import { asVeilError, VeilError } from '../core/errors.js';

/** A positional argument of a verb. */
export interface VerbArgument {
  readonly name: string;
  readonly about: string;
  readonly optional?: boolean;
  readonly many?: boolean;
}

/** An option of a verb, in commander's flag syntax: `--in <file>`, `--domain <name...>`, `--resume`. */
export interface VerbOption {
  readonly flags: string;
  readonly about: string;
  readonly default?: string;
}

/** Values of a verb's options as typed on the command line. */
export type OptionValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** What a verb is called with. */
export interface Invocation {
  /** One entry per argument; an argument with `many` gives a list. */
  readonly args: readonly (string | readonly string[] | undefined)[];
  readonly options: OptionValues;
}

/** One verb of a program, one file each. `run` returns the exit status (DESIGN 9); a thrown VeilError sets its own. */
export interface Verb {
  readonly name: string;
  readonly summary: string;
  readonly arguments?: readonly VerbArgument[];
  readonly options?: readonly VerbOption[];
  /** Command lines that work, shown by --help. */
  readonly examples: readonly string[];
  readonly verbs?: readonly Verb[];
  readonly run?: (invocation: Invocation) => Promise<number> | number;
}

/** Runs a program made of verbs and returns its exit status. Every verb has --help with examples, and --json. */
export async function runProgram(
  name: string,
  summary: string,
  verbs: readonly Verb[],
  argv: readonly string[],
): Promise<number> {
  let status = 0;
  const finish = (code: number): void => {
    status = code;
  };
  const program = new Command(name).description(summary).showHelpAfterError().exitOverride();
  program.helpCommand(true).helpOption('-h, --help', 'show help');
  for (const verb of verbs) program.addCommand(commandOf(verb, finish));
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 || isHelp(error) ? 0 : 2;
    return report(error);
  }
}

function isHelp(error: CommanderError): boolean {
  return (
    error.code === 'commander.help' || error.code === 'commander.helpDisplayed' || error.code === 'commander.version'
  );
}

function commandOf(verb: Verb, finish: (status: number) => void): Command {
  const command = new Command(verb.name).description(verb.summary).exitOverride().showHelpAfterError();
  for (const { name, about, optional, many } of verb.arguments ?? []) {
    const text = `${name}${many === true ? '...' : ''}`;
    command.argument(optional === true ? `[${text}]` : `<${text}>`, about);
  }
  for (const option of verb.options ?? []) command.option(option.flags, option.about, option.default);
  for (const inner of verb.verbs ?? []) command.addCommand(commandOf(inner, finish));
  command.addHelpText('after', `\nExamples:\n${verb.examples.map(line => `  $ ${line}`).join('\n')}`);
  const { run } = verb;
  if (run === undefined) return command;
  command.option('--json', 'print one JSON document to standard output');
  command.action(async () => finish(await run({ args: command.processedArgs, options: command.opts() })));
  return command;
}

/** Prints a failure to standard error, as text only: VeilErrors carry no values, foreign errors are sealed. Returns the exit status. */
export function report(error: unknown): number {
  const failure: VeilError = asVeilError(error, 'INTERNAL');
  printError(failure.message);
  const frames = failure.detail.cause?.frames ?? [];
  if (failure.category === 'internal') for (const frame of frames) printError(`  ${frame}`);
  return failure.exitStatus;
}

/** One line of data or result to standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** One JSON document to standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** One line for people to standard error. */
export function printError(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A text option, or undefined when it was not given. */
export function textOption(options: OptionValues, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** A text option that the verb cannot do without. Throws USAGE. */
export function requiredOption(options: OptionValues, name: string): string {
  const value = textOption(options, name);
  if (value === undefined) throw new VeilError('USAGE', { expected: `--${name}` });
  return value;
}

/** A repeatable option as a list. */
export function listOption(options: OptionValues, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
}
