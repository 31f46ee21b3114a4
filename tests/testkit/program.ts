import { type ChildProcess, spawn } from 'node:child_process';
import { compiled } from './compiled.js';

/** How a program ended. */
export interface Ended {
  /** Exit status; null after a signal. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a program is started with. */
export interface ProgramOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Undefined: standard input stays open, and the caller writes to it and ends it. */
  readonly input: string | undefined;
}

/** A running program. */
export interface RunningProgram {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts a TypeScript file of this project (a path from its root) in a process of its own. */
export function startProgram(file: string, args: readonly string[], options: ProgramOptions): RunningProgram {
  const { VEIL_PASSPHRASE: _, VEIL_DESK_PASSPHRASE: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [compiled(file), ...args], {
    cwd: options.cwd,
    env: { ...inherited, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on('error', () => undefined);
  if (options.input !== undefined) child.stdin.end(options.input);
  const ended = new Promise<Ended>((done, failed) => {
    child.once('error', failed);
    child.once('close', status => {
      done({ status, stdout: Buffer.concat(stdout).toString('utf8'), stderr: Buffer.concat(stderr).toString('utf8') });
    });
  });
  return { process: child, ended };
}

/** Runs a TypeScript file of this project to its end. */
export function runTypeScript(file: string, args: readonly string[], options: ProgramOptions): Promise<Ended> {
  return startProgram(file, args, options).ended;
}
