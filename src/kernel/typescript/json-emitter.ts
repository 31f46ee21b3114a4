import { Op, SpanTable } from '../span-table.js';
import { escapeJson, unescapeJson } from './json-text.js';

const QUOTE = 0x22;

/**
 * Writes the ops of one record while it is scanned. The scanner sets the name of the member it reads; kept neighbours with
 * nothing left out between them become one COPY.
 */
export class JsonEmitter {
  table = new SpanTable();
  /** Name of the current member with its quotes; both 0 for an element or the top level. */
  nameStart = 0;
  nameEnd = 0;
  /** 1 when the name is written with escapes. */
  nameEscaped = 0;
  /** The last op is a COPY of the sibling just before. */
  #joinable = false;
  #slab: Uint8Array = new Uint8Array(0);
  #scratch = new Uint8Array(256);

  /** Starts a record. */
  begin(table: SpanTable, slab: Uint8Array): void {
    this.table = table;
    this.#slab = slab;
    this.#joinable = false;
    this.nameEnd = 0;
  }

  /** The current value is left out. */
  leaveOut(): void {
    this.#joinable = false;
  }

  /** The current value `slab[start .. end)` is kept as written. */
  copy(start: number, end: number): void {
    const { table } = this;
    if (this.nameEscaped === 1 && this.nameEnd !== 0) {
      this.#name();
      table.addOp(Op.COPY, start, end);
      this.#joinable = false;
    } else if (this.#joinable) table.b[table.ops - 1] = end;
    else {
      table.addOp(Op.COPY, this.nameEnd === 0 ? start : this.nameStart, end);
      this.#joinable = true;
    }
  }

  /** The current value is replaced by the result of a span. */
  splice(span: number): void {
    this.#name();
    this.table.addOp(Op.SPLICE, span, 0);
    this.#joinable = false;
  }

  /** The current value is a container that is written member by member. */
  open(isArray: number): void {
    this.#name();
    this.table.addOp(Op.OPEN, isArray, 0);
    this.#joinable = false;
  }

  /** The innermost open container ends. */
  close(isArray: number): void {
    this.table.addOp(Op.CLOSE, isArray, 0);
    this.#joinable = false;
  }

  #name(): void {
    if (this.nameEnd === 0) return;
    if (this.nameEscaped === 0) this.table.addOp(Op.NAME, this.nameStart, this.nameEnd);
    else this.#canonicalName();
  }

  #canonicalName(): void {
    const { table } = this;
    const size = this.nameEnd - this.nameStart;
    if (size > this.#scratch.length) this.#scratch = new Uint8Array(size * 2);
    const length = unescapeJson(this.#slab, this.nameStart + 1, this.nameEnd - 1, this.#scratch, 0);
    const start = table.reserveExtra(6 * length + 2);
    table.extra[start] = QUOTE;
    const end = escapeJson(this.#scratch, 0, length, table.extra, start + 1);
    table.extra[end] = QUOTE;
    table.extraLength = end + 1;
    table.addOp(Op.EXTRA_NAME, start, end + 1);
  }
}
