import { grown } from '../../core/bytes.js';
import { Shape } from '../../core/token.js';
import type { CsvDialect } from '../csv-dialect.js';
import type { Assembled, RecordBatch, SpanResults } from '../kernel.js';
import { Op, type SpanTable } from '../span-table.js';
import { cellRoom, putCell } from './csv-text.js';

const NONE = new Uint8Array(0);

/**
 * Rebuilds rows from their ops, without line ends. A result that is null or left out makes an empty cell, so that every row has
 * as many cells as the header. An empty row of one column is written as a pair of quotes: a blank line would be skipped by readers.
 */
export class CsvAssembler {
  readonly #dialect: CsvDialect;
  #to: Uint8Array = NONE;
  #at = 0;

  constructor(dialect: CsvDialect) {
    this.#dialect = dialect;
  }

  /** Rebuilds each row r with `skip[r] === 0`. */
  assemble(batch: RecordBatch, table: SpanTable, results: SpanResults, skip: Uint8Array, out: Assembled): void {
    this.#to = out.bytes;
    this.#at = 0;
    for (let r = 0; r < batch.count; r++) {
      out.starts[r] = this.#at;
      if (skip[r] === 0) this.#row(batch.slab, table, results, r);
      out.ends[r] = this.#at;
    }
    out.bytes = this.#to;
    out.length = this.#at;
  }

  #row(slab: Uint8Array, table: SpanTable, results: SpanResults, r: number): void {
    const from = table.opStart[r] ?? 0;
    const to = table.opStart[r + 1] ?? 0;
    const begin = this.#at;
    for (let i = from; i < to; i++) {
      if (i > from) {
        this.#reserve(1);
        this.#to[this.#at++] = this.#dialect.delimiter;
      }
      const first = table.a[i] ?? 0;
      if (table.op[i] === Op.SPLICE) this.#splice(results, first);
      else this.#copy(table.op[i] === Op.EXTRA ? table.extra : slab, first, table.b[i] ?? 0);
    }
    if (this.#at > begin || to === from) return;
    this.#reserve(2);
    this.#to[this.#at++] = this.#dialect.quote;
    this.#to[this.#at++] = this.#dialect.quote;
  }

  #splice(results: SpanResults, span: number): void {
    const shape = results.shapes[span];
    if (shape !== Shape.TEXT && shape !== Shape.PLAIN && shape !== Shape.NUMBER && shape !== Shape.RAW) return;
    const start = results.starts[span] ?? 0;
    const end = results.ends[span] ?? 0;
    this.#reserve(cellRoom(end - start));
    this.#at = putCell(results.bytes, start, end, this.#to, this.#at, this.#dialect);
  }

  #copy(from: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start);
    this.#to.set(from.subarray(start, end), this.#at);
    this.#at += end - start;
  }

  #reserve(size: number): void {
    if (this.#at + size > this.#to.length) this.#to = grown(this.#to, this.#at + size);
  }
}
