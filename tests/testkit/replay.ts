import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedKeys } from '../../src/adapters/embedded-keys.js';
import { openDeployedPipeline } from '../../src/adapters/open-pipeline.js';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from '../../src/adapters/system.js';
import { runProgram, type Verb } from '../../src/cli/command-line.js';
import type { Deployment } from '../../src/policy/deployment.js';
import { demandPolicy } from '../../src/policy/files.js';
import { defaultDeployment } from '../../src/policy/load-deployment.js';
import { compilePlan } from '../../src/policy/plan.js';
import { encodingOf } from '../../src/replay/decoding.js';
import { fileFormat } from '../../src/replay/file-format.js';
import { openInput } from '../../src/replay/open-input.js';
import { ReplayJob, type ReplayParts } from '../../src/replay/replay-job.js';
import type { Report } from '../../src/replay/report.js';
import { replaySeed, SeededRandom } from '../../src/replay/seeded-random.js';
import { compiled } from './compiled.js';
import { type Ended, runTypeScript } from './program.js';

/** What a replay of a test may change. Paths are names inside the workspace. */
export interface ReplayChoices extends Partial<Pick<ReplayParts, 'pace' | 'signal' | 'onProgress'>> {
  readonly policy?: string;
  readonly input?: string;
  readonly output?: string;
  readonly resume?: boolean;
  readonly replace?: boolean;
  readonly limits?: Partial<Deployment['limits']>;
}

/** A temporary folder with the embedded keys of `domains`, files, and ways to run `veil` on them. */
export class ReplayWorkspace {
  readonly directory: string;

  constructor(directory = mkdtempSync(join(tmpdir(), 'veil-replay-'))) {
    this.directory = directory;
  }

  /** Makes key ring, key store, desk keys and one key for each domain. */
  async makeKeys(...domains: string[]): Promise<this> {
    await createEmbeddedKeys(this.directory, { domains, suite: 'intl-cmac', env: {} });
    return this;
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  write(name: string, content: string | Uint8Array): string {
    writeFileSync(this.path(name), content);
    return name;
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** Lines of a file, without the empty one behind the last line end. */
  lines(name: string): string[] {
    return this.read(name).split('\n').slice(0, -1);
  }

  /** Codes of a quarantine file, in order. */
  codes(name: string): string[] {
    return this.lines(name).map(line => (JSON.parse(line) as { code: string }).code);
  }

  /** Runs the program `veil` here. */
  veil(args: readonly string[], input = ''): Promise<Ended> {
    return runTypeScript('src/cli/main.ts', args, { cwd: this.directory, input });
  }

  /** Runs verbs of `veil` in this process: quicker, for everything that needs no process of its own. */
  async here(verbs: readonly Verb[], args: readonly string[], folder = '.'): Promise<Ended> {
    const written = { stdout: '', stderr: '' };
    const before = process.cwd();
    const { stdout, stderr } = process;
    const originals = [stdout.write, stderr.write] as const;
    const into = (name: 'stdout' | 'stderr') => (text: string | Uint8Array) => {
      written[name] += typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
      return true;
    };
    process.chdir(this.path(folder));
    Object.assign(stdout, { write: into('stdout') });
    Object.assign(stderr, { write: into('stderr') });
    try {
      return { status: await runProgram('veil', 'test', verbs, args), ...written };
    } finally {
      Object.assign(stdout, { write: originals[0] });
      Object.assign(stderr, { write: originals[1] });
      process.chdir(before);
    }
  }

  /** Runs the program `veil` where no file may grow beyond `kib` KiB. */
  limited(args: readonly string[], kib: number): Promise<Ended> {
    const command = [
      '-c',
      `ulimit -f ${kib}; exec "$@"`,
      'veil',
      process.execPath,
      compiled('src/cli/main.ts'),
      ...args,
    ];
    return new Promise(done => {
      execFile('bash', command, { cwd: this.directory }, (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        done({ status, stdout, stderr });
      });
    });
  }

  /** Runs the program `veil-desk` here. */
  desk(args: readonly string[]): Promise<Ended> {
    return runTypeScript('src/desk/main.ts', args, { cwd: this.directory, input: '' });
  }

  /** Runs a job in this process; it forgets its checkpoint at the end as `veil replay` does. */
  async replay(choices: ReplayChoices = {}): Promise<Report | undefined> {
    const { policy: file = 'policy.yaml', input: from = 'in.csv', output = 'out.csv', ...rest } = choices;
    const policy = demandPolicy(this.path(file), {});
    const defaults = defaultDeployment(this.directory, {});
    const deployment = { ...defaults, limits: { ...defaults.limits, ...rest.limits } };
    const plan = compilePlan(policy, deployment.limits);
    const input = openInput(this.path(from), encodingOf(policy));
    try {
      const format = await fileFormat(plan, input, deployment.limits.recordBytes);
      const nonces = new SeededRandom(replaySeed(policy.hash, input.content) ?? SYSTEM_RANDOM.bytes(32));
      const pipeline = await openDeployedPipeline(plan, deployment, { kernel: format.kernel, nonces });
      try {
        const job = new ReplayJob({
          resume: false,
          replace: false,
          ...rest,
          ...{ pipeline, format, input, nonces },
          output: this.path(output),
          quarantine: this.path(`${output}.quarantine.jsonl`),
          maxRecordBytes: deployment.limits.recordBytes,
          isDecoded: encodingOf(policy) !== 'utf-8',
          clock: SYSTEM_CLOCK,
        });
        const report = await job.run();
        if (report !== undefined) job.forget();
        return report;
      } finally {
        pipeline.close();
      }
    } finally {
      input.close();
    }
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
