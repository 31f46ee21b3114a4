import { viewOf } from '../core/bytes.js';
import type { Prf } from '../transform/context.js';
import { copyBlock, sumBlocks } from './blocks.js';
import { BLOCK, BulkEcb } from './bulk-ecb.js';
import { ChainedCbc } from './chained-cbc.js';
import { doubled } from './gf128.js';

/** Values in one round of bulk encryption: 32 KiB of blocks, which stay in the first caches. */
const LANES = 2048;
/** Longer values are chained alone: from about 16 blocks on, a call of their own costs less than their share of every layer. */
const LONG_BYTES = 16 * BLOCK;
/** Bytes of a long value in one call. */
const SCRATCH = 16 * 1024;

/**
 * AES-CMAC (NIST SP 800-38B, RFC 4493) over a column of values, layer by layer: the first block of every value in one call of the
 * block cipher, then the second block of every value that has one, and so on. The tag is the whole block (Tlen = 128).
 */
export class Cmac implements Prf {
  readonly #ecb: BulkEcb;
  readonly #cbc: ChainedCbc;
  /** Subkeys K1 and K2 (SP 800-38B 6.1). */
  readonly #k1: DataView;
  readonly #k2: DataView;
  readonly #blocks = new Uint8Array(LANES * BLOCK);
  readonly #blockView = viewOf(this.#blocks);
  readonly #states = new Uint8Array(LANES * BLOCK);
  readonly #stateView = viewOf(this.#states);
  /** Lanes that still have blocks, as indices of the current round. */
  readonly #active = new Uint32Array(LANES);
  readonly #scratch = new Uint8Array(SCRATCH + BLOCK);

  /** 32 bytes in the product; 16 and 24 for published vectors. OpenSSL copies the key. */
  constructor(key: Uint8Array) {
    this.#ecb = new BulkEcb(key);
    this.#cbc = new ChainedCbc(key);
    // SP 800-38B 6.1: L = CIPH_K(0^128); K1 = L·x; K2 = K1·x
    const k1 = doubled(this.#ecb.encrypt(new Uint8Array(BLOCK)));
    this.#k1 = viewOf(k1);
    this.#k2 = viewOf(doubled(k1));
  }

  /** Writes the tag of `bytes[starts[i] .. ends[i])` into `tags[16 i ..]`, for every i below `count`. */
  evaluate(bytes: Uint8Array, starts: Uint32Array, ends: Uint32Array, count: number, tags: Uint8Array): void {
    const source = viewOf(bytes);
    for (let from = 0; from < count; from += LANES) {
      const lanes = Math.min(LANES, count - from);
      let active = this.#begin(bytes, starts, ends, from, lanes);
      for (let offset = 0; active > 0; offset += BLOCK) {
        this.#gather(source, starts, ends, from, active, offset);
        active = this.#encrypt(starts, ends, from, active, offset);
      }
      tags.set(this.#states.subarray(0, lanes * BLOCK), from * BLOCK);
    }
  }

  /** The tag of one byte string. */
  tag(message: Uint8Array): Uint8Array {
    const tag = new Uint8Array(BLOCK);
    this.evaluate(message, Uint32Array.of(0), Uint32Array.of(message.length), 1, tag);
    return tag;
  }

  /** Overwrites everything derived from the key or the values. The object cannot be used again. */
  close(): void {
    this.#ecb.close();
    this.#cbc.close();
    for (const view of [this.#k1, this.#k2]) new Uint8Array(view.buffer).fill(0);
    for (const arena of [this.#blocks, this.#states, this.#scratch]) arena.fill(0);
  }

  /** C_0 = 0^128 for every lane (6.2, step 5). Long values are finished here; returns how many are left for the layers. */
  #begin(bytes: Uint8Array, starts: Uint32Array, ends: Uint32Array, from: number, lanes: number): number {
    this.#states.fill(0, 0, lanes * BLOCK);
    let active = 0;
    for (let lane = 0; lane < lanes; lane++) {
      const start = starts[from + lane] ?? 0;
      const end = ends[from + lane] ?? 0;
      if (end - start > LONG_BYTES) this.#states.set(this.#chainAlone(bytes, start, end), lane * BLOCK);
      else this.#active[active++] = lane;
    }
    return active;
  }

  /** Step 6, its input: block M_i (the last one as M_n of step 4) combined with C_(i-1), for every active lane. */
  #gather(
    source: DataView,
    starts: Uint32Array,
    ends: Uint32Array,
    from: number,
    active: number,
    offset: number,
  ): void {
    const blocks = this.#blockView;
    const states = this.#stateView;
    const lanes = this.#active;
    const k1 = this.#k1;
    const k2 = this.#k2;
    for (let q = 0, p = 0; q < active; q++, p += BLOCK) {
      const lane = lanes[q] ?? 0;
      const at = (starts[from + lane] ?? 0) + offset;
      const left = (ends[from + lane] ?? 0) - at;
      if (left > BLOCK) {
        sumBlocks(source, at, states, lane * BLOCK, blocks, p);
      } else {
        copyLast(source, at, left, blocks, p);
        sumBlocks(blocks, p, left === BLOCK ? k1 : k2, 0, blocks, p);
        if (offset > 0) sumBlocks(blocks, p, states, lane * BLOCK, blocks, p);
      }
    }
  }

  /** Step 6: C_i = CIPH_K(C_(i-1) ⊕ M_i) for all active lanes at once. Returns how many lanes have a block after this one. */
  #encrypt(starts: Uint32Array, ends: Uint32Array, from: number, active: number, offset: number): number {
    const out = viewOf(this.#ecb.encrypt(this.#blocks.subarray(0, active * BLOCK)));
    const states = this.#stateView;
    const lanes = this.#active;
    let next = 0;
    for (let q = 0, p = 0; q < active; q++, p += BLOCK) {
      const lane = lanes[q] ?? 0;
      copyBlock(out, p, states, lane * BLOCK);
      if ((ends[from + lane] ?? 0) - (starts[from + lane] ?? 0) > offset + BLOCK) lanes[next++] = lane;
    }
    return next;
  }

  /** Steps 4 to 6 for one long value: all of it in a few calls of CBC. Returns its tag. */
  #chainAlone(bytes: Uint8Array, start: number, end: number): Uint8Array {
    let last: Uint8Array = this.#scratch.subarray(0, 0);
    for (let at = start; at < end; at += SCRATCH) {
      const size = Math.min(SCRATCH, end - at);
      this.#scratch.set(bytes.subarray(at, at + size));
      let used = size;
      if (at + size === end) used = this.#finish(size);
      const piece = this.#scratch.subarray(0, used);
      if (at === start) this.#cbc.restart(piece);
      last = this.#cbc.advance(piece);
    }
    return last;
  }

  /** Step 4 for a message that ends at `size` (at least 1) in the scratch. Returns where its last block ends. */
  #finish(size: number): number {
    const scratch = viewOf(this.#scratch);
    const left = ((size - 1) % BLOCK) + 1;
    const block = size - left;
    copyLast(scratch, block, left, scratch, block);
    const subkey = left === BLOCK ? this.#k1 : this.#k2;
    sumBlocks(scratch, block, subkey, 0, scratch, block);
    return block + BLOCK;
  }
}

/** The last block of a message, M_n* ‖ 10^j when it is not complete (SP 800-38B 6.2, step 4), `left` <= 16 bytes of `source`. */
function copyLast(source: DataView, at: number, left: number, target: DataView, to: number): void {
  if (left === BLOCK) {
    copyBlock(source, at, target, to);
    return;
  }
  for (let k = 0; k < left; k++) target.setUint8(to + k, source.getUint8(at + k));
  target.setUint8(to + left, 0x80);
  for (let k = left + 1; k < BLOCK; k++) target.setUint8(to + k, 0);
}
