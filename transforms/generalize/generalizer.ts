import type { Output } from '../../src/transform/output.js';

/** Makes the coarser form of one value. One is chosen per rule, so that the hot loop has no decisions about parameters. */
export interface Generalizer {
  /** Gives row `row` its result: the coarser form of `bytes[start .. end)`, or `invalid`. Total: never throws. */
  write(bytes: Uint8Array, start: number, end: number, row: number, out: Output): void;
}
