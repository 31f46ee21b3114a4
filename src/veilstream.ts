import { openDeployedPipeline } from './adapters/open-pipeline.js';
import type { Outcome, SourceRecord } from './core/outcome.js';
import { demandDeployment, demandPolicy } from './policy/files.js';
import { compilePlan } from './policy/plan.js';

export type { Code } from './core/codes.js';
export { VeilError } from './core/errors.js';
export type { Coordinates, Drop, Forward, Header, Outcome, Quarantine, SourceRecord } from './core/outcome.js';

/** Where policy and deployment are. */
export interface PipelineFiles {
  /** Path of the policy file. */
  readonly policy: string;
  /** Path of the deployment file; veil.yaml or the embedded layout of the working directory when absent. */
  readonly config?: string;
}

/** Counts since the pipeline was opened; `in` = forwarded + dropped + quarantined. Names and numbers only. */
export interface PipelineMetrics {
  readonly records: {
    readonly in: number;
    readonly forwarded: number;
    readonly dropped: number;
    readonly quarantined: number;
  };
  /** Dropped and quarantined records by code. */
  readonly codes: Readonly<Record<string, number>>;
  /** By field path. */
  readonly fields: Readonly<
    Record<string, { readonly transformed: number; readonly nulls: number; readonly refused: number }>
  >;
  /** Unlisted field paths that were left out. */
  readonly unlisted: Readonly<Record<string, number>>;
}

/** An open pipeline: the same function that `veil run` and `veil replay` use. */
export interface OpenedPipeline {
  /**
   * One outcome for each record, in order. The outcomes own their bytes. Rejects with FAILURE_RATE when too many records failed;
   * then nothing of the batch may be published.
   */
  process(records: readonly SourceRecord[]): Promise<readonly Outcome[]>;
  readonly metrics: PipelineMetrics;
  /** Overwrites key material. */
  close(): Promise<void>;
}

/**
 * Opens a pipeline. Rejects with a VeilError: POLICY_*, PATH_*, RULE_* with every finding, KEY_* when a key is missing.
 */
export async function openPipeline(files: PipelineFiles): Promise<OpenedPipeline> {
  const policy = demandPolicy(files.policy, process.env);
  const deployment = demandDeployment(files.config, process.cwd(), process.env);
  const pipeline = await openDeployedPipeline(compilePlan(policy, deployment.limits), deployment);
  const { counters } = pipeline;
  return {
    process: async records => pipeline.process(records),
    get metrics() {
      const { in: total, forwarded, dropped, quarantined } = counters;
      return {
        records: { in: total, forwarded, dropped, quarantined },
        codes: Object.fromEntries(counters.codes),
        fields: Object.fromEntries(counters.fields),
        unlisted: Object.fromEntries(pipeline.unlisted),
      };
    },
    close: async () => pipeline.close(),
  };
}
