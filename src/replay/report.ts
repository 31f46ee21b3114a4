import type { Counters } from '../pipeline/counters.js';

/** Report of a replay or run (issue section 9): counts, names and ids only. `in` = forwarded + dropped + quarantined. */
export interface Report {
  readonly policy: { readonly name: string; readonly hash: string };
  readonly records: {
    readonly in: number;
    readonly forwarded: number;
    readonly dropped: number;
    readonly quarantined: number;
  };
  /** By field path. */
  readonly fields: Readonly<Record<string, FieldReport>>;
  /** Records dropped or quarantined, by code. */
  readonly codes: Readonly<Record<string, number>>;
  /** Unlisted field paths that were left out, with counts. */
  readonly unlisted: Readonly<Record<string, number>>;
  /** Key ids in use: `domain/epoch/keyId`. */
  readonly keys: readonly string[];
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
}

/** Counts of one field. */
export interface FieldReport {
  readonly transform: string;
  readonly kind: string;
  readonly transformed: number;
  readonly nulls: number;
  readonly refused: number;
}

/** What a report is made from. */
export interface ReportFacts {
  readonly policy: { readonly name: string; readonly hash: string };
  readonly counters: Counters;
  readonly unlisted: ReadonlyMap<string, number>;
  readonly keys: readonly string[];
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly startedAt: number;
  /** Time of all runs of the job together. */
  readonly workedMs: number;
}

/** Builds the report. */
export function makeReport(facts: ReportFacts): Report {
  const { counters, policy } = facts;
  const { in: total, forwarded, dropped, quarantined } = counters;
  return {
    policy: { name: policy.name, hash: policy.hash },
    records: { in: total, forwarded, dropped, quarantined },
    fields: Object.fromEntries(counters.fields),
    codes: Object.fromEntries(counters.codes),
    unlisted: Object.fromEntries(facts.unlisted),
    keys: facts.keys,
    startedAt: new Date(facts.startedAt).toISOString(),
    durationMs: facts.workedMs,
  };
}
