import type { FieldPath } from '../core/field-path.js';
import type { Parameters } from '../transform/spec.js';

/** A topic or a file: where records come from or go to. */
export type Endpoint = { readonly topic: string } | { readonly file: string };

/** Formats of records. Avro follows with the schema registry. */
export type Format = 'json' | 'csv';

/** How CSV is written in this file. */
export interface CsvOptions {
  readonly delimiter: string;
  readonly quote: string;
  readonly encoding: 'utf-8' | 'gb18030';
  /** Prefix cells that a spreadsheet would run as a formula with an apostrophe (OWASP CSV injection). */
  readonly neutralizeFormulas: boolean;
}

/** What happens to a value that its kind or transform refuses. */
export type OnInvalid = 'quarantine' | 'redact' | 'drop-field';

/** One rule as validated: names resolved and defaults filled in, not yet compiled. */
export interface PolicyRule {
  readonly path: FieldPath;
  /** Transform name. */
  readonly do: string;
  /** Kind name. */
  readonly is: string | undefined;
  readonly because: string | undefined;
  /** Explicit domain, or undefined for the transform's default. */
  readonly domain: string | undefined;
  readonly onInvalid: OnInvalid;
  readonly params: Parameters;
  /** Place in the file, 1-based. */
  readonly line: number;
  readonly column: number;
}

/** A validated policy file. */
export interface Policy {
  readonly file: string;
  readonly version: 1;
  readonly name: string;
  readonly purpose: string;
  readonly description: string | undefined;
  readonly source: Endpoint;
  readonly format: Format;
  readonly csv: CsvOptions;
  readonly sink: Endpoint;
  readonly quarantine: Endpoint | undefined;
  readonly subject: FieldPath | undefined;
  readonly eventTime: FieldPath | undefined;
  readonly key: FieldPath | undefined;
  readonly partition: 'by-key' | 'same';
  readonly lineage: boolean;
  readonly unlisted: 'drop' | 'quarantine';
  readonly rules: readonly PolicyRule[];
  readonly sample: { readonly rate: number; readonly domain: string } | undefined;
  readonly retention: { readonly keepDays: number; readonly afterwards: 'delete' } | undefined;
  readonly allowPlaintext: string | undefined;
  readonly tests: string | undefined;
  /** SHA-256 (hex) of the canonical JSON of the policy: two files that mean the same have the same hash. */
  readonly hash: string;
}
