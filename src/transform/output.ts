import type { Code } from '../core/codes.js';
import { grown } from '../core/bytes.js';
import { Shape } from '../core/token.js';

/**
 * Where a transform writes its results: one arena of bytes for the batch and one result per row of the column.
 * Use: `const at = out.reserve(n)`; write up to n bytes at `out.bytes[at ..]`; `out.text(row, at, at + written)`.
 * `reserve` may replace `out.bytes`, so read the property again after it. Every row must get exactly one result.
 */
export class Output {
  bytes: Uint8Array;
  /** Bytes used so far. */
  length = 0;
  /** Results by row of the current column. */
  starts: Uint32Array;
  ends: Uint32Array;
  shapes: Uint8Array;
  readonly #codes = new Map<number, Code>();
  readonly #dropped = new Map<number, Code>();
  #rows = 0;

  constructor(capacityBytes = 1 << 16, capacityRows = 1024) {
    this.bytes = new Uint8Array(capacityBytes);
    this.starts = new Uint32Array(capacityRows);
    this.ends = new Uint32Array(capacityRows);
    this.shapes = new Uint8Array(capacityRows);
  }

  /** Forgets all bytes: the start of a batch. */
  reset(): void {
    this.length = 0;
    this.begin(0);
  }

  /** Prepares for a column of `rows` rows; bytes written before stay valid. */
  begin(rows: number): void {
    if (rows > this.shapes.length) {
      const size = Math.max(rows, this.shapes.length * 2);
      this.starts = new Uint32Array(size);
      this.ends = new Uint32Array(size);
      this.shapes = new Uint8Array(size);
    }
    this.shapes.fill(Shape.UNSET, 0, rows);
    this.#codes.clear();
    this.#dropped.clear();
    this.#rows = rows;
  }

  /** Rows of the current column. */
  get rows(): number {
    return this.#rows;
  }

  /** Makes room for `size` bytes and returns where to write them. */
  reserve(size: number): number {
    const at = this.length;
    if (at + size > this.bytes.length) this.bytes = grown(this.bytes, at + size);
    return at;
  }

  /** The result is text that may need escaping. */
  text(row: number, start: number, end: number): void {
    this.#put(row, start, end, Shape.TEXT);
  }

  /** The result is printable ASCII that needs no escaping in any format (see `Shape.PLAIN`). */
  plain(row: number, start: number, end: number): void {
    this.#put(row, start, end, Shape.PLAIN);
  }

  /** The result is a JSON number literal. */
  number(row: number, start: number, end: number): void {
    this.#put(row, start, end, Shape.NUMBER);
  }

  /** The value becomes null. */
  nothing(row: number): void {
    this.shapes[row] = Shape.NULL;
  }

  /** The field is left out. */
  omit(row: number): void {
    this.shapes[row] = Shape.OMIT;
  }

  /** The value is refused: the rule's `onInvalid` decides what happens. */
  invalid(row: number, code: Code): void {
    this.shapes[row] = Shape.INVALID;
    this.#codes.set(row, code);
  }

  /** The whole record is left out (sampling). */
  dropRecord(row: number, code: Code): void {
    this.shapes[row] = Shape.OMIT;
    this.#dropped.set(row, code);
  }

  /** Copies `source[start .. end)` into the arena as a text result. */
  copyText(row: number, source: Uint8Array, start: number, end: number): void {
    const at = this.reserve(end - start);
    this.bytes.set(source.subarray(start, end), at);
    this.text(row, at, at + end - start);
  }

  /** Why a row was refused. */
  codeOf(row: number): Code {
    return this.#codes.get(row) ?? 'TRANSFORM_UNSAFE';
  }

  /** Rows whose record is dropped, with the code. */
  get droppedRows(): ReadonlyMap<number, Code> {
    return this.#dropped;
  }

  #put(row: number, start: number, end: number, shape: Shape): void {
    this.starts[row] = start;
    this.ends[row] = end;
    this.shapes[row] = shape;
    this.length = end;
  }
}
