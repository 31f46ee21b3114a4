import { grown, textOf } from '../../core/bytes.js';
import type { ByteSink } from '../kind.js';

/** A plain growing `ByteSink`. */
export class ByteBuffer implements ByteSink {
  bytes: Uint8Array;
  length = 0;

  constructor(capacity = 256) {
    this.bytes = new Uint8Array(capacity);
  }

  reserve(size: number): number {
    if (this.length + size > this.bytes.length) this.bytes = grown(this.bytes, this.length + size);
    return this.length;
  }

  /** What was appended, as text. Throws TypeError when it is not UTF-8. */
  text(): string {
    return textOf(this.bytes, 0, this.length);
  }
}
