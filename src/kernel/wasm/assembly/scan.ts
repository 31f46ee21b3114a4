import { faults, frames, opStarts, recordEnds, recordStarts, slab } from './arenas';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  DIGIT_9,
  LETTER_F,
  LETTER_T,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from './ascii';
import {
  beginEmit,
  emitClose,
  emitCopy,
  emitNothing,
  emitOpen,
  emitSplice,
  memberEnd,
  memberEscaped,
  memberStart,
  setMember,
} from './emitter';
import {
  beginMembers,
  nameChild,
  nameEscaped,
  nameRow,
  openMembers,
  position,
  readName,
  restorePosition,
} from './member-names';
import { shapeBelow } from './member-order';
import {
  addSpan,
  extraLength,
  FAULT_DEPTH,
  FAULT_NONE,
  FAULT_NOT_OBJECT,
  FAULT_SYNTAX,
  FAULT_TOO_MANY,
  FAULT_UNLISTED,
  FAULT_UTF8,
  opCount,
  rewindRows,
  spanCount,
  TOKEN_ARRAY,
  TOKEN_FALSE,
  TOKEN_NULL,
  TOKEN_NUMBER,
  TOKEN_OBJECT,
  TOKEN_STRING,
  TOKEN_TRUE,
} from './span-rows';
import { beginTokens, escaped, fault, limit, literalEnd, lone, numberEnd, refuse, spaceEnd, stringEnd } from './tokens';
import {
  ACTION_CAPTURE,
  ACTION_COPY,
  ACTION_NONE,
  ACTION_OMIT,
  actionOf,
  countValue,
  eachOf,
  fieldOf,
  isCaptured,
  isNamed,
  isWritten,
  lookOf,
} from './trie';

/** The node of the record's top-level object. */
const ROOT: u32 = 1;
/** How far a container was entered: not at all, looked through without being written, or written member by member. */
const ENTERED_NO: u32 = 0;
const ENTERED_LOOKED: u32 = 1;
const ENTERED_WRITTEN: u32 = 2;
/** Bytes of a saved level. */
const FRAME: usize = 52;

let maxDepth: u32 = 0;
let maxMembers: u32 = 0;
let faultUnlisted: bool = false;

let record: u32 = 0;
let memberCount: u32 = 0;
let sawUnlisted: bool = false;
// The innermost open container: see src/kernel/typescript/json-scanner.ts, whose steps these are.
let depth: u32 = 0;
let isArray: u32 = 0;
let containerNode: u32 = 0;
let decided: u32 = 0;
let captured: u32 = 0;
let object: u32 = 0;
/** Shape that values in it may have, when it is an array or no trie node: see member-order.ts. */
let shape: u32 = 0;
let fresh: bool = false;
/** Trie node of the value that is read, or 0. */
let child: u32 = 0;

/** Takes over the limits of the plan. */
export function setLimits(levels: u32, members: u32, refuseUnlisted: bool): void {
  maxDepth = levels;
  maxMembers = members;
  faultUnlisted = refuseUnlisted;
}

/**
 * Scans `count` records into the columns of spans and ops: strict RFC 8259, no duplicate names, default deny by the trie. `room` is
 * scratch memory for one record.
 */
export function scan(count: u32, room: usize): void {
  rewindRows(0, 0, 0);
  store<u32>(opStarts, 0);
  for (let r: u32 = 0; r < count; r++) {
    const spans = spanCount;
    const ops = opCount;
    const bytes = extraLength;
    const word = (r as usize) << 2;
    record = r;
    beginEmit(room);
    beginMembers();
    const found = scanRecord(
      slab + (load<u32>(recordStarts + word) as usize),
      slab + (load<u32>(recordEnds + word) as usize),
    );
    if (found !== FAULT_NONE) rewindRows(spans, ops, bytes);
    store<u8>(faults + r, found as u8);
    store<u32>(opStarts + word, opCount, 4);
  }
}

/** Spans of the last scan. */
export function scannedSpans(): u32 {
  return spanCount;
}

/** Ops of the last scan. */
export function scannedOps(): u32 {
  return opCount;
}

/** Bytes of names that the last scan spelled anew. */
export function scannedExtra(): u32 {
  return extraLength as u32;
}

function scanRecord(start: usize, end: usize): u32 {
  beginTokens(end);
  memberCount = 0;
  sawUnlisted = false;
  depth = containerNode = decided = captured = shape = 0;
  isArray = 1;
  let at = spaceEnd(start);
  const isObject = at < end && (load<u8>(at) as u32) === OPEN_BRACE;
  child = isObject ? ROOT : 0;
  at = readValue(at);
  while (at !== 0 && depth > 0) at = isArray === 1 ? readElements(at) : readMembers(at);
  if (at === 0) return fault;
  if (spaceEnd(at) !== end) return FAULT_SYNTAX;
  if (!isObject) return FAULT_NOT_OBJECT;
  return sawUnlisted && faultUnlisted ? FAULT_UNLISTED : FAULT_NONE;
}

/** The byte at `at`, or 0 behind the end of the record. */
function byteAt(at: usize): u32 {
  return at < limit ? (load<u8>(at) as u32) : 0;
}

/** Reads members of the innermost object until it ends or a container opens inside it. */
function readMembers(from: usize): usize {
  const level = depth;
  let at = from;
  do {
    at = spaceEnd(at);
    let byte = byteAt(at);
    if (byte === CLOSE_BRACE) return leave(at);
    if (fresh) fresh = false;
    else {
      if (byte !== COMMA) return refuse(FAULT_SYNTAX);
      at = spaceEnd(at + 1);
      byte = byteAt(at);
    }
    if (byte !== QUOTE) return refuse(FAULT_SYNTAX);
    at = readMemberName(at);
    if (at === 0) return 0;
    at = spaceEnd(at);
    if (byteAt(at) !== COLON) return refuse(FAULT_SYNTAX);
    at = readValue(spaceEnd(at + 1));
  } while (at !== 0 && depth === level);
  return at;
}

/** Reads elements of the innermost array until it ends or a container opens inside it. */
function readElements(from: usize): usize {
  const level = depth;
  const each = eachOf(containerNode);
  let at = from;
  do {
    at = spaceEnd(at);
    const byte = byteAt(at);
    if (byte === CLOSE_BRACKET) return leave(at);
    if (fresh) fresh = false;
    else {
      if (byte !== COMMA) return refuse(FAULT_SYNTAX);
      at = spaceEnd(at + 1);
    }
    if (++memberCount > maxMembers) return refuse(FAULT_TOO_MANY);
    child = each;
    if (each !== 0) setMember(0, 0, 0);
    at = readValue(at);
  } while (at !== 0 && depth === level);
  return at;
}

/** Reads the name whose opening quote is at `at`; returns the position after it. */
function readMemberName(at: usize): usize {
  if (++memberCount > maxMembers) return refuse(FAULT_TOO_MANY);
  const close = readName(at + 1, object, containerNode !== 0 ? containerNode : shape, containerNode, decided === 1);
  if (close === 0) return 0;
  child = nameChild;
  if (containerNode !== 0) {
    setMember(at, close + 1, nameEscaped);
    if (child === 0 && decided === 0) {
      sawUnlisted = true;
      emitNothing();
    }
  }
  return close + 1;
}

/** Reads the value at `at`: a scalar to its end, of a container only the opening bracket. */
function readValue(at: usize): usize {
  if (at >= limit) return refuse(FAULT_SYNTAX);
  const first = load<u8>(at) as u32;
  if (first === QUOTE) return readString(at);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return enter(at, first === OPEN_BRACE ? 0 : 1);
  const isNumber = first <= DIGIT_9;
  const end = isNumber ? numberEnd(at) : literalEnd(first, at);
  if (end === 0 || child === 0) return end;
  finish(isNumber ? TOKEN_NUMBER : literalToken(first), at, end, 0, ENTERED_NO);
  return end;
}

function literalToken(first: u32): u32 {
  return first === LETTER_T ? TOKEN_TRUE : first === LETTER_F ? TOKEN_FALSE : TOKEN_NULL;
}

function readString(at: usize): usize {
  const close = stringEnd(at + 1);
  if (close === 0) return 0;
  if (lone && (captured === 1 || isCaptured(child))) return refuse(FAULT_UTF8);
  if (child !== 0) finish(TOKEN_STRING, at, close + 1, escaped, ENTERED_NO);
  return close + 1;
}

/** Enters the container at `at`. */
function enter(at: usize, array: u32): usize {
  if (depth >= maxDepth) return refuse(FAULT_DEPTH);
  let node: u32 = 0;
  let entered = ENTERED_NO;
  let isDecided = decided;
  let isTaken = captured;
  if (child !== 0) {
    if (array === 1 ? eachOf(child) !== 0 : isNamed(child)) node = child;
    if (isCaptured(child)) isTaken = 1;
    if (isDecided === 0 && actionOf(child) !== ACTION_NONE) isDecided = 1;
    else if (isDecided === 0 && node !== 0) {
      entered = isWritten(child) ? ENTERED_WRITTEN : ENTERED_LOOKED;
      if (entered === ENTERED_WRITTEN) emitOpen(array);
    }
  }
  save(at, entered);
  if (isArray === 0) shape = nameRow === 0 || (array === 0 && node !== 0) ? 0 : shapeBelow(nameRow);
  isArray = array;
  containerNode = node;
  decided = isDecided;
  captured = isTaken;
  if (array === 0) object = openMembers(node !== 0 ? node : shape);
  fresh = true;
  return at + 1;
}

function save(at: usize, entered: u32): void {
  const frame = frames + (depth++ as usize) * FRAME;
  store<u32>(frame, isArray);
  store<u32>(frame, containerNode, 4);
  store<u32>(frame, decided, 8);
  store<u32>(frame, captured, 12);
  store<u32>(frame, object, 16);
  store<u32>(frame, child, 20);
  store<u32>(frame, at as u32, 24);
  store<u32>(frame, entered, 28);
  store<u32>(frame, memberStart as u32, 32);
  store<u32>(frame, memberEnd as u32, 36);
  store<u32>(frame, memberEscaped, 40);
  store<i32>(frame, position, 44);
  store<u32>(frame, shape, 48);
}

/** Leaves the innermost container, whose closing bracket is at `at`. */
function leave(at: usize): usize {
  const frame = frames + (--depth as usize) * FRAME;
  const token = isArray === 1 ? TOKEN_ARRAY : TOKEN_OBJECT;
  isArray = load<u32>(frame);
  containerNode = load<u32>(frame, 4);
  decided = load<u32>(frame, 8);
  captured = load<u32>(frame, 12);
  object = load<u32>(frame, 16);
  child = load<u32>(frame, 20);
  restorePosition(load<i32>(frame, 44));
  shape = load<u32>(frame, 48);
  fresh = false;
  if (child !== 0) {
    setMember(load<u32>(frame, 32), load<u32>(frame, 36), load<u32>(frame, 40));
    finish(token, load<u32>(frame, 24), at + 1, 0, load<u32>(frame, 28));
  }
  return at + 1;
}

/** Does what the plan says with the value of the current trie node. */
function finish(token: u32, start: usize, end: usize, isEscaped: u32, entered: u32): void {
  const quotes: usize = token === TOKEN_STRING ? 1 : 0;
  const from = (start - slab + quotes) as u32;
  const to = (end - slab - quotes) as u32;
  const look = lookOf(child);
  if (look >= 0) addSpan(record, look as u32, from, to, token, isEscaped);
  if (decided === 1) return;
  const action = actionOf(child);
  if (action === ACTION_COPY) emitCopy(start, end);
  else if (action === ACTION_CAPTURE) emitSplice(addSpan(record, fieldOf(child), from, to, token, isEscaped));
  else if (entered === ENTERED_WRITTEN) emitClose(token === TOKEN_ARRAY ? 1 : 0);
  else {
    emitNothing();
    const isInner = isNamed(child) || eachOf(child) !== 0;
    if (action === ACTION_OMIT || entered === ENTERED_LOOKED || !isInner || token === TOKEN_NULL) return;
    countValue(child);
    sawUnlisted = true;
  }
}
