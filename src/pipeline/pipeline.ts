import type { Code } from '../core/codes.js';
import { VeilError } from '../core/errors.js';
import { DEFAULT_LIMITS, type Limits } from '../core/limits.js';
import type { Outcome, SourceRecord } from '../core/outcome.js';
import type { RandomSource } from '../core/ports.js';
import type { Kernel } from '../kernel/kernel.js';
import type { KeyRing } from '../keys/ports.js';
import type { CompiledRule, Plan } from '../policy/plan.js';
import { BatchEngine, type BoundRule } from './batch-engine.js';
import { BatchLoader, type LoadedBatch } from './batch-loader.js';
import { Counters } from './counters.js';
import { EnvelopeBuilder, NO_KEY } from './envelope.js';
import { FailureWindow } from './failure-window.js';
import { quarantined, type Sealer } from './quarantine.js';

/** Everything a pipeline works with. Keys and sealer are taken over: `close` closes them. */
export interface PipelineParts {
  readonly plan: Plan;
  readonly keys: KeyRing;
  readonly sealer: Sealer;
  readonly random: RandomSource;
  readonly limits?: Limits;
  /** Front-end for the source's format. `close` wipes it. */
  readonly kernel: Kernel;
}

/**
 * Records in, exactly one outcome for each out, in the same order. The Kafka processor, the replay job, the policy tests and
 * the library all use this. Not re-entrant: one `process` at a time.
 */
export class Pipeline {
  readonly counters = new Counters();
  /** Failures among the last records; a replay keeps them in its checkpoints. */
  readonly failures: FailureWindow;
  readonly plan: Plan;
  readonly #parts: PipelineParts;
  readonly #kernel: Kernel;
  readonly #engine: BatchEngine;
  readonly #loader: BatchLoader;
  readonly #envelopes: EnvelopeBuilder;

  /** Makes the transforms of the plan. Throws VeilError KEY_* or RULE_KIND when a rule cannot work. */
  constructor(parts: PipelineParts) {
    const limits = parts.limits ?? DEFAULT_LIMITS;
    this.plan = parts.plan;
    this.#parts = parts;
    this.#kernel = parts.kernel;
    const bound = bindRules(parts);
    this.#engine = new BatchEngine({ plan: parts.plan, kernel: this.#kernel, bound, limits, counters: this.counters });
    this.#loader = new BatchLoader(parts.plan, limits, this.#kernel);
    this.#envelopes = new EnvelopeBuilder(parts.plan, this.#engine);
    this.failures = new FailureWindow(limits.failureWindow, limits.failureRate);
  }

  /** Unlisted field paths seen so far, with counts: names only, bounded. */
  get unlisted(): ReadonlyMap<string, number> {
    return this.#kernel.unlisted;
  }

  /** Key ids in use, as `domain/epoch/keyId`. */
  get keyIds(): readonly string[] {
    return this.#parts.keys.inUse;
  }

  /**
   * De-identifies a batch. The outcomes own their bytes. Throws FAILURE_RATE when too many records failed, in which case
   * nothing of the batch may be published.
   */
  process(records: readonly SourceRecord[]): Outcome[] {
    const { status } = this.#engine;
    status.reset(records.length);
    const loaded = this.#loader.load(records, status);
    this.#engine.run(loaded.batch, loaded.used, loaded.outer, loaded.bodyless);
    this.#envelopes.read(records, loaded.outer, loaded.bodyless);
    const outcomes = this.#outcomes(records, loaded);
    this.failures.check();
    return outcomes;
  }

  /**
   * The outcome of a record that its reader could not make out (longer than the limit, in the wrong encoding): sealed with what is
   * left of it, and counted like every other. Throws FAILURE_RATE.
   */
  refuse(record: SourceRecord, code: Code): Outcome {
    const outcome = this.#quarantine(record, code, '');
    this.#count(outcome);
    this.failures.check();
    return outcome;
  }

  /** Quarantines a record after all that `process` forwarded and that could not be published. Throws FAILURE_RATE. */
  withdraw(record: SourceRecord, code: Code): Outcome {
    this.counters.in--;
    this.counters.forwarded--;
    return this.refuse(record, code);
  }

  /** Overwrites key material and the last batch. The pipeline cannot be used afterwards. */
  close(): void {
    this.#parts.keys.close();
    this.#parts.sealer.close();
    this.#kernel.wipe();
  }

  #outcomes(records: readonly SourceRecord[], loaded: LoadedBatch): Outcome[] {
    const { out } = this.#engine;
    const bytes = out.bytes.slice(0, out.length);
    return records.map((record, r) => {
      const isTombstone = loaded.bodyless[r] === 1;
      const outcome = this.#outcome(record, r, isTombstone ? null : bytes.subarray(out.starts[r], out.ends[r]));
      this.#count(outcome);
      return outcome;
    });
  }

  #outcome(record: SourceRecord, r: number, value: Uint8Array | null): Outcome {
    const { status } = this.#engine;
    if (status.states[r] === 2) return { kind: 'drop', code: status.codeOf(r) };
    if (status.states[r] === 0) {
      const key = this.#envelopes.keyOf(r, value === null);
      if (key !== NO_KEY)
        return { kind: 'forward', key, value, headers: this.#envelopes.headersOf(r), timestamp: record.timestamp };
      status.quarantine(r, 'KEY_MISSING', this.plan.policy.key?.text ?? '$key');
    }
    return this.#quarantine(record, status.codeOf(r), status.pathOf(r));
  }

  #quarantine(record: SourceRecord, code: Code, path: string): Outcome {
    const { name: policy, hash: policyHash } = this.plan.policy;
    return quarantined(this.#parts.sealer, record, { code, path, policy, policyHash, at: record.at });
  }

  #count(outcome: Outcome): void {
    const { counters } = this;
    counters.in++;
    this.failures.note(outcome.kind === 'quarantine');
    if (outcome.kind === 'forward') counters.forwarded++;
    else {
      if (outcome.kind === 'drop') counters.dropped++;
      else counters.quarantined++;
      counters.reason(outcome.code);
    }
  }
}

/** One transform for each rule that works on columns; the sampling rule first, so that nothing is done for what it drops. */
function bindRules({ plan, keys, random }: PipelineParts): BoundRule[] {
  const rules = plan.rules.filter(rule => rule.way === 'column');
  return [...(plan.sample === undefined ? [] : [plan.sample]), ...rules].map(rule => {
    const ruleKeys = rule.keyScope === undefined ? undefined : keys.ruleKeys(rule.keyScope);
    if (rule.transform.spec.keyed && ruleKeys === undefined) throw keyless(rule);
    const context = { policy: plan.policy.name, path: rule.path, kind: rule.kind, keys: ruleKeys, random };
    return { rule, transform: rule.transform.create(rule.params, context) };
  });
}

function keyless(rule: CompiledRule): VeilError {
  return new VeilError('INTERNAL', { where: rule.path.text, expected: 'a key scope for a keyed transform' });
}
