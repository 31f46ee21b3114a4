import { grown, viewOf } from '../core/bytes.js';
import { sumBlocks } from './blocks.js';
import { BLOCK } from './bulk-ecb.js';
import { Cmac } from './cmac.js';
import { doubled, xorBlocks } from './gf128.js';

/** Rows of a byte arena: row i is `bytes[starts[i] .. ends[i])`. */
export interface Rows {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/**
 * S2V of RFC 5297 2.4 over a column: one vector per row, (AD_1, …, AD_n, [nonce of the row,] plaintext of the row). The associated
 * data are the same for every row, so their part of the chain is computed once.
 */
export class S2v {
  readonly #cmac: Cmac;
  /** dbl(D) after the fixed components: what the next component is combined with. */
  readonly #next: Uint8Array;
  /** D after the fixed components: what the plaintext is combined with when rows have no nonce. */
  readonly #fixed: Uint8Array;
  /** D of each row. */
  #d = new Uint8Array(0);
  /** T of each row, laid end to end. */
  #t = new Uint8Array(0);
  #starts = new Uint32Array(0);
  #ends = new Uint32Array(0);

  constructor(key: Uint8Array, associatedData: readonly Uint8Array[]) {
    this.#cmac = new Cmac(key);
    // D = AES-CMAC(K, <zero>); for each component: D = dbl(D) xor AES-CMAC(K, S_i)
    let d = this.#cmac.tag(new Uint8Array(BLOCK));
    for (const component of associatedData) d = xorBlocks(doubled(d), this.#cmac.tag(component));
    this.#fixed = d;
    this.#next = doubled(d);
  }

  /** Writes the synthetic IV of each of `count` rows into `ivs[16 i ..]`. */
  evaluate(plain: Rows, nonces: Rows | undefined, count: number, ivs: Uint8Array): void {
    this.#reserve(plain, count);
    this.#chains(nonces, count);
    const source = viewOf(plain.bytes);
    const t = viewOf(this.#t);
    const d = viewOf(this.#d);
    const starts = this.#starts;
    const ends = this.#ends;
    let used = 0;
    for (let row = 0; row < count; row++) {
      starts[row] = used;
      used = combine(source, plain.starts[row] ?? 0, plain.ends[row] ?? 0, d, row * BLOCK, t, used);
      ends[row] = used;
    }
    // return AES-CMAC(K, T)
    this.#cmac.evaluate(this.#t, this.#starts, this.#ends, count, ivs);
  }

  /** Overwrites everything derived from the key or the values. The object cannot be used again. */
  close(): void {
    this.#cmac.close();
    for (const arena of [this.#next, this.#fixed, this.#d, this.#t]) arena.fill(0);
  }

  #reserve(plain: Rows, count: number): void {
    let room = 0;
    for (let row = 0; row < count; row++) room += Math.max(BLOCK, (plain.ends[row] ?? 0) - (plain.starts[row] ?? 0));
    if (room > this.#t.length) this.#t = grown(this.#t, room);
    if (count <= this.#starts.length) return;
    this.#starts = new Uint32Array(count);
    this.#ends = new Uint32Array(count);
    this.#d = new Uint8Array(count * BLOCK);
  }

  /** D of each row before its plaintext: with a nonce, one more step of the chain, in bulk. */
  #chains(nonces: Rows | undefined, count: number): void {
    const d = viewOf(this.#d);
    const step = viewOf(nonces === undefined ? this.#fixed : this.#next);
    if (nonces === undefined) this.#d.fill(0, 0, count * BLOCK);
    else this.#cmac.evaluate(nonces.bytes, nonces.starts, nonces.ends, count, this.#d);
    for (let p = 0; p < count * BLOCK; p += BLOCK) sumBlocks(d, p, step, 0, d, p);
  }
}

/** T of one row at `to`: Sn xorend D when len(Sn) >= 128, else dbl(D) xor pad(Sn). Returns where it ends. */
function combine(
  plain: DataView,
  start: number,
  end: number,
  chain: DataView,
  d: number,
  t: DataView,
  to: number,
): number {
  const size = end - start;
  if (size >= BLOCK) {
    for (let k = 0; k < size - BLOCK; k++) t.setUint8(to + k, plain.getUint8(start + k));
    sumBlocks(plain, end - BLOCK, chain, d, t, to + size - BLOCK);
    return to + size;
  }
  // dbl(D) as in gf128.ts, but in words and without an object per row
  const w0 = chain.getInt32(d, false);
  const w1 = chain.getInt32(d + 4, false);
  const w2 = chain.getInt32(d + 8, false);
  const w3 = chain.getInt32(d + 12, false);
  t.setInt32(to, (w0 << 1) | (w1 >>> 31), false);
  t.setInt32(to + 4, (w1 << 1) | (w2 >>> 31), false);
  t.setInt32(to + 8, (w2 << 1) | (w3 >>> 31), false);
  t.setInt32(to + 12, (w3 << 1) ^ (-(w0 >>> 31) & 0x87), false);
  for (let k = 0; k < size; k++) t.setUint8(to + k, t.getUint8(to + k) ^ plain.getUint8(start + k));
  t.setUint8(to + size, t.getUint8(to + size) ^ 0x80);
  return to + BLOCK;
}
