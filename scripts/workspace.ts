import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from './broker-jars.js';

const execute = promisify(execFile);

/** The built program, as users run it. */
export const VEIL = join(projectRoot(), 'dist', 'src', 'cli', 'main.js');

/** A folder as `veil init` makes it: veil.yaml, key ring, key store and desk key for embedded use. */
export interface Workspace {
  readonly directory: string;
  /** Absolute path of a file inside. */
  file(name: string): string;
  /** Writes a file inside and returns its absolute path. */
  write(name: string, text: string): Promise<string>;
  /**
   * Runs `veil` with these arguments inside the folder and returns its standard output. Exit status 1 (records were refused) is
   * no failure; throws with its messages for any other.
   */
  veil(...args: readonly string[]): Promise<string>;
}

/**
 * Makes a new workspace with the domain keys that the policies need. `policies` are file names with their texts.
 * `brokers` is `host:port`, or undefined when only files are read and written.
 */
export async function makeWorkspace(
  directory: string,
  brokers: string | undefined,
  policies: Readonly<Record<string, string>>,
): Promise<Workspace> {
  await mkdir(directory, { recursive: true });
  const file = (name: string): string => join(directory, name);
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(file(name), text);
    return file(name);
  };
  const veil = async (...args: readonly string[]): Promise<string> => {
    const run = execute(process.execPath, [VEIL, ...args], { cwd: directory, maxBuffer: 64 << 20 });
    const { stdout } = await run.catch((error: unknown) => {
      if (isRefusal(error)) return { stdout: error.stdout };
      throw error;
    });
    return stdout;
  };
  await veil('init', '.');
  if (brokers !== undefined) await write('veil.yaml', `version: 1\nkafka:\n  brokers: ["${brokers}"]\n`);
  for (const [name, text] of Object.entries(policies)) await veil('keys', 'init', '--policy', await write(name, text));
  return { directory, file, write, veil };
}

function isRefusal(error: unknown): error is { stdout: string } {
  return error instanceof Error && 'code' in error && error.code === 1 && 'stdout' in error && error.stdout !== '';
}
