import { grown } from '../core/bytes.js';
import type { RecordBatch } from './kernel.js';
import type { LineFinder } from './line-finder.js';

const LF = 0x0a;
const CR = 0x0d;
const BOM = [0xef, 0xbb, 0xbf];

/** What the splitter says about a record. */
export const Split = {
  /** A whole record. */
  OK: 0,
  /** Longer than the limit: its bytes are gone, only its place in the file is known. */
  OVERSIZE: 1,
  /** The file ends inside quotes. */
  UNCLOSED: 2,
} as const;

/**
 * Records found by one call, in file order: a batch for a kernel, with places in the file. Valid until the next call.
 * Records whose `status` is not `Split.OK` must not be scanned.
 */
export interface SplitRecords extends RecordBatch {
  /** `Split` of each record. */
  readonly status: Uint8Array;
  /** Byte offset in the file of each record's first byte. */
  readonly offsets: Float64Array;
  /** Byte offset behind each record's line end: where to go on after it. */
  readonly nexts: Float64Array;
}

/** Room for results, replaced when it is too small. */
interface Found extends SplitRecords {
  starts: Uint32Array;
  ends: Uint32Array;
  count: number;
  status: Uint8Array;
  offsets: Float64Array;
  nexts: Float64Array;
}

/**
 * Cuts a stream of chunks into records. Any chunk borders give the same records: inside a character, a quoted cell or a CRLF.
 * A byte order mark at the start of the file is dropped. Memory is bounded by the record limit and the chunk size: a record
 * beyond the limit is reported when it ends, and the next record starts at the next line end outside quotes (looking for one
 * inside quotes would let the text of a cell pass for rows).
 */
export class RecordSplitter {
  readonly #lines: LineFinder;
  readonly #maxBytes: number;
  readonly #found: Found = {
    slab: new Uint8Array(1 << 16),
    starts: new Uint32Array(256),
    ends: new Uint32Array(256),
    count: 0,
    status: new Uint8Array(256),
    offsets: new Float64Array(256),
    nexts: new Float64Array(256),
  };
  /** Offset in the file of `slab[0]`. */
  #base: number;
  #length = 0;
  /** Start of the record that is not complete yet. */
  #start = 0;
  /** How far it has been looked through. */
  #at = 0;
  /** Offset of an oversize record that has not ended yet, or -1. */
  #oversizeFrom = -1;

  /** `offset`: where in the file the first chunk starts, when a job is resumed. */
  constructor(lines: LineFinder, maxRecordBytes: number, offset = 0) {
    this.#lines = lines;
    this.#maxBytes = maxRecordBytes;
    this.#base = offset;
  }

  /** Takes the next chunk and returns the records that are complete. */
  feed(chunk: Uint8Array): SplitRecords {
    this.#append(chunk);
    this.#split(false);
    return this.#found;
  }

  /** The file has ended: returns what is left. */
  finish(): SplitRecords {
    this.#append(new Uint8Array(0));
    this.#split(true);
    if (this.#start < this.#length || this.#oversizeFrom >= 0) {
      const status = this.#lines.isOpen ? Split.UNCLOSED : Split.OK;
      this.#end(this.#length, this.#length, status);
    }
    return this.#found;
  }

  #append(chunk: Uint8Array): void {
    const found = this.#found;
    const kept = this.#length - this.#start;
    found.slab.copyWithin(0, this.#start, this.#length);
    this.#base += this.#start;
    this.#at -= this.#start;
    this.#start = 0;
    if (kept + chunk.length > found.slab.length) found.slab = grown(found.slab, kept + chunk.length);
    found.slab.set(chunk, kept);
    this.#length = kept + chunk.length;
    found.count = 0;
  }

  #split(isLast: boolean): void {
    const { slab } = this.#found;
    const length = this.#length;
    if (!this.#pastMark(isLast)) return;
    for (;;) {
      const end = this.#lines.find(slab, this.#at, length);
      this.#at = end;
      if (end === length) break;
      let next = end + 1;
      if (slab[end] === CR) {
        // Whether an LF belongs to this line end is known with the next byte only.
        if (next === length && !isLast) break;
        if (next < length && slab[next] === LF) next += 1;
      }
      this.#end(end, next, Split.OK);
    }
    this.#dropOversize();
  }

  /** Skips a byte order mark at the very start. False when more bytes are needed to know. */
  #pastMark(isLast: boolean): boolean {
    if (this.#base + this.#at !== 0 || this.#oversizeFrom >= 0) return true;
    const seen = this.#found.slab.subarray(0, Math.min(BOM.length, this.#length));
    if (!seen.every((byte, k) => byte === BOM[k])) return true;
    if (seen.length < BOM.length) return isLast;
    this.#start = this.#at = BOM.length;
    return true;
  }

  /** A record ends before `end`; the next one starts at `next`. */
  #end(end: number, next: number, status: number): void {
    const { slab } = this.#found;
    const start = this.#start;
    const stop = end > start && slab[end - 1] === CR ? end - 1 : end;
    const isOversize = this.#oversizeFrom >= 0 || stop - start > this.#maxBytes;
    if (isOversize) {
      const from = this.#oversizeFrom >= 0 ? this.#oversizeFrom : this.#base + start;
      this.#add(0, 0, Split.OVERSIZE, from, next);
    } else if (!this.#lines.isBlank(slab, start, stop)) this.#add(start, stop, status, this.#base + start, next);
    this.#oversizeFrom = -1;
    this.#start = this.#at = next;
    this.#lines.reset();
  }

  #add(start: number, end: number, status: number, offset: number, next: number): void {
    const found = this.#found;
    const at = found.count++;
    if (at === found.starts.length) this.#makeRoom();
    found.starts[at] = start;
    found.ends[at] = end;
    found.status[at] = status;
    found.offsets[at] = offset;
    found.nexts[at] = this.#base + next;
  }

  /** Forgets the bytes of a record that is certain to be beyond the limit, whatever line end follows. */
  #dropOversize(): void {
    const isBeyond = this.#length - this.#start > this.#maxBytes + 1;
    if (this.#oversizeFrom < 0 && !isBeyond) return;
    if (this.#oversizeFrom < 0) this.#oversizeFrom = this.#base + this.#start;
    this.#start = this.#at;
  }

  #makeRoom(): void {
    const found = this.#found;
    const size = found.starts.length * 2;
    const larger = <T extends Uint32Array | Uint8Array | Float64Array>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    found.starts = larger(new Uint32Array(size), found.starts);
    found.ends = larger(new Uint32Array(size), found.ends);
    found.status = larger(new Uint8Array(size), found.status);
    found.offsets = larger(new Float64Array(size), found.offsets);
    found.nexts = larger(new Float64Array(size), found.nexts);
  }
}
