import type { ScanPlan } from '../kernel.js';
import { firstSlot } from '../name-hash.js';
import type { ScanTrie } from '../scan-trie.js';
import { MAX_NAME_LENGTH } from '../unlisted-names.js';
import type { MemoryLayout } from './memory-layout.js';

/** As in assembly/trie.ts, member-order.ts, scan.ts and name-table.ts. */
const ROW_BYTES = 32;
const ORDER_BYTES = 64 * 64;
const FRAME_BYTES = 52;
/** Objects outside the plan whose order of members is remembered, by the member they are the value of. */
export const MORE_SHAPES = 256;
const NAME_ROW_BYTES = 16;
const FIRST_NAME_ROWS = 256;
/** UTF-8 bytes of one UTF-16 unit, at most. */
const UNIT_BYTES = 3;

/** Addresses and sizes of the arenas of a plan; they live as long as the kernel. */
export type PlanArenas = ReturnType<typeof planArenas>;

/** Lays out the arenas of a plan. */
export function planArenas(layout: MemoryLayout, trie: ScanTrie, plan: ScanPlan) {
  const nodes = trie.action.length;
  const limit = plan.maxUnlistedNames;
  const slotCount = powerOfTwo(4, 4 * (nodes + limit));
  // Half full at most when a record has all the members that it may have.
  const nameTableRows = powerOfTwo(FIRST_NAME_ROWS, 2 * plan.maxMembers + 1);
  const shapes = nodes + MORE_SHAPES;
  const places = layout.arenas({
    rows: (nodes + limit) * ROW_BYTES,
    slots: slotCount * 4,
    names: trie.names.length + limit * MAX_NAME_LENGTH * UNIT_BYTES,
    nameCounts: limit * 8,
    otherCounts: nodes * 8,
    valueCounts: nodes * 8,
    orders: shapes * ORDER_BYTES,
    orderHeads: shapes * 2,
    frames: (plan.maxDepth + 1) * FRAME_BYTES,
    nameTables: 2 * nameTableRows * NAME_ROW_BYTES,
  });
  return { ...places, slotCount, nameTableRows, orderBytes: shapes * ORDER_BYTES };
}

/** What `placePlan` (assembly/arenas.ts) takes over, in its order. */
export function planTable(arenas: PlanArenas): number[] {
  const { rows, slots, slotCount, names, nameCounts, otherCounts, valueCounts } = arenas;
  const { orders, orderHeads, frames, nameTables, nameTableRows } = arenas;
  const trie = [rows, slots, slotCount - 1, names, nameCounts, otherCounts, valueCounts];
  return [...trie, orders, orderHeads, frames, nameTables, nameTableRows];
}

/** Writes a trie into its arenas: see assembly/trie.ts for the rows. */
export function writeTrie(view: DataView, arenas: PlanArenas, trie: ScanTrie): void {
  new Uint8Array(view.buffer).set(trie.names, arenas.names);
  for (let node = 1; node < trie.action.length; node++) {
    const row = arenas.rows + node * ROW_BYTES;
    const size = (trie.nameEnd[node] ?? 0) - (trie.nameStart[node] ?? 0);
    view.setInt32(row, trie.hash[node] ?? 0, true);
    view.setUint32(row + 4, trie.parent[node] ?? 0, true);
    view.setUint32(row + 8, arenas.names + (trie.nameStart[node] ?? 0), true);
    view.setUint32(row + 12, size, true);
    view.setUint32(row + 16, trie.any[node] ?? 0, true);
    view.setUint32(row + 20, trie.each[node] ?? 0, true);
    view.setInt32(row + 24, trie.look[node] ?? -1, true);
    view.setUint16(row + 28, trie.field[node] ?? 0, true);
    view.setUint8(row + 30, trie.action[node] ?? 0);
    view.setUint8(row + 31, (trie.named[node] ?? 0) | ((trie.output[node] ?? 0) << 1));
    // Nodes for any name, for elements and of the record have no name: their parent is "no node".
    if (trie.parent[node] !== 0) takeSlot(view, arenas, trie, node);
  }
  view.setInt32(arenas.rows + 24, -1, true);
}

function takeSlot(view: DataView, arenas: PlanArenas, trie: ScanTrie, node: number): void {
  const mask = arenas.slotCount - 1;
  let at = firstSlot(trie.hash[node] ?? 0, trie.parent[node] ?? 0) & mask;
  while (view.getUint32(arenas.slots + at * 4, true) !== 0) at = (at + 1) & mask;
  view.setUint32(arenas.slots + at * 4, node, true);
}

/** What stands in a row: used for the names of unlisted fields. */
export function readRow(view: DataView, arenas: PlanArenas, row: number): { node: number; start: number; end: number } {
  const at = arenas.rows + row * ROW_BYTES;
  const start = view.getUint32(at + 8, true);
  return { node: view.getUint32(at + 4, true), start, end: start + view.getUint32(at + 12, true) };
}

function powerOfTwo(first: number, least: number): number {
  let size = first;
  while (size < least) size *= 2;
  return size;
}
