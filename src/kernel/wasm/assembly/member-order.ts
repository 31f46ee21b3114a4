import { orderHeads, orderRows } from './arenas';
import { QUOTE } from './ascii';
import { copyBytes, isSame } from './bytes';
import { limit } from './tokens';

/** Members remembered for each shape. */
export const MAX_ORDER: i32 = 64;
/** Longest name that is remembered; its closing quote stands behind it. */
export const MAX_ORDERED_NAME: usize = 43;
/** How often the order of a shape is learned anew before it is left as it is: shuffled records must not pay for learning. */
const MAX_LEARNED: u32 = 16;

let nextShape: u32 = 0;
let endShape: u32 = 0;

/** Shapes below `nodes` stand for trie nodes; `more` others are given to objects outside the plan as they are met. */
export function beginShapes(nodes: u32, more: u32): void {
  nextShape = nodes;
  endShape = nodes + more;
}

/**
 * The order in which members came in the last objects of one shape, as in src/kernel/typescript/member-order.ts. A row is 64 bytes:
 * the name with its closing quote, and from byte 44 its size, hash, child node, row of the unlisted name, shape of the containers
 * that are its value (u32). A head is 2 bytes: rows in use, times learned.
 */
function rowOf(shape: u32, position: i32): usize {
  return orderRows + (((shape * MAX_ORDER + position) as usize) << 6);
}

/** Row of the name at `at` when it is the one expected at `position`, or 0. */
export function expectedAt(shape: u32, position: i32, at: usize): usize {
  if (position >= (load<u8>(orderHeads + ((shape as usize) << 1)) as i32)) return 0;
  const row = rowOf(shape, position);
  const size = orderedSize(row);
  return at + size < limit && isSame(row, at, size + 1) ? row : 0;
}

/** Row of the name at a position that was expected before. */
export function orderedAt(shape: u32, position: i32): usize {
  return rowOf(shape, position);
}

/** Shape of the containers outside the plan that are the value of a member: taken when the first one is met; 0 when none is left. */
export function shapeBelow(row: usize): u32 {
  const known = load<u32>(row, 60);
  if (known !== 0 || nextShape === endShape) return known;
  store<u32>(row, nextShape, 60);
  return nextShape++;
}

/** Size of a remembered name; it stands at the start of its row. */
export function orderedSize(row: usize): usize {
  return load<u32>(row, 44) as usize;
}

/** Its hash. */
export function orderedHash(row: usize): u32 {
  return load<u32>(row, 48);
}

/** Its node, or 0. */
export function orderedChild(row: usize): u32 {
  return load<u32>(row, 52);
}

/** Its row among the unlisted names, or 0. */
export function orderedUnlisted(row: usize): u32 {
  return load<u32>(row, 56);
}

/** True when an order may be learned anew from here on; each yes is counted. */
export function mayLearn(shape: u32): bool {
  const head = orderHeads + ((shape as usize) << 1);
  const learned = load<u8>(head, 1) as u32;
  if (learned === MAX_LEARNED) return false;
  store<u8>(head, (learned + 1) as u8, 1);
  return true;
}

/** The member at `position` has this name, at most `MAX_ORDERED_NAME` bytes; what was known behind it is forgotten. */
export function learnMember(shape: u32, position: i32, start: usize, size: usize, hash: u32): usize {
  const row = rowOf(shape, position);
  copyBytes(row, start, size);
  store<u8>(row + size, QUOTE as u8);
  store<u32>(row, size as u32, 44);
  store<u32>(row, hash, 48);
  store<u32>(row, 0, 60);
  store<u8>(orderHeads + ((shape as usize) << 1), (position + 1) as u8);
  return row;
}

/** What is known about the member just learned. */
export function learnMeaning(row: usize, child: u32, unlisted: u32): void {
  store<u32>(row, child, 52);
  store<u32>(row, unlisted, 56);
}
