import { timingSafeEqual } from 'node:crypto';
import { viewOf } from '../core/bytes.js';
import { VeilError } from '../core/errors.js';
import { copyBlock } from './blocks.js';
import { BLOCK, BulkEcb } from './bulk-ecb.js';
import { type Rows, S2v } from './s2v.js';

/** Bytes of a synthetic IV. */
export const SIV_BYTES = 16;

/** Key stream blocks in one call of the block cipher. */
const STREAM_BLOCKS = 4096;

/**
 * AES-SIV (RFC 5297) over a column, in place. A row is `bytes[starts[i] .. ends[i])`: 16 bytes of synthetic IV, then the text.
 * Rows must not overlap. Associated data are the same for every row; a row may have a nonce, which is then the last component
 * before the plaintext (RFC 5297 section 3).
 */
export class AesSiv {
  readonly #s2v: S2v;
  readonly #ctr: BulkEcb;
  readonly #counters = new Uint8Array(STREAM_BLOCKS * BLOCK);
  #ivs = new Uint8Array(0);
  #textStarts = new Uint32Array(0);

  /** 64 bytes in the product (AES-256 twice); 32 and 48 for published vectors. OpenSSL copies the key. */
  constructor(key: Uint8Array, associatedData: readonly Uint8Array[]) {
    // 2.6: K1 = leftmost(K, len(K)/2), K2 = rightmost(K, len(K)/2)
    this.#s2v = new S2v(key.subarray(0, key.length / 2), associatedData);
    this.#ctr = new BulkEcb(key.subarray(key.length / 2));
  }

  /** Seals each row in place (2.6): reads the plaintext after 16 free bytes, leaves V ‖ C. */
  seal(rows: Rows, nonces: Rows | undefined, count: number): void {
    this.#synthesize(rows, nonces, count);
    const target = viewOf(rows.bytes);
    const ivs = viewOf(this.#ivs);
    for (let row = 0; row < count; row++) copyBlock(ivs, row * SIV_BYTES, target, rows.starts[row] ?? 0);
    this.#crypt(rows, count);
  }

  /**
   * Opens each row in place (2.7): V ‖ C becomes V ‖ P. `opened[i]` is 1 when the row is authentic; otherwise it is 0 and the
   * row is overwritten with zeros. Tags are compared in constant time. Throws INTERNAL for a row shorter than a synthetic IV.
   */
  open(rows: Rows, nonces: Rows | undefined, count: number, opened: Uint8Array): void {
    for (let row = 0; row < count; row++) {
      if ((rows.ends[row] ?? 0) - (rows.starts[row] ?? 0) >= SIV_BYTES) continue;
      throw new VeilError('INTERNAL', { where: 'AES-SIV', expected: 'at least 16 bytes of ciphertext' });
    }
    this.#crypt(rows, count);
    this.#synthesize(rows, nonces, count);
    for (let row = 0; row < count; row++) {
      const start = rows.starts[row] ?? 0;
      const expected = this.#ivs.subarray(row * SIV_BYTES, (row + 1) * SIV_BYTES);
      const authentic = timingSafeEqual(rows.bytes.subarray(start, start + SIV_BYTES), expected);
      opened[row] = authentic ? 1 : 0;
      if (!authentic) rows.bytes.fill(0, start, rows.ends[row]);
    }
  }

  /** Overwrites everything derived from the key or the values. The object cannot be used again. */
  close(): void {
    this.#s2v.close();
    this.#ctr.close();
    this.#counters.fill(0);
    this.#ivs.fill(0);
  }

  /** V = S2V(K1, AD_1, …, AD_n, [nonce,] P) of every row into `#ivs`. */
  #synthesize(rows: Rows, nonces: Rows | undefined, count: number): void {
    if (count > this.#textStarts.length) {
      this.#textStarts = new Uint32Array(count);
      this.#ivs = new Uint8Array(count * SIV_BYTES);
    }
    const starts = this.#textStarts;
    for (let row = 0; row < count; row++) starts[row] = (rows.starts[row] ?? 0) + SIV_BYTES;
    this.#s2v.evaluate({ bytes: rows.bytes, starts, ends: rows.ends }, nonces, count, this.#ivs);
  }

  /** CTR mode with K2 from Q = V and (1^64 ‖ 0 ‖ 1^31 ‖ 0 ‖ 1^31) (2.5) over every row, in place, as many rows per call as fit. */
  #crypt(rows: Rows, count: number): void {
    const source = viewOf(rows.bytes);
    const counters = viewOf(this.#counters);
    let row = 0;
    let done = 0;
    while (row < count) {
      const firstRow = row;
      const firstDone = done;
      let filled = 0;
      while (row < count && filled < STREAM_BLOCKS) {
        const start = rows.starts[row] ?? 0;
        const left = Math.ceil(((rows.ends[row] ?? 0) - start - SIV_BYTES) / BLOCK) - done;
        const now = Math.min(left, STREAM_BLOCKS - filled);
        writeCounters(source, start, done, now, counters, filled * BLOCK);
        filled += now;
        done = now === left ? 0 : done + now;
        if (done === 0) row++;
      }
      combine(rows, firstRow, firstDone, this.#ctr.encrypt(this.#counters.subarray(0, filled * BLOCK)));
    }
  }
}

/** Counter blocks `done .. done + now` of the row whose synthetic IV is at `start`. */
function writeCounters(source: DataView, start: number, done: number, now: number, target: DataView, to: number): void {
  // The lowest word starts below 2^31 and a text has fewer than 2^31 blocks: the count never leaves it.
  const low = (source.getInt32(start + 12, false) & 0x7fffffff) + done;
  const high = source.getInt32(start + 8, false) & 0x7fffffff;
  for (let k = 0, p = to; k < now; k++, p += BLOCK) {
    target.setInt32(p, source.getInt32(start, true), true);
    target.setInt32(p + 4, source.getInt32(start + 4, true), true);
    target.setInt32(p + 8, high, false);
    target.setInt32(p + 12, low + k, false);
  }
}

/** Adds the key stream to the texts, from block `firstDone` of `firstRow` on. */
function combine(rows: Rows, firstRow: number, firstDone: number, stream: Uint8Array): void {
  const { bytes, starts, ends } = rows;
  let done = firstDone;
  for (let row = firstRow, p = 0; p < stream.length; row++) {
    const from = (starts[row] ?? 0) + SIV_BYTES + done * BLOCK;
    const size = Math.min((ends[row] ?? 0) - from, stream.length - p);
    for (let k = 0; k < size; k++) bytes[from + k] = (bytes[from + k] ?? 0) ^ (stream[p + k] ?? 0);
    p += Math.ceil(size / BLOCK) * BLOCK;
    done = 0;
  }
}
