import type { LineFinder } from '../../src/kernel/line-finder.js';
import { RecordSplitter, type SplitRecords } from '../../src/kernel/record-splitter.js';

/** One record as the splitter reports it. */
export interface SplitRecord {
  readonly bytes: Uint8Array;
  readonly status: number;
  readonly offset: number;
  readonly next: number;
}

/** All records of a file given in chunks. */
export function splitAll(
  lines: LineFinder,
  chunks: readonly Uint8Array[],
  maxBytes = 1 << 20,
  offset = 0,
): SplitRecord[] {
  const splitter = new RecordSplitter(lines, maxBytes, offset);
  const all = chunks.flatMap(chunk => taken(splitter.feed(chunk)));
  return [...all, ...taken(splitter.finish())];
}

function taken(found: SplitRecords): SplitRecord[] {
  return Array.from({ length: found.count }, (_, r) => ({
    bytes: found.slab.slice(found.starts[r], found.ends[r]),
    status: found.status[r] ?? -1,
    offset: found.offsets[r] ?? -1,
    next: found.nexts[r] ?? -1,
  }));
}
