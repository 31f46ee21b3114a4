import { writeFileSync } from 'node:fs';
import { openDeployedPipeline } from '../adapters/open-pipeline.js';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from '../adapters/system.js';
import { utf8 } from '../core/bytes.js';
import { VeilError } from '../core/errors.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import { compilePlan } from '../policy/plan.js';
import type { Policy } from '../policy/policy.js';
import { encodingOf } from '../replay/decoding.js';
import { fileFormat } from '../replay/file-format.js';
import type { Input } from '../replay/input.js';
import { openInput } from '../replay/open-input.js';
import { diskCall } from '../replay/partial-file.js';
import { ReplayJob } from '../replay/replay-job.js';
import type { Report } from '../replay/report.js';
import { replaySeed, SeededRandom } from '../replay/seeded-random.js';
import { type OptionValues, print, printError, printJson, textOption, type Verb } from './command-line.js';
import { CONFIG_OPTION, usableDeployment } from './deployment-input.js';
import { usablePolicy } from './policy-input.js';
import { openProgress, type ProgressView } from './progress.js';
import { isResumable, type ReplayPaths, replayPaths } from './replay-paths.js';

const INTERRUPTED = 130;

/** `veil replay`: a CSV or JSONL file through a policy. */
export const replay: Verb = {
  name: 'replay',
  summary: 'de-identify a CSV or JSONL file; same tokens as the stream under the same policy and keys',
  options: [
    { flags: '--policy <file>', about: 'the policy' },
    { flags: '--in <file>', about: "input, or - for standard input (default: the policy's source file)" },
    { flags: '--out <file>', about: "output, or - for standard output (default: the policy's sink file)" },
    { flags: '--quarantine <file>', about: 'sealed records that failed (default: beside the output)' },
    { flags: '--report <file>', about: 'write the report as JSON, - for standard output' },
    { flags: '--resume', about: 'go on after the last checkpoint of an interrupted run' },
    { flags: '--force', about: 'replace an existing output' },
    CONFIG_OPTION,
  ],
  examples: [
    'veil replay --policy customers.yaml --in customers.csv --out clean.csv --report report.json',
    'cat orders.jsonl | veil replay --policy orders.yaml --in - --out - --quarantine refused.jsonl > clean.jsonl',
    'veil replay --policy customers.yaml --in customers.csv --out clean.csv --resume',
  ],
  async run({ options }) {
    const policyFile = textOption(options, 'policy');
    if (policyFile === undefined) throw new VeilError('USAGE', { where: 'veil replay', expected: '--policy FILE' });
    const policy = usablePolicy(policyFile);
    const paths = replayPaths(policyFile, policy, options);
    const input = openInput(paths.input, encodingOf(policy));
    try {
      const report = await replayInput(policy, input, paths, options);
      if (report !== undefined) return report.records.quarantined > 0 ? 1 : 0;
      printError(`interrupted${isResumable(paths) ? '; the same command with --resume goes on' : ''}`);
      return INTERRUPTED;
    } finally {
      input.close();
    }
  },
};

async function replayInput(
  policy: Policy,
  input: Input,
  paths: ReplayPaths,
  options: OptionValues,
): Promise<Report | undefined> {
  const deployment = usableDeployment(options);
  const plan = compilePlan(policy, deployment.limits);
  const format = await fileFormat(plan, input, deployment.limits.recordBytes);
  const nonces = new SeededRandom(replaySeed(policy.hash, input.content) ?? SYSTEM_RANDOM.bytes(32));
  const pipeline = await openDeployedPipeline(plan, deployment, { kernel: format.kernel, nonces });
  const progress = openProgress(input.size);
  const onProgress = progressNote(progress);
  try {
    return await untilInterrupted(async signal => {
      const job = new ReplayJob({
        ...{ pipeline, format, input, nonces, signal, onProgress },
        output: paths.output,
        quarantine: paths.quarantine,
        maxRecordBytes: deployment.limits.recordBytes,
        isDecoded: encodingOf(policy) !== 'utf-8',
        resume: options.resume === true,
        replace: options.force === true,
        clock: SYSTEM_CLOCK,
      });
      const report = await job.run();
      if (report === undefined) return undefined;
      progress.close();
      publishReport(report, paths, options);
      job.forget();
      return report;
    });
  } catch (error) {
    progress.close();
    if (error instanceof VeilError && error.code === 'FAILURE_RATE') explainFailures(pipeline);
    throw error;
  } finally {
    progress.close();
    pipeline.close();
  }
}

function progressNote(progress: ProgressView): NonNullable<ConstructorParameters<typeof ReplayJob>[0]['onProgress']> {
  return ({ bytes, records, quarantined }) => progress.update(bytes, `${records} records, ${quarantined} quarantined`);
}

/** Runs a job that stops in order when the process is told to end; a second signal ends it at once. */
async function untilInterrupted<T>(job: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await job(stop.signal);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function publishReport(report: Report, { output, report: path }: ReplayPaths, options: OptionValues): void {
  const text = `${JSON.stringify(report, undefined, 2)}\n`;
  if (path !== undefined && path !== '-') diskCall(path, () => writeFileSync(path, utf8(text), { mode: 0o600 }));
  if (path === '-' || (options.json === true && output !== '-')) printJson(report);
  else printSummary(report, output === '-' ? printError : print);
}

function printSummary(report: Report, say: (line: string) => void): void {
  const { in: total, forwarded, dropped, quarantined } = report.records;
  const rate = report.durationMs > 0 ? `, ${Math.round((1000 * total) / report.durationMs)} records/s` : '';
  say(`${total} records: ${forwarded} forwarded, ${dropped} dropped, ${quarantined} quarantined${rate}`);
  for (const [code, count] of Object.entries(report.codes)) say(`  ${code}  ${count}`);
  const unlisted = Object.keys(report.unlisted);
  if (unlisted.length > 0) say(`  left out because the policy does not name them: ${unlisted.slice(0, 10).join(', ')}`);
}

/** Too many failures: which codes, at which fields. Nothing of the last batch was written, so the quarantine does not tell. */
function explainFailures({ counters }: Pipeline): void {
  for (const [code, count] of counters.codes) printError(`  ${code}  ${count} records`);
  for (const [path, { refused }] of counters.fields)
    if (refused > 0) printError(`  ${path}  ${refused} values refused`);
}
