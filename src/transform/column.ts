/**
 * The values of one field over one batch, as a transform sees them. Struct of arrays: row `i` (0 <= i < count) is the value
 * `bytes[starts[i] .. ends[i])`, of token type `tokens[i]`, from record `records[i]` of the batch.
 * The bytes are canonical: unescaped UTF-8 text, or the kind's normal form when the transform asks for it (`spec.input`).
 * Rows hold valid, non-null values of accepted types only: everything else was decided before.
 */
export interface Column {
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** `Token` of each row. */
  readonly tokens: Uint8Array;
  /** Index of the record inside the batch. */
  readonly records: Uint32Array;
  /** The normal form of each record's subject, for per-subject transforms. */
  readonly subjects: Subjects;
}

/** Subject of each record of the batch: `bytes[starts[r] .. ends[r])`; `starts[r] === ends[r]` when the record has none. */
export interface Subjects {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}
