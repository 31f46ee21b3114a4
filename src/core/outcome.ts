import type { Code } from './codes.js';

/** One Kafka header; several may have one name. */
export interface Header {
  readonly name: string;
  readonly value: Uint8Array | null;
}

/** Where a record came from: in clear in quarantine and lineage, so it holds coordinates only. */
export interface Coordinates {
  /** Topic or file name. */
  readonly source: string;
  /** Kafka partition; 0 for files. */
  readonly partition: number;
  /** Kafka offset, or the zero-based record number in a file. */
  readonly offset: number;
}

/** A record before de-identification: bytes as they came. A null value is a tombstone. */
export interface SourceRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly Header[];
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly timestamp: number;
  readonly at?: Coordinates;
}

/** The de-identified record goes to the sink. */
export interface Forward {
  readonly kind: 'forward';
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly Header[];
  readonly timestamp: number;
}

/** The record is left out on purpose (sampling). */
export interface Drop {
  readonly kind: 'drop';
  readonly code: Code;
}

/** The record failed. `sealed` is the whole original record, encrypted to the desk's public key. */
export interface Quarantine {
  readonly kind: 'quarantine';
  readonly code: Code;
  /** Field path of the rule that refused, or empty when the whole record did. */
  readonly path: string;
  readonly sealed: Uint8Array;
}

/** Exactly one of these for every input record. There is no fourth: nothing passes through. */
export type Outcome = Forward | Drop | Quarantine;
