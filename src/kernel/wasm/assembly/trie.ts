import { nameCounts, names, otherCounts, slotMask, slots, trieRows, valueCounts } from './arenas';
import { copyBytes, isSame } from './bytes';
import { mayRemember } from './host';
import { firstSlot } from './name-hash';

/**
 * A row is 32 bytes: hash, parent, address and size of the name, child for any other name, child for elements (u32 each), field
 * that looks at the value or -1 (i32), field (u16), action (u8), flags (u8). Rows behind those of the trie are unlisted names.
 */
const ROW_BITS: u32 = 5;
const NAMED: u32 = 1;
const WRITTEN: u32 = 2;

/** What a node says about its value (`Action` in src/kernel/scan-trie.ts). */
export const ACTION_NONE: u32 = 0;
export const ACTION_COPY: u32 = 1;
export const ACTION_CAPTURE: u32 = 2;
export const ACTION_OMIT: u32 = 3;

let nodeCount: u32 = 0;
let rowCount: u32 = 0;
let maxRows: u32 = 0;
let namesEnd: usize = 0;

/** The host has written `nodes` rows (row 0 stands for "no node") and their slots; `limit` unlisted names may be added. */
export function beginTrie(nodes: u32, limit: u32, namesLength: u32): void {
  nodeCount = nodes;
  rowCount = nodes;
  maxRows = nodes + limit;
  namesEnd = names + (namesLength as usize);
}

/** Rows in use: nodes and unlisted names. */
export function trieRowCount(): u32 {
  return rowCount;
}

function row(node: u32): usize {
  return trieRows + ((node as usize) << (ROW_BITS as usize));
}

/** `Action` of a node. */
export function actionOf(node: u32): u32 {
  return load<u8>(row(node), 30) as u32;
}

/** Field of a CAPTURE node. */
export function fieldOf(node: u32): u32 {
  return load<u16>(row(node), 28) as u32;
}

/** Field of a value that is only looked at, or -1. */
export function lookOf(node: u32): i32 {
  return load<i32>(row(node), 24);
}

/** Node of the elements, or 0. */
export function eachOf(node: u32): u32 {
  return load<u32>(row(node), 20);
}

/** Node of any other member, or 0. */
export function anyOf(node: u32): u32 {
  return load<u32>(row(node), 16);
}

/** True when members of an object at this node may match. */
export function isNamed(node: u32): bool {
  return ((load<u8>(row(node), 31) as u32) & NAMED) !== 0;
}

/** True when something at or below this node is written. */
export function isWritten(node: u32): bool {
  return ((load<u8>(row(node), 31) as u32) & WRITTEN) !== 0;
}

/** True when the value at this node becomes a span. */
export function isCaptured(node: u32): bool {
  return actionOf(node) === ACTION_CAPTURE || lookOf(node) >= 0;
}

/** Slot of a name below `node`: its row stands there, or 0 when the name is new. */
function slotOf(node: u32, start: usize, size: usize, hash: u32): usize {
  let at = firstSlot(hash, node) & slotMask;
  let slot = slots + ((at as usize) << 2);
  while (load<u32>(slot) !== 0 && !isRow(load<u32>(slot), node, start, size, hash)) {
    at = (at + 1) & slotMask;
    slot = slots + ((at as usize) << 2);
  }
  return slot;
}

function isRow(found: u32, node: u32, start: usize, size: usize, hash: u32): bool {
  const entry = row(found);
  if (load<u32>(entry) !== hash || load<u32>(entry, 4) !== node || (load<u32>(entry, 12) as usize) !== size)
    return false;
  return isSame(load<u32>(entry, 8), start, size);
}

/** Row of the unlisted name that `childOf` or `again` counted last, or 0 when it is not remembered. */
export let unlistedRow: u32 = 0;

/**
 * Node of the member with this name of an object at `node`, or 0. A member without a node is counted as unlisted unless
 * `isDecided`.
 */
export function childOf(node: u32, start: usize, size: usize, hash: u32, isDecided: bool): u32 {
  const slot = slotOf(node, start, size, hash);
  const found = load<u32>(slot);
  unlistedRow = 0;
  if (found !== 0 && found < nodeCount) return found;
  const any = anyOf(node);
  if (any !== 0 || isDecided) return any;
  unlistedRow = found !== 0 ? found : remember(slot, node, start, size, hash);
  again(node, unlistedRow);
  return 0;
}

/** Counts an unlisted member of the object at `node` by its row. */
export function again(node: u32, known: u32): void {
  if (known === 0) add(otherCounts, node);
  else add(nameCounts, known - nodeCount);
}

/** Counts a value at `node` of a type the policy has no rule for. */
export function countValue(node: u32): void {
  add(valueCounts, node);
}

function add(counts: usize, at: u32): void {
  const place = counts + ((at as usize) << 3);
  store<f64>(place, load<f64>(place) + 1);
}

function remember(slot: usize, node: u32, start: usize, size: usize, hash: u32): u32 {
  if (rowCount === maxRows || !mayRemember(start, size)) return 0;
  const entry = row(rowCount);
  store<u32>(entry, hash);
  store<u32>(entry, node, 4);
  store<u32>(entry, namesEnd as u32, 8);
  store<u32>(entry, size as u32, 12);
  copyBytes(namesEnd, start, size);
  namesEnd += size;
  store<u32>(slot, rowCount);
  return rowCount++;
}
