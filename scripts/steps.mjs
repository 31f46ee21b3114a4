/**
 * Small helpers of the set-up scripts. Plain JavaScript without dependencies: they run before `npm ci` has run.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A set-up step that cannot be done by this script; the message says what the reader can do. */
export class SetUpError extends Error {}

/** Prints one line. */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** Seconds since `start` (milliseconds), for progress lines. */
export function since(start) {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`;
}

/** Output of a command, or undefined when it is absent or fails. */
export function probe(command, args, options = {}) {
  const done = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
    ...options,
  });
  return done.status === 0 ? `${done.stdout}${done.stderr}` : undefined;
}

/**
 * Runs a command to its end without standard input.
 * `quiet` keeps its output back and prints it only when the command fails. Resolves to `{ ok, output }`.
 */
export function run(command, args, { quiet = false, env = process.env, cwd = ROOT } = {}) {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    });
    const chunks = [];
    child.stdout?.on('data', chunk => chunks.push(chunk));
    child.stderr?.on('data', chunk => chunks.push(chunk));
    const finish = ok => resolve({ ok, output: Buffer.concat(chunks).toString('utf8') });
    child.on('error', () => finish(false));
    child.on('close', code => finish(code === 0));
  });
}

/** Runs a set-up command quietly; throws SetUpError with its last lines when it fails. */
export async function must(label, command, args, options = {}) {
  const start = Date.now();
  say(`set-up: ${label} ...`);
  const { ok, output } = await run(command, args, { quiet: true, ...options });
  if (!ok)
    throw new SetUpError(`${label} failed (${command} ${args.join(' ')})\n${output.split('\n').slice(-40).join('\n')}`);
  say(`set-up: ${label}, ${since(start)}`);
}

/** True while the process that wrote its id into the file runs. */
function ownerRuns(file) {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}

/** Does `work` while no other process of this checkout does work under the same lock. A lock whose owner has died is taken over. */
export async function withLock(name, work) {
  const file = join(ROOT, '.cache', `${name}.lock`);
  mkdirSync(dirname(file), { recursive: true });
  for (let told = false; ; ) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!ownerRuns(file)) rmSync(file, { force: true });
    else {
      if (!told) say('set-up: waiting for another set-up of this checkout');
      told = true;
      await new Promise(done => setTimeout(done, 500));
    }
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
