import { grown, utf8, viewOf } from '../../core/bytes.js';
import { Shape } from '../../core/token.js';
import type { Assembled, RecordBatch, SpanResults } from '../kernel.js';
import { Op, type SpanTable } from '../span-table.js';
import { escapeJson } from './json-text.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const NULL = viewOf(utf8('null'));
const NONE = new Uint8Array(0);
const WORD = 4;

/** Below this a loop over words is faster than making a view for `set` (measured on Node 20). */
const SHORT = 64;

/** Rebuilds JSON records from their ops; commas are written here, so what is left out leaves no trace. */
export class JsonAssembler {
  #to: Uint8Array = NONE;
  #toView = viewOf(NONE);
  // What is copied from: the batch, bytes of the scanner's own, results of the transforms.
  #slab = viewOf(NONE);
  #extra = viewOf(NONE);
  #results = viewOf(NONE);
  #at = 0;
  /** A value stands before in the innermost container. */
  #comma = false;
  // The name that waits for its value; empty when there is none.
  #names = viewOf(NONE);
  #nameStart = 0;
  #nameEnd = 0;

  /** Rebuilds each record r with `skip[r] === 0`. */
  assemble(batch: RecordBatch, table: SpanTable, results: SpanResults, skip: Uint8Array, out: Assembled): void {
    this.#to = out.bytes;
    this.#toView = viewOf(out.bytes);
    this.#at = 0;
    this.#slab = viewOf(batch.slab);
    this.#extra = viewOf(table.extra);
    this.#results = viewOf(results.bytes);
    for (let r = 0; r < batch.count; r++) {
      out.starts[r] = this.#at;
      if (skip[r] === 0) this.#record(table, results, table.opStart[r] ?? 0, table.opStart[r + 1] ?? 0);
      out.ends[r] = this.#at;
    }
    out.bytes = this.#to;
    out.length = this.#at;
  }

  #record(table: SpanTable, results: SpanResults, from: number, to: number): void {
    const { op, a, b } = table;
    this.#comma = false;
    this.#nameEnd = 0;
    for (let i = from; i < to; i++) {
      const first = a[i] ?? 0;
      const second = b[i] ?? 0;
      switch (op[i] ?? 0) {
        case Op.COPY:
          this.#before(second - first);
          this.#copy(this.#slab, first, second);
          break;
        case Op.NAME:
          this.#name(this.#slab, first, second);
          break;
        case Op.EXTRA_NAME:
          this.#name(this.#extra, first, second);
          break;
        case Op.SPLICE:
          this.#splice(results, first);
          break;
        case Op.OPEN:
          this.#before(1);
          this.#to[this.#at++] = first === 1 ? 0x5b : 0x7b;
          this.#comma = false;
          break;
        case Op.CLOSE:
          this.#reserve(1);
          this.#to[this.#at++] = first === 1 ? 0x5d : 0x7d;
          this.#comma = true;
          break;
      }
    }
  }

  #name(bytes: DataView, start: number, end: number): void {
    this.#names = bytes;
    this.#nameStart = start;
    this.#nameEnd = end;
  }

  /** Writes what stands before a value of at most `size` bytes, comma and name, and makes room for it. */
  #before(size: number): void {
    const nameSize = this.#nameEnd === 0 ? 0 : this.#nameEnd - this.#nameStart;
    this.#reserve(size + nameSize + 2);
    if (this.#comma) this.#to[this.#at++] = COMMA;
    this.#comma = true;
    if (nameSize === 0) return;
    this.#copy(this.#names, this.#nameStart, this.#nameEnd);
    this.#to[this.#at++] = COLON;
    this.#nameEnd = 0;
  }

  #splice(results: SpanResults, span: number): void {
    const start = results.starts[span] ?? 0;
    const end = results.ends[span] ?? 0;
    switch (results.shapes[span]) {
      case Shape.TEXT:
        this.#before(6 * (end - start) + 2);
        this.#to[this.#at++] = QUOTE;
        this.#at = escapeJson(results.bytes, start, end, this.#to, this.#at);
        this.#to[this.#at++] = QUOTE;
        break;
      case Shape.PLAIN:
        this.#before(end - start + 2);
        this.#to[this.#at++] = QUOTE;
        this.#copy(this.#results, start, end);
        this.#to[this.#at++] = QUOTE;
        break;
      case Shape.NUMBER:
      case Shape.RAW:
        this.#before(end - start);
        this.#copy(this.#results, start, end);
        break;
      case Shape.NULL:
        this.#before(NULL.byteLength);
        this.#copy(NULL, 0, NULL.byteLength);
        break;
      default:
        // OMIT, and anything that is not a result: the member is left out.
        this.#nameEnd = 0;
    }
  }

  #copy(from: DataView, start: number, end: number): void {
    let at = this.#at;
    if (end - start < SHORT) {
      const to = this.#toView;
      let k = start;
      for (; k + WORD <= end; k += WORD, at += WORD) to.setInt32(at, from.getInt32(k));
      for (; k < end; k++) to.setUint8(at++, from.getUint8(k));
    } else {
      this.#to.set(new Uint8Array(from.buffer, from.byteOffset + start, end - start), at);
      at += end - start;
    }
    this.#at = at;
  }

  #reserve(size: number): void {
    if (this.#at + size <= this.#to.length) return;
    this.#to = grown(this.#to, this.#at + size);
    this.#toView = viewOf(this.#to);
  }
}
