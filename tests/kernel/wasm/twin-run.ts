import { grown } from '../../../src/core/bytes.js';
import { Shape, Token } from '../../../src/core/token.js';
import type { Assembled, ByteRoom, Kernel, RecordBatch, SpanResults } from '../../../src/kernel/kernel.js';
import { Op, SpanTable } from '../../../src/kernel/span-table.js';
import type { Random } from '../json-generator.js';

/** What both kernels get: records, where they lie, and what stands in for the results of transforms. */
export interface TwinInput {
  readonly records: readonly Uint8Array[];
  /** Lay the records into the kernel's own slab, up to its last byte. */
  readonly ownSlab: boolean;
  /** Chooses results, the same for each kernel. */
  readonly results: (spans: number) => SpanResults;
  readonly skip: Uint8Array;
}

const ANSWERS = [
  '',
  'x',
  'p1-1-88d397d1d957343250ac1933a0659270',
  'a"b\\c',
  '\u0000\n\u001f',
  '张三',
  '"😀',
  'é'.repeat(40),
];

/** Random results for spans: every shape, every kind of text. */
export function randomResults(random: Random): (spans: number) => SpanResults {
  const texts = ANSWERS.map(text => Buffer.from(text));
  const from = texts.map((_, i) => texts.slice(0, i).reduce((sum, { length }) => sum + length, 0));
  const seed = random.below(ANSWERS.length);
  return spans => {
    const picks = Array.from({ length: spans }, (_, s) => (s * 7 + seed) % texts.length);
    return {
      bytes: Buffer.concat(texts),
      starts: Uint32Array.from(picks, pick => from[pick] ?? 0),
      ends: Uint32Array.from(picks, pick => (from[pick] ?? 0) + (texts[pick]?.length ?? 0)),
      shapes: Uint8Array.from({ length: spans }, (_, s) => (s * 5 + seed) % (Shape.INVALID + 1)),
    };
  };
}

/** Everything that a kernel makes of a batch, as byte strings by name: equal kernels make equal ones. */
export function outcomeOf(kernel: Kernel, input: TwinInput): ReadonlyMap<string, Uint8Array> {
  const batch = laid(kernel, input);
  const table = new SpanTable();
  kernel.scan(batch, table);
  const texts = canonicalForms(kernel, batch, table);
  const skip = input.skip.map((skipped, r) => skipped | Number((table.fault[r] ?? 0) !== 0));
  const out: Assembled = {
    bytes: new Uint8Array(0),
    length: 0,
    starts: new Uint32Array(batch.count),
    ends: new Uint32Array(batch.count),
  };
  const { spans, ops } = table;
  kernel.assemble(batch, table, input.results(spans), skip, out);
  const bytes = (array: Uint8Array | Uint16Array | Uint32Array, length: number): Uint8Array =>
    new Uint8Array(array.buffer, array.byteOffset, length * array.BYTES_PER_ELEMENT);
  const base = batch.starts[0] ?? 0;
  return new Map([
    ['faults', bytes(table.fault, batch.count)],
    ['op starts', bytes(table.opStart, batch.count + 1)],
    ['spans: start', bytes(relative(table.start, spans, base), spans)],
    ['spans: end', bytes(relative(table.end, spans, base), spans)],
    ['spans: field', bytes(table.field, spans)],
    ['spans: record', bytes(table.record, spans)],
    ['spans: token', bytes(table.token, spans)],
    ['spans: escaped', bytes(table.escaped, spans)],
    ['ops', bytes(table.op, ops)],
    ['ops: a', bytes(operands(table, table.a, base), ops)],
    ['ops: b', bytes(operands(table, table.b, base), ops)],
    ['extra', bytes(table.extra, table.extraLength)],
    ['canonical forms', texts],
    ['output', bytes(out.bytes, out.length)],
    ['output starts', bytes(out.starts, batch.count)],
    ['output ends', bytes(out.ends, batch.count)],
  ]);
}

function laid(kernel: Kernel, { records, ownSlab }: TwinInput): RecordBatch {
  const size = records.reduce((sum, { length }) => sum + length, 0);
  const slab = ownSlab ? kernel.slab(size) : new Uint8Array(size);
  const starts = new Uint32Array(records.length);
  const ends = new Uint32Array(records.length);
  let at = slab.length - size;
  records.forEach((record, r) => {
    slab.set(record, at);
    starts[r] = at;
    at += record.length;
    ends[r] = at;
  });
  return { slab, starts, ends, count: records.length };
}

class GrowingSink implements ByteRoom {
  bytes: Uint8Array = new Uint8Array(1024);
  length = 0;

  reserve(size: number): number {
    if (this.length + size > this.bytes.length) this.bytes = grown(this.bytes, this.length + size);
    return this.length;
  }
}

function canonicalForms(kernel: Kernel, batch: RecordBatch, table: SpanTable): Uint8Array {
  const sink = new GrowingSink();
  for (let span = 0; span < table.spans; span++) {
    const token = table.token[span];
    if (token === Token.OBJECT || token === Token.ARRAY) kernel.compact(batch, table, span, sink);
    else if (table.escaped[span] === 1) kernel.unescape(batch, table, span, sink);
  }
  return sink.bytes.subarray(0, sink.length);
}

/** Slabs differ in size: positions count from the first record. */
function relative(positions: Uint32Array, count: number, base: number): Uint32Array {
  return positions.slice(0, count).map(position => position - base);
}

/** Operands of ops; those of COPY and NAME are positions. */
function operands(table: SpanTable, column: Uint32Array, base: number): Uint32Array {
  return column.slice(0, table.ops).map((operand, i) => {
    const op = table.op[i];
    return op === Op.COPY || op === Op.NAME ? operand - base : operand;
  });
}
