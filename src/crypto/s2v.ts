import { grown } from '../core/bytes.js';
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
    let used = 0;
    for (let row = 0; row < count; row++) {
      this.#starts[row] = used;
      used = this.#combine(plain.bytes, plain.starts[row] ?? 0, plain.ends[row] ?? 0, row * BLOCK, used);
      this.#ends[row] = used;
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
    const d = new DataView(this.#d.buffer);
    const step = nonces === undefined ? this.#fixed : this.#next;
    const words = new DataView(step.buffer, step.byteOffset, BLOCK);
    if (nonces === undefined) this.#d.fill(0, 0, count * BLOCK);
    else this.#cmac.evaluate(nonces.bytes, nonces.starts, nonces.ends, count, this.#d);
    for (let p = 0; p < count * BLOCK; p += 4)
      d.setInt32(p, d.getInt32(p, true) ^ words.getInt32(p % BLOCK, true), true);
  }

  /** T of one row at `to`: Sn xorend D when len(Sn) >= 128, else dbl(D) xor pad(Sn). Returns where it ends. */
  #combine(plain: Uint8Array, start: number, end: number, d: number, to: number): number {
    const t = this.#t;
    const size = end - start;
    if (size >= BLOCK) {
      for (let k = 0; k < size - BLOCK; k++) t[to + k] = plain[start + k] ?? 0;
      for (let k = 0; k < BLOCK; k++) t[to + size - BLOCK + k] = (plain[end - BLOCK + k] ?? 0) ^ (this.#d[d + k] ?? 0);
      return to + size;
    }
    // dbl(D), byte by byte, as in gf128.ts but without an object per row
    const carry = -((this.#d[d] ?? 0) >>> 7) & 0x87;
    for (let k = 0; k < BLOCK; k++) {
      const low = k < BLOCK - 1 ? (this.#d[d + k + 1] ?? 0) >>> 7 : carry;
      const byte = ((this.#d[d + k] ?? 0) << 1) ^ low;
      t[to + k] = k < size ? byte ^ (plain[start + k] ?? 0) : k === size ? byte ^ 0x80 : byte;
    }
    return to + BLOCK;
  }
}
