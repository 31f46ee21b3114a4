import { METRICS } from '../core/metric-names.js';
import type { Outcome } from '../core/outcome.js';
import type { Metrics } from '../core/ports.js';

const KINDS = ['forward', 'drop', 'quarantine'] as const;

/** Counts of outcomes by kind. */
export type OutcomeCounts = Record<Outcome['kind'], number>;

/** Counts outcomes when they become visible: those of an aborted transaction never count. */
export class OutcomeTally {
  /** Outcomes of committed transactions. */
  readonly committed: OutcomeCounts = { forward: 0, drop: 0, quarantine: 0 };
  readonly #open: OutcomeCounts = { forward: 0, drop: 0, quarantine: 0 };
  readonly #policy: string;
  readonly #metrics: Metrics;

  constructor(policy: string, metrics: Metrics) {
    this.#policy = policy;
    this.#metrics = metrics;
  }

  /** Records in the open transaction. */
  get open(): number {
    return this.#open.forward + this.#open.drop + this.#open.quarantine;
  }

  /** Notes an outcome of the open transaction. */
  note(outcome: Outcome): void {
    this.#open[outcome.kind]++;
    if (outcome.kind !== 'forward')
      this.#metrics.count(METRICS.REFUSED.name, 1, { policy: this.#policy, code: outcome.code });
  }

  /** Takes the counts of the open transaction; give them to `commit` when it is committed. */
  take(): OutcomeCounts {
    const taken = { ...this.#open };
    this.discard();
    return taken;
  }

  /** The transaction with these counts is committed. */
  commit(counts: OutcomeCounts): void {
    for (const kind of KINDS) {
      this.committed[kind] += counts[kind];
      if (counts[kind] > 0)
        this.#metrics.count(METRICS.RECORDS.name, counts[kind], { policy: this.#policy, outcome: kind });
    }
  }

  /** The open transaction was aborted. */
  discard(): void {
    for (const kind of KINDS) this.#open[kind] = 0;
  }
}
