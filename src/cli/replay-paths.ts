import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { VeilError } from '../core/errors.js';
import type { Endpoint, Policy } from '../policy/policy.js';
import { checkpointName } from '../replay/checkpoint.js';
import { partialName } from '../replay/partial-file.js';
import { type OptionValues, textOption } from './command-line.js';

/** Files of a replay; `-` is standard input or output. */
export interface ReplayPaths {
  readonly input: string;
  readonly output: string;
  readonly quarantine: string;
  readonly report: string | undefined;
}

/**
 * What the command line and the policy say about files. Throws USAGE when something is missing or does not go together, ROUTE_LOOP when
 * a file would be written over another one of the job.
 */
export function replayPaths(policyFile: string, policy: Policy, options: OptionValues): ReplayPaths {
  const input = textOption(options, 'in') ?? fileOf(policy.source);
  const output = textOption(options, 'out') ?? fileOf(policy.sink);
  if (input === undefined || output === undefined)
    throw usage('veil replay', '--in FILE and --out FILE, or a policy with files');
  const beside = output === '-' ? undefined : `${output}.quarantine.jsonl`;
  const quarantine = textOption(options, 'quarantine') ?? fileOf(policy.quarantine) ?? beside;
  if (quarantine === undefined || quarantine === '-') throw usage('veil replay', '--quarantine FILE');
  if (options.resume === true && !isResumable({ input, output })) throw usage('--resume', 'files for --in and --out');
  const report = textOption(options, 'report');
  if (input === '-' && policyFile === '-') throw usage('--in', 'a file when the policy comes from standard input');
  if (report === '-' && (output === '-' || options.json === true))
    throw usage('--report', 'a file when something else goes to standard output');
  const paths = { input, output, quarantine, report };
  refuseCollisions(policyFile, paths);
  return paths;
}

/** An interrupted job can go on when it reads and writes files. */
export function isResumable({ input, output }: Pick<ReplayPaths, 'input' | 'output'>): boolean {
  return input !== '-' && output !== '-';
}

/** Every file that is written must be another one than every other file of the job, whatever names and links lead to it. */
function refuseCollisions(policyFile: string, { input, output, quarantine, report }: ReplayPaths): void {
  const files = [policyFile, input, report, quarantine, partialName(quarantine)];
  if (output !== '-') files.push(output, partialName(output), checkpointName(output));
  const places = files.filter(file => file !== undefined && file !== '-').map(file => placeOf(file ?? ''));
  if (new Set(places).size < places.length) throw new VeilError('ROUTE_LOOP', { where: 'veil replay' });
}

/** The place of a file with all links followed; one that is not there yet lies in the place of its folder. */
function placeOf(file: string): string {
  const path = resolve(file);
  if (existsSync(path)) return realpathSync(path);
  const folder = dirname(path);
  return existsSync(folder) ? join(realpathSync(folder), basename(path)) : path;
}

function fileOf(endpoint: Endpoint | undefined): string | undefined {
  return endpoint !== undefined && 'file' in endpoint ? endpoint.file : undefined;
}

function usage(where: string, expected: string): VeilError {
  return new VeilError('USAGE', { where, expected });
}
