import { extra, slab } from './arenas';
import { QUOTE } from './ascii';
import {
  addOp,
  extendCopy,
  extraLength,
  extraTo,
  OP_CLOSE,
  OP_COPY,
  OP_EXTRA_NAME,
  OP_NAME,
  OP_OPEN,
  OP_SPLICE,
} from './span-rows';
import { escapeText, unescapeText } from './text';

/** Name of the current member with its quotes; both 0 for an element or the top level. */
export let memberStart: usize = 0;
export let memberEnd: usize = 0;
/** 1 when the name is written with escapes. */
export let memberEscaped: u32 = 0;

/** The last op is a COPY of the sibling just before. */
let joinable: bool = false;
/** Where a name is spelled anew; behind what `member-names.ts` holds there. */
let scratch: usize = 0;

/** Starts a record; `room` is free for names while they are spelled anew. */
export function beginEmit(room: usize): void {
  joinable = false;
  memberEnd = 0;
  scratch = room;
}

/** The member that is read has the name from `start` to `end`. */
export function setMember(start: usize, end: usize, isEscaped: u32): void {
  memberStart = start;
  memberEnd = end;
  memberEscaped = isEscaped;
}

/** The current value is left out. */
export function emitNothing(): void {
  joinable = false;
}

/** The current value is kept as written. */
export function emitCopy(start: usize, end: usize): void {
  if (memberEscaped === 1 && memberEnd !== 0) {
    emitName();
    addOp(OP_COPY, (start - slab) as u32, (end - slab) as u32);
    joinable = false;
  } else if (joinable) extendCopy((end - slab) as u32);
  else {
    addOp(OP_COPY, ((memberEnd === 0 ? start : memberStart) - slab) as u32, (end - slab) as u32);
    joinable = true;
  }
}

/** The current value is replaced by the result of a span. */
export function emitSplice(span: u32): void {
  emitName();
  addOp(OP_SPLICE, span, 0);
  joinable = false;
}

/** The current value is a container that is written member by member. */
export function emitOpen(isArray: u32): void {
  emitName();
  addOp(OP_OPEN, isArray, 0);
  joinable = false;
}

/** The innermost open container ends. */
export function emitClose(isArray: u32): void {
  addOp(OP_CLOSE, isArray, 0);
  joinable = false;
}

function emitName(): void {
  if (memberEnd === 0) return;
  if (memberEscaped === 0) addOp(OP_NAME, (memberStart - slab) as u32, (memberEnd - slab) as u32);
  else canonicalName();
}

function canonicalName(): void {
  const textEnd = unescapeText(memberStart + 1, memberEnd - 1, scratch);
  const start = extraLength as u32;
  const open = extra + extraLength;
  store<u8>(open, QUOTE as u8);
  const close = escapeText(scratch, textEnd, open + 1);
  store<u8>(close, QUOTE as u8);
  addOp(OP_EXTRA_NAME, start, extraTo(close + 1));
}
