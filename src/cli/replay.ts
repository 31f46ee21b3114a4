import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { openDeployedPipeline } from '../adapters/open-pipeline.js';
import { SYSTEM_CLOCK } from '../adapters/system.js';
import { asVeilError, VeilError } from '../core/errors.js';
import { compilePlan } from '../policy/plan.js';
import type { Endpoint, Policy } from '../policy/policy.js';
import { fileFormat } from '../replay/file-format.js';
import { openInput } from '../replay/input.js';
import { ReplayJob } from '../replay/replay-job.js';
import type { Report } from '../replay/report.js';
import { SeededRandom } from '../replay/seeded-random.js';
import { type OptionValues, print, printError, printJson, textOption, type Verb } from './command-line.js';
import { CONFIG_OPTION, usableDeployment } from './deployment-input.js';
import { usablePolicy } from './policy-input.js';
import { openProgress } from './progress.js';

/** `veil replay`: a CSV or JSONL file through a policy. */
export const replay: Verb = {
  name: 'replay',
  summary: 'de-identify a CSV or JSONL file; same tokens as the stream under the same policy and keys',
  options: [
    { flags: '--policy <file>', about: 'the policy' },
    { flags: '--in <file>', about: "input, or - for standard input (default: the policy's source file)" },
    { flags: '--out <file>', about: "output, or - for standard output (default: the policy's sink file)" },
    { flags: '--quarantine <file>', about: 'sealed records that failed (default: beside the output)' },
    { flags: '--report <file>', about: 'write the report as JSON' },
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
    const paths = pathsOf(policy, options);
    const report = await runReplay(policy, paths, options);
    if (report === undefined) {
      printError('interrupted; the same command with --resume goes on');
      return 130;
    }
    if (paths.report !== undefined) writeReport(report, paths.report);
    if (options.json === true && paths.output !== '-') printJson(report);
    else printSummary(report, paths.output === '-' ? printError : print);
    return report.records.quarantined > 0 ? 1 : 0;
  },
};

interface Paths {
  readonly input: string;
  readonly output: string;
  readonly quarantine: string;
  readonly report: string | undefined;
}

function pathsOf(policy: Policy, options: OptionValues): Paths {
  const input = textOption(options, 'in') ?? fileOf(policy.source);
  const output = textOption(options, 'out') ?? fileOf(policy.sink);
  if (input === undefined || output === undefined)
    throw new VeilError('USAGE', {
      where: 'veil replay',
      expected: '--in FILE and --out FILE, or a policy with files',
    });
  const beside = output === '-' ? undefined : `${output}.quarantine.jsonl`;
  const quarantine = textOption(options, 'quarantine') ?? fileOf(policy.quarantine) ?? beside;
  if (quarantine === undefined || quarantine === '-')
    throw new VeilError('USAGE', { where: 'veil replay', expected: '--quarantine FILE' });
  const isResumable = input !== '-' && output !== '-';
  if (options.resume === true && !isResumable)
    throw new VeilError('USAGE', { where: '--resume', expected: 'files for --in and --out' });
  if (new Set([input, output, quarantine]).size < 3 && isResumable)
    throw new VeilError('ROUTE_LOOP', { where: 'veil replay' });
  return { input, output, quarantine, report: textOption(options, 'report') };
}

function fileOf(endpoint: Endpoint | undefined): string | undefined {
  return endpoint !== undefined && 'file' in endpoint ? endpoint.file : undefined;
}

async function runReplay(policy: Policy, paths: Paths, options: OptionValues): Promise<Report | undefined> {
  const deployment = usableDeployment(options);
  const plan = compilePlan(policy, deployment.limits);
  const encoding = policy.format === 'csv' ? policy.csv.encoding : 'utf-8';
  const input = openInput(paths.input, encoding);
  const format = await fileFormat(plan, input, deployment.limits.recordBytes);
  const nonces = new SeededRandom(jobSeed(policy, input.name, input.size));
  const pipeline = await openDeployedPipeline(plan, deployment, { kernel: format.kernel, nonces });
  const progress = openProgress(input.size);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const job = new ReplayJob({
      pipeline,
      format,
      input,
      nonces,
      output: paths.output,
      quarantine: paths.quarantine,
      maxRecordBytes: deployment.limits.recordBytes,
      isDecoded: encoding !== 'utf-8',
      resume: options.resume === true,
      replace: options.force === true,
      clock: SYSTEM_CLOCK,
      signal: stop.signal,
      onProgress: ({ bytes, records, quarantined }) =>
        progress.update(bytes, `${records} records, ${quarantined} quarantined`),
    });
    return await job.run();
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    progress.close();
    pipeline.close();
  }
}

/** Nonces follow from policy and input, so that an interrupted and resumed run writes the same bytes as an uninterrupted one. */
function jobSeed(policy: Policy, name: string, size: number | undefined): Uint8Array {
  return createHash('sha256')
    .update(JSON.stringify([policy.hash, name, size ?? -1]))
    .digest();
}

function writeReport(report: Report, path: string): void {
  try {
    writeFileSync(path, `${JSON.stringify(report, undefined, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    throw asVeilError(error, 'DISK_FULL', { where: path });
  }
}

function printSummary(report: Report, say: (line: string) => void): void {
  const { in: total, forwarded, dropped, quarantined } = report.records;
  const rate = report.durationMs > 0 ? `, ${Math.round((1000 * total) / report.durationMs)} records/s` : '';
  say(`${total} records: ${forwarded} forwarded, ${dropped} dropped, ${quarantined} quarantined${rate}`);
  for (const [code, count] of Object.entries(report.codes)) say(`  ${code}  ${count}`);
  const unlisted = Object.keys(report.unlisted);
  if (unlisted.length > 0) say(`  left out because the policy does not name them: ${unlisted.slice(0, 10).join(', ')}`);
}
