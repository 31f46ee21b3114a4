import {
  extra,
  opCodes,
  opFirsts,
  opSeconds,
  opStarts,
  outEnds,
  output,
  outStarts,
  resultEnds,
  resultShapes,
  resultStarts,
  results,
  skips,
  slab,
} from './arenas';
import { CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './ascii';
import { copyBytes } from './bytes';
import { OP_CLOSE, OP_COPY, OP_EXTRA_NAME, OP_NAME, OP_OPEN, OP_SPLICE } from './span-rows';
import { escapeText } from './text';

/** `Shape` in src/core/token.ts. */
const SHAPE_TEXT: u32 = 1;
const SHAPE_PLAIN: u32 = 2;
const SHAPE_NUMBER: u32 = 3;
const SHAPE_NULL: u32 = 4;
const SHAPE_RAW: u32 = 6;

let to: usize = 0;
/** A value stands before in the innermost container. */
let hasSibling: bool = false;
/** The name that waits for its value, with its quotes; `pendingEnd` is 0 when there is none. */
let pendingStart: usize = 0;
let pendingEnd: usize = 0;

/**
 * Rebuilds each of `count` records that is not skipped; returns the bytes written. The host has made room for all of them. Commas
 * are written here, so what is left out leaves no trace.
 */
export function assemble(count: u32): u32 {
  to = output;
  for (let r: u32 = 0; r < count; r++) {
    const word = (r as usize) << 2;
    store<u32>(outStarts + word, (to - output) as u32);
    if (load<u8>(skips + r) === 0) putRecord(load<u32>(opStarts + word), load<u32>(opStarts + word, 4));
    store<u32>(outEnds + word, (to - output) as u32);
  }
  return (to - output) as u32;
}

function putRecord(from: u32, end: u32): void {
  hasSibling = false;
  pendingEnd = 0;
  for (let i = from; i < end; i++) {
    const word = (i as usize) << 2;
    const first = load<u32>(opFirsts + word) as usize;
    const second = load<u32>(opSeconds + word) as usize;
    switch (load<u8>(opCodes + i) as u32) {
      case OP_COPY:
        putRaw(slab + first, slab + second);
        break;
      case OP_NAME:
        pendingStart = slab + first;
        pendingEnd = slab + second;
        break;
      case OP_EXTRA_NAME:
        pendingStart = extra + first;
        pendingEnd = extra + second;
        break;
      case OP_SPLICE:
        putResult(first);
        break;
      case OP_OPEN:
        putBefore();
        put(first === 1 ? OPEN_BRACKET : OPEN_BRACE);
        hasSibling = false;
        break;
      case OP_CLOSE:
        put(first === 1 ? CLOSE_BRACKET : CLOSE_BRACE);
        hasSibling = true;
        break;
    }
  }
}

function put(byte: u32): void {
  store<u8>(to++, byte as u8);
}

function putCopy(start: usize, end: usize): void {
  copyBytes(to, start, end - start);
  to += end - start;
}

/** Writes what stands before a value: comma and name. */
function putBefore(): void {
  if (hasSibling) put(COMMA);
  hasSibling = true;
  if (pendingEnd === 0) return;
  putCopy(pendingStart, pendingEnd);
  put(COLON);
  pendingEnd = 0;
}

function putRaw(start: usize, end: usize): void {
  putBefore();
  putCopy(start, end);
}

function putResult(span: usize): void {
  const start = results + (load<u32>(resultStarts + (span << 2)) as usize);
  const end = results + (load<u32>(resultEnds + (span << 2)) as usize);
  switch (load<u8>(resultShapes + span) as u32) {
    case SHAPE_TEXT:
      putBefore();
      put(QUOTE);
      to = escapeText(start, end, to);
      put(QUOTE);
      break;
    case SHAPE_PLAIN:
      putBefore();
      put(QUOTE);
      putCopy(start, end);
      put(QUOTE);
      break;
    case SHAPE_NUMBER:
    case SHAPE_RAW:
      putRaw(start, end);
      break;
    case SHAPE_NULL:
      putBefore();
      // "null", little-endian.
      store<u32>(to, 0x6c6c756e);
      to += 4;
      break;
    default:
      // OMIT, and anything that is not a result: the member is left out.
      pendingEnd = 0;
  }
}
