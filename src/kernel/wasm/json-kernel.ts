import { VeilError } from '../../core/errors.js';
import { Shape } from '../../core/token.js';
import type { Assembled, ByteRoom, Kernel, RecordBatch, ScanPlan, SpanResults } from '../kernel.js';
import type { SpanTable } from '../span-table.js';
import { JsonMemory } from './json-memory.js';
import type { WasmModule } from './web-assembly.js';

/** Spans that a caller may add to a table without leaving linear memory. */
const MORE_ROWS = 4096;
/** Largest growth of a spliced value: each byte as `\u00XX`, and two quotes; or `null` for an empty one. */
const ESCAPED = 6;
const AROUND = 4;

/**
 * The kernel for JSON records in WebAssembly (assembly/scan.ts, assemble.ts, values.ts): the same spans, ops, faults and bytes as
 * the TypeScript kernel. Slab, span table and output lie in its linear memory; `scan` and `assemble` put views on it into
 * what they are given.
 */
export class WasmJsonKernel implements Kernel {
  readonly #memory: JsonMemory;
  readonly #maxRecordRows: number;
  #spans = 0;
  // Most that any batch left in an arena, for wiping.
  #recordBytes = 0;
  #extra = 0;
  #results = 0;
  #output = 0;

  /** Throws PATH_OVERLAP or PATH_DUPLICATE when rules of the plan contradict. */
  constructor(module: WasmModule, plan: ScanPlan) {
    this.#memory = new JsonMemory(module, plan);
    // A value takes at most three ops (name, open, close), or two spans (captured, and looked at).
    this.#maxRecordRows = 3 * (plan.maxMembers + 1);
  }

  get unlisted(): ReadonlyMap<string, number> {
    return this.#memory.unlisted();
  }

  slab(size: number): Uint8Array {
    // Records fill half of it at most when the caller leaves room for canonical forms: no arena grows while batches run.
    this.#memory.makeRoom({ slab: size, rows: (size >>> 1) + MORE_ROWS, results: size >>> 1, output: size });
    return this.#memory.views.slab;
  }

  scan(batch: RecordBatch, table: SpanTable): void {
    const memory = this.#memory;
    const { count } = batch;
    if (!memory.isSlab(batch.slab)) {
      const foreign = batch.slab;
      memory.makeRoom({ slab: foreign.length });
      memory.views.slab.set(foreign);
    }
    memory.makeRoom({ records: count, rows: this.#rowsOf(batch) + MORE_ROWS });
    const { views } = memory;
    views.recordStarts.set(batch.starts.subarray(0, count));
    views.recordEnds.set(batch.ends.subarray(0, count));
    memory.calls.scan(count, views.room.byteOffset);
    this.#spans = memory.calls.scannedSpans();
    this.#extra = Math.max(this.#extra, memory.calls.scannedExtra());
    table.records = count;
    table.spans = this.#spans;
    table.ops = memory.calls.scannedOps();
    table.extraLength = memory.calls.scannedExtra();
    batch.slab = memory.views.slab;
    this.#show(table);
  }

  unescape(_batch: RecordBatch, table: SpanTable, span: number, sink: ByteRoom): void {
    const { calls, views } = this.#memory;
    const from = views.slab.byteOffset;
    const [start, end] = [from + (table.start[span] ?? 0), from + (table.end[span] ?? 0)];
    this.#append(sink, end - start, target => calls.unescapeSpan(start, end, target));
  }

  compact(_batch: RecordBatch, table: SpanTable, span: number, sink: ByteRoom): void {
    const { calls, views } = this.#memory;
    const from = views.slab.byteOffset;
    const [start, end] = [from + (table.start[span] ?? 0), from + (table.end[span] ?? 0)];
    this.#append(sink, end - start, target => calls.compactSpan(start, end, target, views.room.byteOffset));
  }

  assemble(batch: RecordBatch, table: SpanTable, results: SpanResults, skip: Uint8Array, out: Assembled): void {
    const memory = this.#memory;
    const { count } = batch;
    const spans = this.#spans;
    const { used, grown } = sizeOf(results, spans);
    if (used > results.bytes.length) throw new VeilError('INTERNAL', { where: 'results of a batch' });
    memory.makeRoom({ results: used, output: bytesOf(batch) + grown });
    const { views } = memory;
    // A growth of the memory has detached what the last scan gave out.
    if (batch.slab.length === 0) batch.slab = views.slab;
    if (table.op.length === 0) this.#show(table);
    views.resultStarts.set(results.starts.subarray(0, spans));
    views.resultEnds.set(results.ends.subarray(0, spans));
    views.resultShapes.set(results.shapes.subarray(0, spans));
    views.results.set(results.bytes.subarray(0, used));
    views.skips.set(skip.subarray(0, count));
    out.length = memory.calls.assemble(count);
    out.bytes = views.output;
    out.starts.set(views.outStarts.subarray(0, count));
    out.ends.set(views.outEnds.subarray(0, count));
    this.#results = Math.max(this.#results, used);
    this.#output = Math.max(this.#output, out.length);
  }

  wipe(): void {
    const { slab, unescaped, room, extra, results, output } = this.#memory.views;
    slab.fill(0);
    unescaped.fill(0, 0, this.#recordBytes);
    room.fill(0, 0, this.#recordBytes);
    extra.fill(0, 0, this.#extra);
    results.fill(0, 0, this.#results);
    output.fill(0, 0, this.#output);
    this.#memory.wipeNames();
  }

  /** Rows that a batch may need: a value takes at least as many bytes as spans or ops. */
  #rowsOf(batch: RecordBatch): number {
    let rows = 0;
    for (let r = 0; r < batch.count; r++) {
      const bytes = (batch.ends[r] ?? 0) - (batch.starts[r] ?? 0);
      if (bytes > this.#recordBytes) this.#recordBytes = bytes;
      rows += Math.min(bytes + 2, this.#maxRecordRows);
    }
    return rows;
  }

  /** Puts views on what was scanned into the caller's table. */
  #show(table: SpanTable): void {
    const { views } = this.#memory;
    table.start = views.start;
    table.end = views.end;
    table.field = views.field;
    table.record = views.record;
    table.token = views.token;
    table.escaped = views.escaped;
    table.op = views.op;
    table.a = views.a;
    table.b = views.b;
    table.extra = views.extra;
    table.opStart = views.opStart;
    table.fault = views.fault;
  }

  /** Writes at most `size` bytes to a sink: in place when it lies in linear memory. */
  #append(sink: ByteRoom, size: number, write: (target: number) => number): void {
    const at = sink.reserve(size);
    if (this.#memory.holds(sink.bytes)) {
      sink.length = at + write(sink.bytes.byteOffset + at);
      return;
    }
    const { unescaped } = this.#memory.views;
    const written = write(unescaped.byteOffset);
    sink.bytes.set(unescaped.subarray(0, written), at);
    sink.length = at + written;
  }
}

/** Bytes of the records of a batch. What the assembler writes beside results is never longer. */
function bytesOf({ starts, ends, count }: RecordBatch): number {
  let bytes = 0;
  for (let r = 0; r < count; r++) bytes += (ends[r] ?? 0) - (starts[r] ?? 0);
  return bytes;
}

/** How far results reach into their bytes, and how long they may get when they are written. */
function sizeOf(results: SpanResults, spans: number): { readonly used: number; readonly grown: number } {
  const { starts, ends, shapes } = results;
  let used = 0;
  let grown = AROUND * spans;
  for (let s = 0; s < spans; s++) {
    const shape = shapes[s];
    if (shape !== Shape.TEXT && shape !== Shape.PLAIN && shape !== Shape.NUMBER && shape !== Shape.RAW) continue;
    const end = ends[s] ?? 0;
    if (end > used) used = end;
    grown += ESCAPED * (end - (starts[s] ?? 0));
  }
  return { used, grown };
}
