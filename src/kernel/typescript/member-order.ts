import { grown } from '../../core/bytes.js';

const QUOTE = 0x22;
/** Members remembered for each node. */
export const MAX_ORDER = 64;
/** How often the order of a node is learned anew before it is left as it is: shuffled records must not pay for learning. */
const MAX_LEARNED = 16;
const STRIDE = 5;

/**
 * The order in which members came in the last objects at each trie node. Producers write members in one order, so the next name
 * is mostly known: one comparison of bytes then stands for hashing it, looking it up, and looking for a duplicate (the names of
 * an order are distinct).
 */
export class MemberOrder {
  /** Rows by node and position: start and size in `bytes`, hash, child node, entry in the unlisted names. */
  readonly #rows: Int32Array;
  readonly #count: Uint8Array;
  readonly #learned: Uint8Array;
  #bytes: Uint8Array = new Uint8Array(1024);
  #used = 0;

  constructor(nodes: number) {
    this.#rows = new Int32Array(nodes * MAX_ORDER * STRIDE);
    this.#count = new Uint8Array(nodes);
    this.#learned = new Uint8Array(nodes);
  }

  /** Names of all orders; `start` and `size` refer to it. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Position of the closing quote when the name at `slab[at ..]` is the one expected at `position`, or -1. */
  match(node: number, position: number, slab: Uint8Array, at: number, end: number): number {
    if (position >= (this.#count[node] ?? 0)) return -1;
    const bytes = this.#bytes;
    const row = (node * MAX_ORDER + position) * STRIDE;
    const start = this.#rows[row] ?? 0;
    const size = this.#rows[row + 1] ?? 0;
    const close = at + size;
    if (close >= end || slab[close] !== QUOTE) return -1;
    for (let k = 0; k < size; k++) if (slab[at + k] !== bytes[start + k]) return -1;
    return close;
  }

  start(node: number, position: number): number {
    return this.#rows[(node * MAX_ORDER + position) * STRIDE] ?? 0;
  }

  size(node: number, position: number): number {
    return this.#rows[(node * MAX_ORDER + position) * STRIDE + 1] ?? 0;
  }

  hash(node: number, position: number): number {
    return this.#rows[(node * MAX_ORDER + position) * STRIDE + 2] ?? 0;
  }

  child(node: number, position: number): number {
    return this.#rows[(node * MAX_ORDER + position) * STRIDE + 3] ?? 0;
  }

  unlisted(node: number, position: number): number {
    return this.#rows[(node * MAX_ORDER + position) * STRIDE + 4] ?? 0;
  }

  /** True when an order may be learned anew from here on; each yes is counted. */
  mayLearn(node: number): boolean {
    const learned = this.#learned[node] ?? 0;
    this.#learned[node] = Math.min(learned + 1, MAX_LEARNED);
    return learned < MAX_LEARNED;
  }

  /** The member at `position` is `name[start .. end)`, plain text without escapes; what was known behind it is forgotten. */
  learn(node: number, position: number, name: Uint8Array, start: number, end: number, row: LearnedRow): void {
    const size = end - start;
    if (this.#used + size > this.#bytes.length) this.#bytes = grown(this.#bytes, this.#used + size);
    this.#bytes.set(name.subarray(start, end), this.#used);
    this.#rows.set([this.#used, size, row.hash, row.child, row.unlisted], (node * MAX_ORDER + position) * STRIDE);
    this.#used += size;
    this.#count[node] = position + 1;
  }
}

/** What is known about a learned name. */
export interface LearnedRow {
  readonly hash: number;
  readonly child: number;
  readonly unlisted: number;
}
