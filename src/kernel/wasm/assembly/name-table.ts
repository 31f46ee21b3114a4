import { nameTableRows, nameTables } from './arenas';
import { isSame } from './bytes';
import { firstSlot } from './name-hash';

/** What `addName` found. */
export const NAME_NEW: u32 = 0;
export const NAME_DUPLICATE: u32 = 1;
export const NAME_CROWDED: u32 = 2;

/** As in src/kernel/typescript/name-table.ts: a record made to collide is refused instead of costing quadratic time. */
const MAX_PROBES: u32 = 512;
const FIRST_MASK: u32 = 255;
const LAST_OBJECT: u32 = 0x3fffffff;

let rows: usize = 0;
let mask: u32 = 0;
let first: u32 = 1;
let next: u32 = 1;
let used: u32 = 0;

function tableSize(): usize {
  return (nameTableRows as usize) << 4;
}

/**
 * Forgets all names: the start of a record. A row is 16 bytes: object, hash, address and size of the name; rows of earlier records
 * have a smaller object number and count as free, so nothing is cleared between records.
 */
export function beginNames(): void {
  if (next > LAST_OBJECT) {
    memory.fill(nameTables, 0, 2 * tableSize());
    next = 1;
  }
  rows = nameTables;
  mask = FIRST_MASK;
  first = next;
  used = 0;
}

/** A number for an object that opens. */
export function openObject(): u32 {
  return next++;
}

/** Adds the name at `start`, which stays there until the record ends, to an object. */
export function addName(object: u32, start: usize, size: usize, hash: u32): u32 {
  let at = firstSlot(hash, object) & mask;
  for (let probe: u32 = 0; probe < MAX_PROBES; probe++) {
    const row = rows + ((at as usize) << 4);
    const owner = load<u32>(row);
    if (owner < first) {
      store<u32>(row, object);
      store<u32>(row, hash, 4);
      store<u32>(row, start as u32, 8);
      store<u32>(row, size as u32, 12);
      if (++used * 2 > mask) growTable();
      return NAME_NEW;
    }
    if (owner === object && load<u32>(row, 4) === hash && (load<u32>(row, 12) as usize) === size) {
      if (isSame(load<u32>(row, 8), start, size)) return NAME_DUPLICATE;
    }
    at = (at + 1) & mask;
  }
  return NAME_CROWDED;
}

/** Moves the rows into the other table, at twice the size. */
function growTable(): void {
  const old = rows;
  const oldEnd = old + (((mask as usize) + 1) << 4);
  rows = old === nameTables ? nameTables + tableSize() : nameTables;
  mask = mask * 2 + 1;
  memory.fill(rows, 0, ((mask as usize) + 1) << 4);
  for (let row = old; row < oldEnd; row += 16) {
    if (load<u32>(row) < first) continue;
    let at = firstSlot(load<u32>(row, 4), load<u32>(row)) & mask;
    while (load<u32>(rows + ((at as usize) << 4)) !== 0) at = (at + 1) & mask;
    v128.store(rows + ((at as usize) << 4), v128.load(row));
  }
}
