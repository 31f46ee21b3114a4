import type { Code } from '../core/codes.js';
import type { FieldPath } from '../core/field-path.js';
import { Fault, type SpanTable } from './span-table.js';

/** Records of one batch laid end to end: record r is `slab[starts[r] .. ends[r])`. `slab` may have free room behind the last one. */
export interface RecordBatch {
  slab: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly count: number;
}

/**
 * What the scanner does with a path: copy the value as written, capture a span (and splice its result when `output` is true),
 * or leave it out. Paths not listed are left out, or fault the record (`unlisted: 'fault'`).
 */
export interface ScanRule {
  readonly path: FieldPath;
  readonly action: 'copy' | 'capture' | 'omit';
  /** Field index written into spans. Unique for each capture rule. */
  readonly field: number;
  /** False for a value that is only looked at (the subject when the policy does not list it): captured, but not written. */
  readonly output: boolean;
}

/** What a scanner is compiled from. */
export interface ScanPlan {
  readonly rules: readonly ScanRule[];
  readonly unlisted: 'omit' | 'fault';
  readonly maxDepth: number;
  readonly maxMembers: number;
  /** Distinct unlisted names to remember. */
  readonly maxUnlistedNames: number;
}

/**
 * Results of the transforms by span: `bytes[starts[s] .. ends[s])` in `Shape` `shapes[s]`. RAW bytes are written as they are, so
 * they must be one whole JSON value. A span whose shape is none of TEXT, PLAIN, NUMBER, NULL, RAW is left out.
 */
export interface SpanResults {
  bytes: Uint8Array;
  starts: Uint32Array;
  ends: Uint32Array;
  shapes: Uint8Array;
}

/** Bytes that grow: `reserve` makes room for `size` more and returns where to write; the caller then advances `length`. */
export interface ByteRoom {
  readonly bytes: Uint8Array;
  length: number;
  reserve(size: number): number;
}

/** Where assembled records go: record r is `bytes[starts[r] .. ends[r])`. The kernel may replace `bytes`. */
export interface Assembled {
  bytes: Uint8Array;
  length: number;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/**
 * A front-end for one format. Two implementations (TypeScript, WASM) share this contract and give identical bytes. Not re-entrant:
 * what `scan` and `assemble` give out is valid until their next call, and `unescape`, `compact` and `assemble` are about the last scan.
 */
export interface Kernel {
  /**
   * Bytes to lay the records of the next batches into, at least `size`; what an earlier slab held is lost. Records that lie
   * elsewhere are copied by the WASM kernel.
   */
  slab(size: number): Uint8Array;
  /**
   * Scans every record; a record that breaks a rule gets a fault and no usable ops. Never throws on data. May replace `batch.slab`
   * by other bytes with the same records, and the arrays of `table`.
   */
  scan(batch: RecordBatch, table: SpanTable): void;
  /**
   * Appends the canonical (unescaped) bytes of span `s` to `sink`; only for spans with `escaped[s] === 1`.
   * Lone surrogate escapes become U+FFFD.
   */
  unescape(batch: RecordBatch, table: SpanTable, span: number, sink: ByteRoom): void;
  /**
   * Appends the canonical text of an OBJECT or ARRAY span: tokens as written without white space between them, strings with
   * the shortest escapes. Equal text for equal values written with different spacing or escapes.
   */
  compact(batch: RecordBatch, table: SpanTable, span: number, sink: ByteRoom): void;
  /** Rebuilds each record r with `skip[r] === 0` into `out`, from its start. */
  assemble(batch: RecordBatch, table: SpanTable, results: SpanResults, skip: Uint8Array, out: Assembled): void;
  /** Unlisted field paths seen so far with counts, bounded by `maxUnlistedNames`; names that look like data are counted as `*`. */
  readonly unlisted: ReadonlyMap<string, number>;
  /** Overwrites what is left of the last batches. The kernel cannot be used afterwards. */
  wipe(): void;
}

const FAULT_CODES: Readonly<Record<number, Code>> = {
  [Fault.SYNTAX]: 'JSON_SYNTAX',
  [Fault.DUPLICATE]: 'JSON_DUPLICATE_KEY',
  [Fault.DEPTH]: 'JSON_DEPTH',
  [Fault.UTF8]: 'JSON_UTF8',
  [Fault.NOT_OBJECT]: 'JSON_NOT_OBJECT',
  [Fault.TOO_MANY]: 'RECORD_TOO_MANY_FIELDS',
  [Fault.RAGGED]: 'CSV_RAGGED',
  [Fault.UNLISTED]: 'FIELD_UNLISTED',
  [Fault.CSV_SYNTAX]: 'CSV_SYNTAX',
  [Fault.CSV_UTF8]: 'CSV_ENCODING',
};

/** The code of a scan fault. */
export function faultCode(fault: number): Code {
  return FAULT_CODES[fault] ?? 'INTERNAL';
}
