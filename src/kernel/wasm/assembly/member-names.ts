import { unescaped } from './arenas';
import {
  expectedAt,
  learnMeaning,
  learnMember,
  MAX_ORDER,
  MAX_ORDERED_NAME,
  mayLearn,
  orderedAt,
  orderedChild,
  orderedHash,
  orderedSize,
  orderedUnlisted,
} from './member-order';
import { hashName } from './name-hash';
import { addName, beginNames, NAME_DUPLICATE, NAME_NEW, openObject } from './name-table';
import { FAULT_DUPLICATE, FAULT_TOO_MANY, FAULT_UTF8 } from './span-rows';
import { unescapeText } from './text';
import { escaped, lone, nameEnd, plainHash, refuse } from './tokens';
import { again, childOf, unlistedRow } from './trie';

/** A `position` that neither follows nor learns an order. */
const UNORDERED: i32 = -1 - MAX_ORDER;

/** Trie node of the last name, or 0. */
export let nameChild: u32 = 0;
/** Row of the last name in its shape's order, or 0. */
export let nameRow: usize = 0;
/** 1 when the last name is written with escapes. */
export let nameEscaped: u32 = 0;
/**
 * Where the innermost object is in its shape's order: the next position, or the complement of the position to learn next, or
 * `UNORDERED`. Saved and restored by the scanner when levels change.
 */
export let position: i32 = UNORDERED;

let unescapedEnd: usize = 0;

/** Starts a record. */
export function beginMembers(): void {
  beginNames();
  unescapedEnd = unescaped;
}

/** An object opens; returns its number. `shape` is its trie node, or one from `shapeBelow`, or 0 when it has none. */
export function openMembers(shape: u32): u32 {
  position = shape === 0 ? UNORDERED : 0;
  return openObject();
}

/** Goes back to the position of an enclosing object. */
export function restorePosition(saved: i32): void {
  position = saved;
}

/**
 * Reads a member name from after its opening quote, in `object` of `shape` at `node`: checks it, refuses duplicates, finds its trie node,
 * counts it when it is unlisted. Returns the position of its closing quote, or 0 after refusing.
 */
export function readName(from: usize, object: u32, shape: u32, node: u32, isDecided: bool): usize {
  if (position >= 0) {
    const row = expectedAt(shape, position, from);
    if (row !== 0) {
      position++;
      nameEscaped = 0;
      nameRow = row;
      nameChild = orderedChild(row);
      if (nameChild === 0 && node !== 0 && !isDecided) again(node, orderedUnlisted(row));
      return from + orderedSize(row);
    }
    leaveOrder(object, shape);
  }
  return readOther(from, object, shape, node, isDecided);
}

/** The names so far, which were known to differ, go to the name table, so that later ones can be compared with them. */
function leaveOrder(object: u32, shape: u32): void {
  for (let k = 0; k < position; k++) {
    const row = orderedAt(shape, k);
    addName(object, row, orderedSize(row), orderedHash(row));
  }
  position = position < MAX_ORDER && mayLearn(shape) ? ~position : UNORDERED;
}

function readOther(from: usize, object: u32, shape: u32, node: u32, isDecided: bool): usize {
  const close = nameEnd(from);
  if (close === 0) return 0;
  if (lone) return refuse(FAULT_UTF8);
  let start = from;
  let size = close - from;
  nameEscaped = escaped;
  if (escaped === 1) {
    start = unescapedEnd;
    unescapedEnd = unescapeText(from, close, start);
    size = unescapedEnd - start;
  }
  const hash = plainHash !== 0 ? plainHash : hashName(start, start + size);
  const added = addName(object, start, size, hash);
  if (added !== NAME_NEW) return refuse(added === NAME_DUPLICATE ? FAULT_DUPLICATE : FAULT_TOO_MANY);
  nameChild = node === 0 ? 0 : childOf(node, start, size, hash, isDecided);
  nameRow = 0;
  if (position < 0 && position !== UNORDERED) learn(shape, start, size, hash);
  return close;
}

function learn(shape: u32, start: usize, size: usize, hash: u32): void {
  const at = ~position;
  if (nameEscaped === 1 || size > MAX_ORDERED_NAME) {
    position = UNORDERED;
    return;
  }
  nameRow = learnMember(shape, at, start, size, hash);
  learnMeaning(nameRow, nameChild, nameChild === 0 ? unlistedRow : 0);
  position = at + 1 < MAX_ORDER ? ~(at + 1) : UNORDERED;
}
