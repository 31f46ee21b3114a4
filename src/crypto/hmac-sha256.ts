import { createHash } from 'node:crypto';
import { viewOf } from '../core/bytes.js';
import type { Prf } from '../transform/context.js';
import { initialState, SHA256_BLOCK, SHA256_BYTES, Sha256Schedule } from './sha256.js';

/** Tags are truncated to the leftmost 128 bits (RFC 2104 section 5). */
const TAG = 16;
const IPAD = 0x36;
const OPAD = 0x5c;
/** Bytes at the end of the last block that hold the message length in bits (FIPS 180-4 5.1.1). */
const LENGTH_BYTES = 8;

/**
 * HMAC-SHA-256 (RFC 2104, FIPS 198-1) over a column of values. The states after the key's inner and outer pad blocks are computed
 * once, so a value of up to 55 bytes costs two compressions and no object.
 */
export class HmacSha256 implements Prf {
  readonly #schedule = new Sha256Schedule();
  /** State after K0 ⊕ ipad. */
  readonly #inner: Int32Array;
  /** State after K0 ⊕ opad. */
  readonly #outer: Int32Array;
  readonly #state = new Int32Array(SHA256_BYTES / 4);
  readonly #block = new Uint8Array(SHA256_BLOCK);
  readonly #view = new DataView(this.#block.buffer);

  /** Any length; keys over 64 bytes are hashed first (RFC 2104 section 2). The product uses 32 bytes. Copies nothing of the key. */
  constructor(key: Uint8Array) {
    const short = key.length > SHA256_BLOCK ? createHash('sha256').update(key).digest() : key;
    this.#inner = this.#padState(short, IPAD);
    this.#outer = this.#padState(short, OPAD);
    if (short !== key) short.fill(0);
  }

  /** Writes the first 16 bytes of the MAC of `bytes[starts[i] .. ends[i])` into `tags[16 i ..]`, for every i below `count`. */
  evaluate(bytes: Uint8Array, starts: Uint32Array, ends: Uint32Array, count: number, tags: Uint8Array): void {
    const source = viewOf(bytes);
    const target = viewOf(tags);
    for (let row = 0; row < count; row++) {
      this.#mac(source, starts[row] ?? 0, ends[row] ?? 0);
      for (let k = 0; k < TAG; k += 4) target.setInt32(row * TAG + k, this.#state[k >> 2] ?? 0, false);
    }
  }

  /** The whole 32-byte MAC of one byte string. */
  tag(message: Uint8Array): Uint8Array {
    this.#mac(viewOf(message), 0, message.length);
    const tag = new DataView(new ArrayBuffer(SHA256_BYTES));
    this.#state.forEach((word, k) => void tag.setInt32(4 * k, word, false));
    return new Uint8Array(tag.buffer);
  }

  /** Overwrites everything derived from the key or the values. The object cannot be used again. */
  close(): void {
    this.#schedule.wipe();
    for (const words of [this.#inner, this.#outer, this.#state]) words.fill(0);
    this.#block.fill(0);
  }

  #padState(key: Uint8Array, pad: number): Int32Array {
    this.#block.fill(pad);
    key.forEach((byte, k) => {
      this.#block[k] = byte ^ pad;
    });
    const state = initialState();
    this.#schedule.compress(this.#view, 0, state, state);
    this.#block.fill(0);
    return state;
  }

  /** H(K0 ⊕ opad ‖ H(K0 ⊕ ipad ‖ text)) into `#state`. */
  #mac(source: DataView, start: number, end: number): void {
    const state = this.#state;
    let from = this.#inner;
    let at = start;
    for (; end - at >= SHA256_BLOCK; at += SHA256_BLOCK) {
      this.#schedule.compress(source, at, from, state);
      from = state;
    }
    for (let k = at; k < end; k++) this.#block[k - at] = source.getUint8(k);
    this.#finish(from, end - at, SHA256_BLOCK + end - start);
    for (let k = 0; k < state.length; k++) this.#view.setInt32(4 * k, state[k] ?? 0, false);
    this.#finish(this.#outer, SHA256_BYTES, SHA256_BLOCK + SHA256_BYTES);
  }

  /** Pads the `used` bytes of the block (FIPS 180-4 5.1.1) for a message of `total` bytes and compresses into `#state`. */
  #finish(from: Int32Array, used: number, total: number): void {
    const block = this.#block;
    let state = from;
    block[used] = 0x80;
    block.fill(0, used + 1);
    if (used + 1 + LENGTH_BYTES > SHA256_BLOCK) {
      this.#schedule.compress(this.#view, 0, state, this.#state);
      state = this.#state;
      block.fill(0);
    }
    this.#view.setUint32(SHA256_BLOCK - 8, Math.floor(total / 2 ** 29), false);
    this.#view.setUint32(SHA256_BLOCK - 4, (total << 3) >>> 0, false);
    this.#schedule.compress(this.#view, 0, state, this.#state);
  }
}
