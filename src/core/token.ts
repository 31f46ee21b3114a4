/** What stood in the record, before any transform: the type of a value token. Numbers so that they fit a Uint8Array. */
export const Token = {
  /** A string; the span holds its content without quotes. */
  STRING: 1,
  /** A JSON number literal, byte for byte. */
  NUMBER: 2,
  TRUE: 3,
  FALSE: 4,
  NULL: 5,
  /** A whole object, as written. */
  OBJECT: 6,
  /** A whole array, as written. */
  ARRAY: 7,
} as const;
export type Token = (typeof Token)[keyof typeof Token];

/** What a transform wrote for one value. */
export const Shape = {
  /** Nothing was written yet: a transform that leaves a row so breaks its contract and the record is quarantined. */
  UNSET: 0,
  /** Text that may need escaping in the output format. */
  TEXT: 1,
  /** Printable ASCII without quote, backslash, comma or line break: written as it is, in quotes where the format has them. */
  PLAIN: 2,
  /** A JSON number literal. */
  NUMBER: 3,
  /** The value is null. */
  NULL: 4,
  /** The field is left out of the record. */
  OMIT: 5,
  /** A JSON value as written by the producer (the original token); only `keep`-like paths use it. */
  RAW: 6,
  /** The value was refused; `Output.code` says why. */
  INVALID: 7,
} as const;
export type Shape = (typeof Shape)[keyof typeof Shape];
