import { openProbes, type ProbeServer } from '../adapters/http-probes.js';
import { openPinoLog } from '../adapters/pino-log.js';
import { openPrometheus, type ScrapedMetrics } from '../adapters/prometheus.js';
import { SYSTEM_CLOCK } from '../adapters/system.js';
import { asVeilError, VeilError } from '../core/errors.js';
import { EVENTS } from '../core/events.js';
import type { Log } from '../core/ports.js';
import { startChecks } from '../pipeline/start-checks.js';
import type { Deployment } from '../policy/deployment.js';
import { compilePlan } from '../policy/plan.js';
import type { Policy } from '../policy/policy.js';
import { printError } from './command-line.js';
import { checkLine } from './doctor.js';
import { openStatusLine } from './status-line.js';
import { openStreamJob, type StreamJob, type StreamShared } from './stream-job.js';
import { lookAround } from './stream-surroundings.js';

/** What one policy did. Committed records only. */
export interface RunResult {
  readonly policy: { readonly name: string; readonly hash: string };
  readonly records: {
    readonly in: number;
    readonly forwarded: number;
    readonly dropped: number;
    readonly quarantined: number;
  };
  /** `domain/epoch/keyId`. */
  readonly keys: readonly string[];
  readonly durationMs: number;
}

/**
 * Runs policies side by side until SIGTERM or SIGINT, or until all are drained. The first failure stops all of them and is
 * thrown. A second signal ends the process at once, which loses and repeats nothing.
 */
export async function runPolicies(
  policies: readonly Policy[],
  deployment: Deployment,
  untilDrained: boolean,
): Promise<RunResult[]> {
  const status = openStatusLine();
  const log = openPinoLog(deployment.log.level, status.log);
  const metrics = openPrometheus();
  const shared = { deployment, untilDrained, several: policies.length > 1, log, metrics };
  const jobs: StreamJob[] = [];
  let probes: ProbeServer | undefined;
  const began = SYSTEM_CLOCK.now();
  const stop = stopOnSignals();
  try {
    for (const policy of policies) jobs.push(await checkedJob(policy, shared));
    probes = await openProbesOf(deployment, metrics, jobs, log);
    status.show(() => jobs.map(jobLine).join('   '));
    await runTogether(jobs, stop.controller, log);
    return jobs.map(job => resultOf(job, SYSTEM_CLOCK.now() - began));
  } finally {
    stop.release();
    status.close();
    await probes?.close();
    for (const job of jobs) job.close();
  }
}

/** Throws the first failed check, after all of them were printed. */
async function checkedJob(policy: Policy, shared: StreamShared): Promise<StreamJob> {
  const facts = await lookAround(compilePlan(policy, shared.deployment.limits), shared.deployment);
  const findings = startChecks(facts).filter(({ status }) => status !== 'ok');
  for (const finding of findings) {
    printError(checkLine(finding));
    if (finding.status === 'failed')
      shared.log.error(EVENTS.CHECK_FAILED, { policy: policy.name, check: finding.check, code: finding.code });
  }
  const first = findings.find(({ status }) => status === 'failed');
  if (first?.code === undefined) return openStreamJob(facts, shared);
  throw new VeilError(first.code, {
    where: `${policy.name}: ${first.check}`,
    next: 'correct what is listed above; see `veil doctor`',
  });
}

async function runTogether(jobs: readonly StreamJob[], stop: AbortController, log: Log): Promise<void> {
  const failures: VeilError[] = [];
  const runs = jobs.map(async ({ policy, processor }) => {
    try {
      await processor.run(stop.signal);
    } catch (error) {
      const failure = asVeilError(error, 'INTERNAL');
      failures.push(failure);
      log.error(EVENTS.FAILED, { policy, code: failure.code, message: failure.message });
      stop.abort();
    }
  });
  await Promise.all(runs);
  if (failures[0] !== undefined) throw failures[0];
}

function stopOnSignals(): { readonly controller: AbortController; release(): void } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  return { controller, release: () => process.off('SIGTERM', onSignal).off('SIGINT', onSignal) };
}

async function openProbesOf(
  { metrics: address }: Deployment,
  metrics: ScrapedMetrics,
  jobs: readonly StreamJob[],
  log: Log,
): Promise<ProbeServer | undefined> {
  if (address === undefined) return undefined;
  const probes = await openProbes(address.host, address.port, {
    metrics,
    isHealthy: () => jobs.every(({ processor }) => processor.state !== 'stopped'),
    isReady: () => jobs.every(({ processor }) => processor.state === 'running'),
  });
  log.info(EVENTS.PROBES_LISTENING, { host: address.host, port: probes.port });
  return probes;
}

function jobLine({ policy, processor }: StreamJob): string {
  const { forward, drop, quarantine } = processor.counts;
  const lag = processor.lag === undefined ? '' : `, ${processor.lag} to go`;
  return `${policy}: ${processor.state}, ${forward} forwarded, ${drop} dropped, ${quarantine} quarantined${lag}`;
}

function resultOf({ policy, policyHash, processor, keys }: StreamJob, durationMs: number): RunResult {
  const { forward, drop, quarantine } = processor.counts;
  return {
    policy: { name: policy, hash: policyHash },
    records: { in: forward + drop + quarantine, forwarded: forward, dropped: drop, quarantined: quarantine },
    keys,
    durationMs,
  };
}
