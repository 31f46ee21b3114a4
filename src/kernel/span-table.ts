import { grown } from '../core/bytes.js';

/** One step of rebuilding a record from its scan. The assembler writes commas itself. */
export const Op = {
  /** Enter an object (a = 0) or array (a = 1). */
  OPEN: 0,
  /** Leave the innermost object (a = 0) or array (a = 1). */
  CLOSE: 1,
  /** Copy slab[a .. b): one or more whole members (`"k":v,"k2":v2`) or elements, as written. */
  COPY: 2,
  /** Copy slab[a .. b), a member's name with quotes, and a colon; the next op is its value (OPEN, COPY or SPLICE). */
  NAME: 3,
  /** Write the result of span a. When that result is OMIT, a NAME before it is left out as well. */
  SPLICE: 4,
  /** As NAME, from `SpanTable.extra`: the name was written with escapes and is written canonically. */
  EXTRA_NAME: 5,
  /** As COPY, from `SpanTable.extra`: a CSV cell that is not written as it stands. */
  EXTRA: 6,
} as const;

/** Why a record could not be scanned; `faultCode` in kernel.ts maps it to a code. */
export const Fault = {
  NONE: 0,
  SYNTAX: 1,
  DUPLICATE: 2,
  DEPTH: 3,
  UTF8: 4,
  NOT_OBJECT: 5,
  TOO_MANY: 6,
  RAGGED: 7,
  UNLISTED: 8,
  CSV_SYNTAX: 9,
  CSV_UTF8: 10,
} as const;

/**
 * The result of scanning a batch. Struct of arrays, no objects and no strings per field, so that it can lie in linear memory.
 * Spans: value s of field `field[s]` in record `record[s]` is `slab[start[s] .. end[s])`; strings exclude their quotes and
 * `escaped[s]` says that the text holds backslash escapes (or doubled quotes in CSV).
 * Ops of record r: rows `opStart[r] .. opStart[r + 1])` of `op`, `a`, `b`.
 */
export class SpanTable {
  spans = 0;
  start = new Uint32Array(4096);
  end = new Uint32Array(4096);
  field = new Uint16Array(4096);
  record = new Uint32Array(4096);
  token = new Uint8Array(4096);
  escaped = new Uint8Array(4096);

  ops = 0;
  op = new Uint8Array(8192);
  a = new Uint32Array(8192);
  b = new Uint32Array(8192);

  records = 0;
  /** Bytes the scanner made itself; ops EXTRA_NAME and EXTRA refer to them. */
  extra: Uint8Array = new Uint8Array(1024);
  extraLength = 0;

  opStart = new Uint32Array(1025);
  fault = new Uint8Array(1024);

  /** Forgets the last batch and makes room for `records` records. */
  reset(records: number): void {
    this.spans = 0;
    this.ops = 0;
    this.extraLength = 0;
    this.records = records;
    if (records > this.fault.length) {
      this.fault = new Uint8Array(records);
      this.opStart = new Uint32Array(records + 1);
    }
    this.fault.fill(0, 0, records);
    this.opStart.fill(0, 0, records + 1);
  }

  /** Appends a span and returns its index. */
  addSpan(record: number, field: number, start: number, end: number, token: number, escaped: number): number {
    const at = this.spans++;
    if (at === this.start.length) this.#growSpans();
    this.start[at] = start;
    this.end[at] = end;
    this.field[at] = field;
    this.record[at] = record;
    this.token[at] = token;
    this.escaped[at] = escaped;
    return at;
  }

  /** Appends an op and returns its index. */
  addOp(op: number, a: number, b: number): number {
    const at = this.ops++;
    if (at === this.op.length) this.#growOps();
    this.op[at] = op;
    this.a[at] = a;
    this.b[at] = b;
    return at;
  }

  /** Makes room for `size` bytes in `extra` and returns where to write; the caller then advances `extraLength`. */
  reserveExtra(size: number): number {
    const at = this.extraLength;
    if (at + size > this.extra.length) this.extra = grown(this.extra, at + size);
    return at;
  }

  #growSpans(): void {
    const size = this.start.length * 2;
    this.start = grown32(this.start, size);
    this.end = grown32(this.end, size);
    this.record = grown32(this.record, size);
    const field = new Uint16Array(size);
    field.set(this.field);
    this.field = field;
    this.token = grown(this.token, size);
    this.escaped = grown(this.escaped, size);
  }

  #growOps(): void {
    const size = this.op.length * 2;
    this.op = grown(this.op, size);
    this.a = grown32(this.a, size);
    this.b = grown32(this.b, size);
  }
}

function grown32(old: Uint32Array<ArrayBuffer>, size: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(size);
  larger.set(old);
  return larger;
}
