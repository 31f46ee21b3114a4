import { viewOf } from '../core/bytes.js';
import { VeilError } from '../core/errors.js';
import type { DecimalFpe } from '../transform/context.js';
import { sumBlocks } from './blocks.js';
import { BLOCK, BulkEcb } from './bulk-ecb.js';
import { type Ff1Halves, halvesFor } from './ff1-halves.js';

const ROUNDS = 10;
/** Values whose rounds run together. */
const LANES = 1024;
/** A smaller domain could be tried out completely (SP 800-38G Rev. 1, section 5.1: radix^minlen >= 10^6). */
const DOMAIN_MIN = 1_000_000;
/** Longer numeral strings are no identifiers. */
const LENGTH_MAX = 1024;

/** Everything that depends on the length of the numeral strings and not on their values. */
interface LengthPlan {
  /** b: bytes of NUM(B) (step 3). */
  readonly b: number;
  /** d: bytes of S (step 4). */
  readonly d: number;
  /** CBC-MAC state after P and those blocks of Q that are the same in every round. */
  readonly state: Uint8Array;
  /** The other blocks of Q, with [i] and NUM(B) still zero. */
  readonly tail: Uint8Array;
  readonly halves: Ff1Halves;
}

/**
 * FF1 (NIST SP 800-38G, algorithms 7 and 8) over a column of numeral strings of one length, in place; a numeral is a byte
 * 0 .. radix - 1. Each of the ten rounds runs over all values with one bulk call of the block cipher. The product uses radix 10,
 * keys of 32 bytes and no tweak: the key is already separated by domain, epoch and kind.
 */
export class Ff1 implements DecimalFpe {
  readonly #ecb: BulkEcb;
  readonly #radix: number;
  readonly #tweak: Uint8Array;
  readonly #plans = new Map<number, LengthPlan>();
  readonly #blocks = new Uint8Array(LANES * BLOCK);
  #rows = new Uint8Array(0);

  /** Throws INTERNAL for a radix outside 2 .. 64 or a key that AES does not have. */
  constructor(key: Uint8Array, radix = 10, tweak: Uint8Array = new Uint8Array(0)) {
    if (!Number.isInteger(radix) || radix < 2 || radix > 64) throw refused('a radix of 2 to 64');
    this.#ecb = new BulkEcb(key);
    this.#radix = radix;
    this.#tweak = new Uint8Array(tweak);
  }

  /** FF1.Encrypt. Throws INTERNAL when radix^length < 10^6, for more than 1024 numerals, and for a numeral outside the radix. */
  encrypt(numerals: Uint8Array, length: number, count: number): void {
    this.#run(numerals, length, count, 1);
  }

  /** FF1.Decrypt. Throws as `encrypt`. */
  decrypt(numerals: Uint8Array, length: number, count: number): void {
    this.#run(numerals, length, count, -1);
  }

  /** Overwrites everything derived from the key or the values. The object cannot be used again. */
  close(): void {
    this.#ecb.close();
    for (const plan of this.#plans.values()) plan.state.fill(0);
    this.#plans.clear();
    this.#blocks.fill(0);
    this.#rows.fill(0);
  }

  #run(numerals: Uint8Array, length: number, count: number, sign: 1 | -1): void {
    const plan = this.#planFor(length);
    const radix = this.#radix;
    for (let k = 0; k < length * count; k++) {
      if ((numerals[k] ?? radix) >= radix) throw refused('numerals below the radix');
    }
    for (let from = 0; from < count; from += LANES) {
      const lanes = Math.min(LANES, count - from);
      this.#layOutTails(plan, lanes);
      plan.halves.load(numerals, from * length, lanes);
      for (let k = 0; k < ROUNDS; k++) this.#round(plan, lanes, sign === 1 ? k : ROUNDS - 1 - k, sign);
      plan.halves.store(numerals, from * length, lanes);
    }
  }

  /**
   * Step 6 for round i: A, B = B, A + y. Decryption undoes it: A, B = B - y, A, where y is taken from A; so it exchanges first.
   */
  #round(plan: LengthPlan, lanes: number, i: number, sign: 1 | -1): void {
    const { halves, tail, b, d } = plan;
    if (sign === -1) halves.swap();
    // i. Q = T ‖ [0]^((-t-b-1) mod 16) ‖ [i]^1 ‖ [NUM(B)]^b
    const rows = viewOf(this.#rows);
    for (let lane = 0, end = tail.length; lane < lanes; lane++, end += tail.length) rows.setUint8(end - b - 1, i);
    halves.writeRight(lanes, rows, tail.length, b);
    const r = this.#mac(plan, lanes);
    const s = this.#expand(r, lanes, d);
    halves.addToLeft(lanes, viewOf(s), s.length / lanes, d, i, sign);
    if (sign === 1) halves.swap();
  }

  /** ii. R = PRF(P ‖ Q) (algorithm 6, a CBC-MAC): what is left of it after `plan.state`. */
  #mac(plan: LengthPlan, lanes: number): Uint8Array {
    const rows = viewOf(this.#rows);
    const blocks = viewOf(this.#blocks);
    const stride = plan.tail.length;
    let states = viewOf(plan.state);
    let step = 0;
    let r: Uint8Array = plan.state;
    for (let offset = 0; offset < stride; offset += BLOCK) {
      for (let lane = 0, p = 0, at = offset, s = 0; lane < lanes; lane++, p += BLOCK, at += stride, s += step) {
        sumBlocks(rows, at, states, s, blocks, p);
      }
      r = this.#ecb.encrypt(this.#blocks.subarray(0, lanes * BLOCK));
      states = viewOf(r);
      step = BLOCK;
    }
    return r;
  }

  /** iii. S = the first d bytes of R ‖ CIPH_K(R ⊕ [1]^16) ‖ CIPH_K(R ⊕ [2]^16) ‖ …, in rows of whole blocks. */
  #expand(r: Uint8Array, lanes: number, d: number): Uint8Array {
    const blocksOfS = Math.ceil(d / BLOCK);
    if (blocksOfS === 1) return r;
    const s = new Uint8Array(lanes * blocksOfS * BLOCK);
    for (let j = 0; j < blocksOfS; j++) {
      const input = r.slice();
      const view = viewOf(input);
      for (let p = BLOCK - 4; p < input.length; p += BLOCK) view.setUint32(p, view.getUint32(p, false) ^ j, false);
      const piece = j === 0 ? r : this.#ecb.encrypt(input);
      for (let lane = 0; lane < lanes; lane++) {
        s.set(piece.subarray(lane * BLOCK, (lane + 1) * BLOCK), (lane * blocksOfS + j) * BLOCK);
      }
    }
    return s;
  }

  #layOutTails(plan: LengthPlan, lanes: number): void {
    const stride = plan.tail.length;
    if (this.#rows.length < lanes * stride) this.#rows = new Uint8Array(LANES * stride);
    for (let lane = 0; lane < lanes; lane++) this.#rows.set(plan.tail, lane * stride);
  }

  #planFor(length: number): LengthPlan {
    let plan = this.#plans.get(length);
    if (plan === undefined) {
      plan = this.#makePlan(length);
      this.#plans.set(length, plan);
    }
    return plan;
  }

  /** Steps 1 to 5, and the constant part of step 6. */
  #makePlan(n: number): LengthPlan {
    if (!Number.isInteger(n) || n < 2 || n > LENGTH_MAX || this.#radix ** n < DOMAIN_MIN) {
      throw refused(`numeral strings with at least 10^6 values and at most ${LENGTH_MAX} numerals`);
    }
    // 1. u = floor(n/2), v = n - u
    const u = Math.floor(n / 2);
    const v = n - u;
    // 3. b = ceil(ceil(v · LOG2(radix)) / 8): the bytes of radix^v - 1, without floating point
    const b = Math.ceil((BigInt(this.#radix) ** BigInt(v) - 1n).toString(2).length / 8);
    // 4. d = 4 · ceil(b/4) + 4
    const d = 4 * Math.ceil(b / 4) + 4;
    // 5. P = [1]^1 ‖ [2]^1 ‖ [1]^1 ‖ [radix]^3 ‖ [10]^1 ‖ [u mod 256]^1 ‖ [n]^4 ‖ [t]^4
    const p = Uint8Array.of(1, 2, 1, 0, 0, this.#radix, ROUNDS, u % 256, 0, 0, 0, 0, 0, 0, 0, 0);
    viewOf(p).setUint32(8, n, false);
    viewOf(p).setUint32(12, this.#tweak.length, false);
    const q = new Uint8Array(Math.ceil((this.#tweak.length + b + 1) / BLOCK) * BLOCK);
    q.set(this.#tweak);
    const changes = Math.floor((q.length - b - 1) / BLOCK) * BLOCK;
    let state = this.#ecb.encrypt(p);
    for (let at = 0; at < changes; at += BLOCK) {
      state = this.#ecb.encrypt(Uint8Array.from(state, (byte, k) => byte ^ (q[at + k] ?? 0)));
    }
    return { b, d, state, tail: q.slice(changes), halves: halvesFor(this.#radix, u, v, LANES) };
  }
}

function refused(expected: string): VeilError {
  return new VeilError('INTERNAL', { where: 'FF1', expected });
}
