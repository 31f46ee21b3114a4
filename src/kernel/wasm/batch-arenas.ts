import { MemoryLayout } from './memory-layout.js';
import type { LinearMemory } from './web-assembly.js';

/** How much the arenas of a batch hold. */
export interface BatchSizes {
  /** Bytes of the slab; names and strings that are spelled anew need no more than that. */
  readonly slab: number;
  readonly records: number;
  /** Spans, and ops. */
  readonly rows: number;
  /** Bytes of results. */
  readonly results: number;
  /** Bytes of assembled records. */
  readonly output: number;
}

/** The arenas of a batch as typed arrays over linear memory; made anew when the memory or a size changes. */
export type BatchViews = ReturnType<typeof batchViews>;

/**
 * Lays out the arenas of a batch from an address on and makes the memory fit. In this order, so that more rows do not move the
 * slab, and more results move nothing that lies before them.
 */
export function batchViews(memory: LinearMemory, from: number, { slab, records, rows, results, output }: BatchSizes) {
  const layout = new MemoryLayout(from);
  const text = layout.arenas({ slab, unescaped: slab, room: slab, extra: slab });
  const lists = layout.arenas({
    ...{ recordStarts: 4 * records, recordEnds: 4 * records, opStart: 4 * (records + 1), fault: records },
    ...{ start: 4 * rows, end: 4 * rows, field: 2 * rows, record: 4 * rows, token: rows, escaped: rows },
    ...{ op: rows, a: 4 * rows, b: 4 * rows },
    ...{ skips: records, outStarts: 4 * records, outEnds: 4 * records },
  });
  const made = layout.arenas({ resultStarts: 4 * rows, resultEnds: 4 * rows, resultShapes: rows, results, output });
  layout.fit(memory);
  const u8 = (at: number, length: number) => new Uint8Array(memory.buffer, at, length);
  const u32 = (at: number, length: number) => new Uint32Array(memory.buffer, at, length);
  return {
    slab: u8(text.slab, slab),
    /** Canonical names while a record is scanned; free afterwards. */
    unescaped: u8(text.unescaped, slab),
    /** Scratch memory for one string. */
    room: u8(text.room, slab),
    extra: u8(text.extra, slab),
    recordStarts: u32(lists.recordStarts, records),
    recordEnds: u32(lists.recordEnds, records),
    opStart: u32(lists.opStart, records + 1),
    fault: u8(lists.fault, records),
    start: u32(lists.start, rows),
    end: u32(lists.end, rows),
    field: new Uint16Array(memory.buffer, lists.field, rows),
    record: u32(lists.record, rows),
    token: u8(lists.token, rows),
    escaped: u8(lists.escaped, rows),
    op: u8(lists.op, rows),
    a: u32(lists.a, rows),
    b: u32(lists.b, rows),
    skips: u8(lists.skips, records),
    outStarts: u32(lists.outStarts, records),
    outEnds: u32(lists.outEnds, records),
    resultStarts: u32(made.resultStarts, rows),
    resultEnds: u32(made.resultEnds, rows),
    resultShapes: u8(made.resultShapes, rows),
    results: u8(made.results, results),
    output: u8(made.output, output),
  };
}

/** What `placeBatch` (assembly/arenas.ts) takes over, in its order. */
export function batchTable(views: BatchViews): number[] {
  const { slab, unescaped, extra, recordStarts, recordEnds, opStart, fault } = views;
  const { start, end, field, record, token, escaped, op, a, b } = views;
  const text = [slab, unescaped, extra, recordStarts, recordEnds, opStart, fault];
  return [...text, start, end, field, record, token, escaped, op, a, b].map(({ byteOffset }) => byteOffset);
}

/** What `placeResults` (assembly/arenas.ts) takes over, in its order. */
export function resultTable(views: BatchViews): number[] {
  const { resultStarts, resultEnds, resultShapes, results, skips, outStarts, outEnds, output } = views;
  const all = [resultStarts, resultEnds, resultShapes, results, skips, outStarts, outEnds, output];
  return all.map(({ byteOffset }) => byteOffset);
}
