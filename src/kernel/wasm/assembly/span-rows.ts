import {
  extra,
  opCodes,
  opFirsts,
  opSeconds,
  spanEnds,
  spanEscaped,
  spanFields,
  spanRecords,
  spanStarts,
  spanTokens,
} from './arenas';

/** Ops, faults and tokens as in src/kernel/span-table.ts and src/core/token.ts. */
export const OP_OPEN: u32 = 0;
export const OP_CLOSE: u32 = 1;
export const OP_COPY: u32 = 2;
export const OP_NAME: u32 = 3;
export const OP_SPLICE: u32 = 4;
export const OP_EXTRA_NAME: u32 = 5;
export const FAULT_NONE: u32 = 0;
export const FAULT_SYNTAX: u32 = 1;
export const FAULT_DUPLICATE: u32 = 2;
export const FAULT_DEPTH: u32 = 3;
export const FAULT_UTF8: u32 = 4;
export const FAULT_NOT_OBJECT: u32 = 5;
export const FAULT_TOO_MANY: u32 = 6;
export const FAULT_UNLISTED: u32 = 8;
export const TOKEN_STRING: u32 = 1;
export const TOKEN_NUMBER: u32 = 2;
export const TOKEN_TRUE: u32 = 3;
export const TOKEN_FALSE: u32 = 4;
export const TOKEN_NULL: u32 = 5;
export const TOKEN_OBJECT: u32 = 6;
export const TOKEN_ARRAY: u32 = 7;

/** Rows in use. */
export let spanCount: u32 = 0;
export let opCount: u32 = 0;
/** Bytes of `extra` in use. */
export let extraLength: usize = 0;

/** Goes back to an earlier state: what a refused record wrote is forgotten. */
export function rewindRows(spans: u32, ops: u32, bytes: usize): void {
  spanCount = spans;
  opCount = ops;
  extraLength = bytes;
}

/** Appends a span (positions relative to the slab) and returns its number. The host has made room for it. */
export function addSpan(record: u32, field: u32, start: u32, end: u32, token: u32, isEscaped: u32): u32 {
  const at = spanCount++;
  const word = (at as usize) << 2;
  store<u32>(spanStarts + word, start);
  store<u32>(spanEnds + word, end);
  store<u16>(spanFields + ((at as usize) << 1), field as u16);
  store<u32>(spanRecords + word, record);
  store<u8>(spanTokens + at, token as u8);
  store<u8>(spanEscaped + at, isEscaped as u8);
  return at;
}

/** Appends an op. */
export function addOp(op: u32, first: u32, second: u32): void {
  const at = opCount++;
  const word = (at as usize) << 2;
  store<u8>(opCodes + at, op as u8);
  store<u32>(opFirsts + word, first);
  store<u32>(opSeconds + word, second);
}

/** Makes the last op, a COPY, end at `end`. */
export function extendCopy(end: u32): void {
  store<u32>(opSeconds + ((opCount as usize) << 2) - 4, end);
}

/** Appends to `extra` up to the address `end`; returns its length. */
export function extraTo(end: usize): u32 {
  extraLength = end - extra;
  return extraLength as u32;
}
