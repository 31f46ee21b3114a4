import type { CsvDialect } from '../csv-dialect.js';
import { Fault } from '../span-table.js';
import { utf8Next } from './utf8-sequence.js';

const LF = 0x0a;
const CR = 0x0d;

/** Classes of bytes in a cell. */
const ORDINARY = 0;
const DELIMITER = 1;
const QUOTE = 2;
const BREAK = 3;
const WIDE = 4;

/**
 * The cells of one RFC 4180 row, read one after another. Strict: a quote inside an unquoted cell, text after a closing quote, a
 * line break outside quotes, an unclosed quote and invalid UTF-8 are faults. White space belongs to the cell.
 */
export class CsvCells {
  slab: Uint8Array = new Uint8Array(0);
  end = 0;
  fault: number = Fault.NONE;
  /** Content of the last cell, without its quotes. */
  start = 0;
  stop = 0;
  /** The last cell stood in quotes. */
  quoted = false;
  /** 1 when the content holds doubled quotes. */
  escaped = 0;
  /** The content holds a delimiter, a quote or a line break: it cannot be written without quotes. */
  special = false;
  readonly #class = new Uint8Array(256).fill(WIDE, 0x80);
  readonly #quote: number;

  constructor(dialect: CsvDialect) {
    this.#quote = dialect.quote;
    this.#class[LF] = BREAK;
    this.#class[CR] = BREAK;
    this.#class[dialect.delimiter] = DELIMITER;
    this.#class[dialect.quote] = QUOTE;
  }

  /** Reads the cell at `at`; returns the position of the delimiter or row end behind it, or -1 and sets `fault`. */
  next(at: number): number {
    this.escaped = 0;
    this.special = false;
    this.quoted = at < this.end && this.slab[at] === this.#quote;
    return this.quoted ? this.#inQuotes(at + 1) : this.#bare(at);
  }

  #bare(from: number): number {
    const slab = this.slab;
    const end = this.end;
    const classes = this.#class;
    let at = from;
    while (at < end) {
      const found = classes[slab[at] ?? 0] ?? 0;
      if (found === ORDINARY) at++;
      else if (found === DELIMITER) break;
      else if (found === WIDE) {
        at = utf8Next(slab, at, end);
        if (at < 0) return this.#refuse(Fault.CSV_UTF8);
      } else return this.#refuse(Fault.CSV_SYNTAX);
    }
    this.start = from;
    this.stop = at;
    return at;
  }

  #inQuotes(from: number): number {
    const slab = this.slab;
    const end = this.end;
    const classes = this.#class;
    let at = from;
    while (at < end) {
      const found = classes[slab[at] ?? 0] ?? 0;
      if (found === ORDINARY) at++;
      else if (found === WIDE) {
        at = utf8Next(slab, at, end);
        if (at < 0) return this.#refuse(Fault.CSV_UTF8);
      } else if (found !== QUOTE) {
        this.special = true;
        at++;
      } else if (at + 1 < end && slab[at + 1] === this.#quote) {
        this.escaped = 1;
        this.special = true;
        at += 2;
      } else return this.#closed(from, at);
    }
    return this.#refuse(Fault.CSV_SYNTAX);
  }

  #closed(from: number, at: number): number {
    this.start = from;
    this.stop = at;
    const isEnd = at + 1 === this.end || this.#class[this.slab[at + 1] ?? 0] === DELIMITER;
    return isEnd ? at + 1 : this.#refuse(Fault.CSV_SYNTAX);
  }

  #refuse(fault: number): number {
    this.fault = fault;
    return -1;
  }
}
