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
/** 1 when the last name is written with escapes. */
export let nameEscaped: u32 = 0;
/**
 * Where the innermost object is in its node's order: the next position, or the complement of the position to learn next, or
 * `UNORDERED`. Saved and restored by the scanner when levels change.
 */
export let position: i32 = UNORDERED;

let unescapedEnd: usize = 0;

/** Starts a record. */
export function beginMembers(): void {
  beginNames();
  unescapedEnd = unescaped;
}

/** An object at `node` opens; returns its number. */
export function openMembers(node: u32): u32 {
  position = node === 0 ? UNORDERED : 0;
  return openObject();
}

/** Goes back to the position of an enclosing object. */
export function restorePosition(saved: i32): void {
  position = saved;
}

/**
 * Reads a member name from after its opening quote, in `object` at `node`: checks it, refuses duplicates, finds its trie node,
 * counts it when it is unlisted. Returns the position of its closing quote, or 0 after refusing.
 */
export function readName(from: usize, object: u32, node: u32, isDecided: bool): usize {
  if (position >= 0) {
    const row = expectedAt(node, position, from);
    if (row !== 0) {
      position++;
      nameEscaped = 0;
      nameChild = orderedChild(row);
      if (nameChild === 0 && !isDecided) again(node, orderedUnlisted(row));
      return from + orderedSize(row);
    }
    leaveOrder(object, node);
  }
  return readOther(from, object, node, isDecided);
}

/** The names so far, which were known to differ, go to the name table, so that later ones can be compared with them. */
function leaveOrder(object: u32, node: u32): void {
  for (let k = 0; k < position; k++) {
    const row = orderedAt(node, k);
    addName(object, row, orderedSize(row), orderedHash(row));
  }
  position = position < MAX_ORDER && mayLearn(node) ? ~position : UNORDERED;
}

function readOther(from: usize, object: u32, node: u32, isDecided: bool): usize {
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
  if (position < 0 && position !== UNORDERED) learn(node, start, size, hash);
  return close;
}

function learn(node: u32, start: usize, size: usize, hash: u32): void {
  const at = ~position;
  if (nameEscaped === 1 || size > MAX_ORDERED_NAME) {
    position = UNORDERED;
    return;
  }
  learnMeaning(learnMember(node, at, start, size, hash), nameChild, nameChild === 0 ? unlistedRow : 0);
  position = at + 1 < MAX_ORDER ? ~(at + 1) : UNORDERED;
}
