import { orderHeads, orderRows } from './arenas';
import { QUOTE } from './ascii';
import { copyBytes, isSame } from './bytes';
import { limit } from './tokens';

/** Members remembered for each node. */
export const MAX_ORDER: i32 = 64;
/** Longest name that is remembered: with its closing quote it fills three steps of comparison. */
export const MAX_ORDERED_NAME: usize = 47;
/** How often the order of a node is learned anew before it is left as it is: shuffled records must not pay for learning. */
const MAX_LEARNED: u32 = 16;

/**
 * The order in which members came in the last objects at a node, as in src/kernel/typescript/member-order.ts. A row is 64 bytes:
 * the name with its closing quote, and from byte 48 its size, hash, child node, row of the unlisted name (u32). A head is 2
 * bytes: rows in use, times learned.
 */
function rowOf(node: u32, position: i32): usize {
  return orderRows + (((node * MAX_ORDER + position) as usize) << 6);
}

/** Row of the name at `at` when it is the one expected at `position`, or 0. */
export function expectedAt(node: u32, position: i32, at: usize): usize {
  if (position >= (load<u8>(orderHeads + ((node as usize) << 1)) as i32)) return 0;
  const row = rowOf(node, position);
  const size = orderedSize(row);
  return at + size < limit && isSame(row, at, size + 1) ? row : 0;
}

/** Row of the name at a position that was expected before. */
export function orderedAt(node: u32, position: i32): usize {
  return rowOf(node, position);
}

/** Size of a remembered name; it stands at the start of its row. */
export function orderedSize(row: usize): usize {
  return load<u32>(row, 48) as usize;
}

/** Its hash. */
export function orderedHash(row: usize): u32 {
  return load<u32>(row, 52);
}

/** Its node, or 0. */
export function orderedChild(row: usize): u32 {
  return load<u32>(row, 56);
}

/** Its row among the unlisted names, or 0. */
export function orderedUnlisted(row: usize): u32 {
  return load<u32>(row, 60);
}

/** True when an order may be learned anew from here on; each yes is counted. */
export function mayLearn(node: u32): bool {
  const head = orderHeads + ((node as usize) << 1);
  const learned = load<u8>(head, 1) as u32;
  if (learned === MAX_LEARNED) return false;
  store<u8>(head, (learned + 1) as u8, 1);
  return true;
}

/** The member at `position` has this name, at most `MAX_ORDERED_NAME` bytes; what was known behind it is forgotten. */
export function learnMember(node: u32, position: i32, start: usize, size: usize, hash: u32): usize {
  const row = rowOf(node, position);
  copyBytes(row, start, size);
  store<u8>(row + size, QUOTE as u8);
  store<u32>(row, size as u32, 48);
  store<u32>(row, hash, 52);
  store<u8>(orderHeads + ((node as usize) << 1), (position + 1) as u8);
  return row;
}

/** What is known about the member just learned. */
export function learnMeaning(row: usize, child: u32, unlisted: u32): void {
  store<u32>(row, child, 56);
  store<u32>(row, unlisted, 60);
}
