/**
 * A repeatable sequence of numbers for generated data: mulberry32 (Tommy Ettinger, public domain) started from a seed and a
 * number of the record, so that any record can be made without the ones before it. Not for keys.
 */
export class SeededNumbers {
  #state: number;

  constructor(seed: number, stream: number) {
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(stream + 1, 0xc2b2ae35);
    this.next();
  }

  /** The next 32-bit number. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** A number in [0, bound). */
  below(bound: number): number {
    return Math.floor((this.next() / 0x1_0000_0000) * bound);
  }

  /** One of the entries. */
  pick<T>(entries: readonly T[]): T {
    const entry = entries[this.below(entries.length)];
    if (entry === undefined) throw new Error('nothing to pick from');
    return entry;
  }
}
