import { grown } from '../core/bytes.js';
import type { RecordBatch } from '../kernel/kernel.js';
import type { ByteSink } from '../kinds/kind.js';

/**
 * Appends canonical and normal forms behind the records in the batch's own slab, so that every byte of a batch can be named by
 * one number. Old `bytes` stay readable after a growth: only the room behind `length` is ever written.
 */
export class SlabSink implements ByteSink {
  #batch: RecordBatch;
  length: number;

  constructor(batch: RecordBatch, used: number) {
    this.#batch = batch;
    this.length = used;
  }

  get bytes(): Uint8Array {
    return this.#batch.slab;
  }

  reserve(size: number): number {
    if (this.length + size > this.#batch.slab.length) this.#batch.slab = grown(this.#batch.slab, this.length + size);
    return this.length;
  }
}
