import { Token } from '../../core/token.js';
import type { CsvColumn } from '../csv-columns.js';
import { type CsvDialect, isFormula } from '../csv-dialect.js';
import type { RecordBatch } from '../kernel.js';
import { Fault, Op, type SpanTable } from '../span-table.js';
import { CsvCells } from './csv-cells.js';
import { cellRoom, putCell, undoubleQuotes } from './csv-text.js';

const Act = { OMIT: 0, COPY: 1, CAPTURE: 2, UNLISTED: 3 } as const;
const ACTS = { omit: Act.OMIT, copy: Act.COPY, capture: Act.CAPTURE, unlisted: Act.UNLISTED } as const;

/**
 * One pass over each row of a batch: checks RFC 4180 strictly (see `CsvCells`), the number of cells and UTF-8, and fills the span
 * table. Kept cells are copied as written, except that needless quotes go and formulas are neutralized when the dialect says
 * so. An empty cell, quoted or not, is null. A non-empty cell of an unlisted column is counted, and faults the row when
 * `faultUnlisted` is true.
 */
export class CsvScanner {
  /** Non-empty cells seen in each unlisted column. */
  readonly unlistedCells: Float64Array;
  readonly #columns: readonly CsvColumn[];
  readonly #act: Uint8Array;
  readonly #field: Uint16Array;
  readonly #look: Int32Array;
  readonly #dialect: CsvDialect;
  readonly #cells: CsvCells;
  readonly #faultUnlisted: boolean;
  #joinable = false;
  #sawUnlisted = false;

  constructor(columns: readonly CsvColumn[], dialect: CsvDialect, faultUnlisted: boolean) {
    this.#columns = columns;
    this.#act = Uint8Array.from(columns, column => ACTS[column.action]);
    this.#field = Uint16Array.from(columns, column => column.field);
    this.#look = Int32Array.from(columns, column => column.look);
    this.unlistedCells = new Float64Array(columns.length);
    this.#dialect = dialect;
    this.#cells = new CsvCells(dialect);
    this.#faultUnlisted = faultUnlisted;
  }

  /** Scans every row of `batch` into `table`. */
  scan(batch: RecordBatch, table: SpanTable): void {
    table.reset(batch.count);
    this.#cells.slab = batch.slab;
    for (let r = 0; r < batch.count; r++) {
      const { spans, ops, extraLength } = table;
      const fault = this.#row(table, r, batch.starts[r] ?? 0, batch.ends[r] ?? 0);
      if (fault !== Fault.NONE) {
        table.fault[r] = fault;
        table.spans = spans;
        table.ops = ops;
        table.extraLength = extraLength;
      }
      table.opStart[r + 1] = table.ops;
    }
  }

  #row(table: SpanTable, r: number, start: number, end: number): number {
    const cells = this.#cells;
    const count = this.#columns.length;
    cells.end = end;
    this.#joinable = false;
    this.#sawUnlisted = false;
    let at = start;
    let column = 0;
    for (;;) {
      const next = cells.next(at);
      if (next < 0) return cells.fault;
      if (column < count) this.#cell(table, r, column, at, next);
      column++;
      if (next === end) break;
      at = next + 1;
    }
    if (column !== count) return Fault.RAGGED;
    return this.#sawUnlisted && this.#faultUnlisted ? Fault.UNLISTED : Fault.NONE;
  }

  /** The cell just read; as written it is `slab[from .. to)`. */
  #cell(table: SpanTable, r: number, column: number, from: number, to: number): void {
    const cells = this.#cells;
    const { start, stop, escaped } = cells;
    const act = this.#act[column];
    const token = start === stop ? Token.NULL : Token.STRING;
    const look = this.#look[column] ?? -1;
    if (look >= 0) table.addSpan(r, look, start, stop, token, escaped);
    if (act === Act.COPY) {
      this.#copy(table, from, to);
      return;
    }
    this.#joinable = false;
    if (act === Act.CAPTURE) {
      table.addOp(Op.SPLICE, table.addSpan(r, this.#field[column] ?? 0, start, stop, token, escaped), 0);
    } else if (act === Act.UNLISTED && start !== stop) {
      this.unlistedCells[column] = (this.unlistedCells[column] ?? 0) + 1;
      this.#sawUnlisted = true;
    }
  }

  #copy(table: SpanTable, from: number, to: number): void {
    const cells = this.#cells;
    const { start, stop } = cells;
    const asWritten = !cells.quoted || cells.special;
    if (this.#dialect.neutralizeFormulas && isFormula(cells.slab, start, stop)) this.#neutralized(table);
    else if (!asWritten) table.addOp(Op.COPY, start, stop);
    else if (this.#joinable) {
      table.b[table.ops - 1] = to;
      return;
    } else {
      table.addOp(Op.COPY, from, to);
      this.#joinable = true;
      return;
    }
    this.#joinable = false;
  }

  #neutralized(table: SpanTable): void {
    const { slab, start, stop } = this.#cells;
    const text = new Uint8Array(stop - start);
    const length = undoubleQuotes(slab, start, stop, text, 0, this.#dialect.quote);
    const at = table.reserveExtra(cellRoom(length));
    table.extraLength = putCell(text, 0, length, table.extra, at, this.#dialect);
    table.addOp(Op.EXTRA, at, table.extraLength);
  }
}
