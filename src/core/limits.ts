/** Upper bounds on everything that comes from outside. Each one has a code that says when it was met. */
export interface Limits {
  /** Bytes of one record's value, key or header block. */
  readonly recordBytes: number;
  /** Bytes of one value that a transform reads. */
  readonly valueBytes: number;
  /** Depth of nested objects and arrays. */
  readonly depth: number;
  /** Members and elements of one record, all levels together. */
  readonly members: number;
  /** Headers of one record. */
  readonly headers: number;
  /** Distinct unlisted field paths that are remembered by name. */
  readonly unlistedNames: number;
  /** Share of failed records in the window above which the job stops (exit 4). */
  readonly failureRate: number;
  /** Records in the window over which `failureRate` is taken. */
  readonly failureWindow: number;
}

/** Defaults: safe for one machine with 512 MiB for the process. */
export const DEFAULT_LIMITS: Limits = {
  recordBytes: 16 * 1024 * 1024,
  valueBytes: 1024 * 1024,
  depth: 64,
  members: 100_000,
  headers: 1_000,
  unlistedNames: 1_000,
  failureRate: 0.05,
  failureWindow: 10_000,
};
