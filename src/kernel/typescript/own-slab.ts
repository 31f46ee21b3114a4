/** The slab of a kernel in plain TypeScript: bytes of its own, reused from batch to batch. */
export class OwnSlab {
  #bytes = new Uint8Array(0);

  /** At least `size` bytes to lay records into. */
  slab(size: number): Uint8Array {
    if (size > this.#bytes.length) this.#bytes = new Uint8Array(size);
    return this.#bytes;
  }

  /** Overwrites the last batch. */
  wipe(): void {
    this.#bytes.fill(0);
  }
}
