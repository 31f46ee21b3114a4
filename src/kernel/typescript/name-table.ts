import { grown } from '../../core/bytes.js';
import { firstSlot, sameBytes } from '../name-hash.js';

/** What `NameTable.add` found. */
export const Added = { NEW: 0, DUPLICATE: 1, CROWDED: 2 } as const;

/** Honest names at half load need a few probes; a record made to collide is refused instead of costing quadratic time. */
const MAX_PROBES = 512;
const STRIDE = 4;

/**
 * The member names of all open objects of a record, to find duplicates. Open addressing over rows of object, hash, place, size;
 * rows of earlier records count as free, so nothing is cleared between records.
 */
export class NameTable {
  #rows = new Int32Array(256 * STRIDE);
  #mask = 255;
  #first = 1;
  #next = 1;
  #used = 0;
  #slab: Uint8Array = new Uint8Array(0);
  /** Canonical bytes of names that were written with escapes. */
  unescaped: Uint8Array = new Uint8Array(256);
  unescapedLength = 0;

  /** Forgets all names: the start of a record of `slab`. */
  begin(slab: Uint8Array): void {
    this.#slab = slab;
    this.unescapedLength = 0;
    if (this.#next > 0x3fffffff) {
      this.#rows.fill(0);
      this.#next = 1;
    }
    this.#first = this.#next;
    this.#used = 0;
  }

  /** A number for an object that opens. */
  open(): number {
    return this.#next++;
  }

  /** Makes room for `size` bytes in `unescaped` and returns where to write; the caller then advances `unescapedLength`. */
  reserve(size: number): number {
    const at = this.unescapedLength;
    if (at + size > this.unescaped.length) this.unescaped = grown(this.unescaped, at + size);
    return at;
  }

  /**
   * Adds name `bytes[start .. end)` with its `hashName` to an object; `bytes` is the slab, or `unescaped` when the name was
   * written with escapes.
   */
  add(object: number, bytes: Uint8Array, start: number, end: number, hash: number): number {
    const rows = this.#rows;
    const mask = this.#mask;
    const first = this.#first;
    let row = firstSlot(hash, object) & mask;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const at = row << 2;
      const owner = rows[at] ?? 0;
      if (owner < first) {
        rows[at] = object;
        rows[at + 1] = hash;
        rows[at + 2] = bytes === this.#slab ? start : ~start;
        rows[at + 3] = end - start;
        if (++this.#used * 2 > mask) this.#grow();
        return Added.NEW;
      }
      if (owner === object && rows[at + 1] === hash) {
        const size = end - start;
        if (rows[at + 3] === size && this.#isAt(rows[at + 2] ?? 0, bytes, start, size)) return Added.DUPLICATE;
      }
      row = (row + 1) & mask;
    }
    return Added.CROWDED;
  }

  #isAt(place: number, bytes: Uint8Array, start: number, size: number): boolean {
    return place < 0
      ? sameBytes(bytes, start, this.unescaped, ~place, size)
      : sameBytes(bytes, start, this.#slab, place, size);
  }

  #grow(): void {
    const old = this.#rows;
    const rows = new Int32Array(old.length * 2);
    const mask = this.#mask * 2 + 1;
    for (let at = 0; at < old.length; at += STRIDE) {
      const owner = old[at] ?? 0;
      if (owner < this.#first) continue;
      let row = firstSlot(old[at + 1] ?? 0, owner) & mask;
      while (rows[row << 2] !== 0) row = (row + 1) & mask;
      rows.set(old.subarray(at, at + STRIDE), row << 2);
    }
    this.#rows = rows;
    this.#mask = mask;
  }
}
