const LF = 0x0a;
const CR = 0x0d;

/** Finds where records of a text file end. Keeps its state between calls, so that chunks may end anywhere. */
export interface LineFinder {
  /** Position of the byte that ends the record, looking from `from` on, or `length` when it is not there yet. */
  find(bytes: Uint8Array, from: number, length: number): number;
  /** A record ended. */
  reset(): void;
  /** True when the text so far ends inside quotes. */
  readonly isOpen: boolean;
  /** True when the record `bytes[start .. end)` is only a blank line. */
  isBlank(bytes: Uint8Array, start: number, end: number): boolean;
}

/** Lines of JSON text: they end at LF only (a CR before it is white space of JSON). Lines of white space are blank. */
export class JsonLineFinder implements LineFinder {
  readonly isOpen = false;

  find(bytes: Uint8Array, from: number, length: number): number {
    const found = bytes.indexOf(LF, from);
    return found < 0 || found > length ? length : found;
  }

  reset(): void {}

  isBlank(bytes: Uint8Array, start: number, end: number): boolean {
    for (let at = start; at < end; at++) {
      const byte = bytes[at];
      if (byte !== 0x20 && byte !== 0x09 && byte !== CR) return false;
    }
    return true;
  }
}

const ORDINARY = 0;
const DELIMITER = 1;
const QUOTE = 2;
const BREAK = 3;

/** Where in a cell the last byte left us. */
const State = { CELL_START: 0, BARE: 1, QUOTED: 2, AFTER_QUOTE: 3 } as const;

/**
 * CSV rows: they end at LF, CRLF or CR outside quotes. A quote opens only at the start of a cell, as in RFC 4180; a stray one is
 * left to the row scanner, which refuses the row.
 */
export class CsvLineFinder implements LineFinder {
  readonly #class = new Uint8Array(256);
  readonly #keepBlank: boolean;
  #state: number = State.CELL_START;

  /** `keepBlank`: an empty line is a row with one empty cell (files of one column), not nothing. */
  constructor(delimiter: number, quote: number, keepBlank: boolean) {
    this.#class[delimiter] = DELIMITER;
    this.#class[quote] = QUOTE;
    this.#class[LF] = BREAK;
    this.#class[CR] = BREAK;
    this.#keepBlank = keepBlank;
  }

  get isOpen(): boolean {
    return this.#state === State.QUOTED;
  }

  find(bytes: Uint8Array, from: number, length: number): number {
    const classes = this.#class;
    let state = this.#state;
    let at = from;
    for (; at < length; at++) {
      const found = classes[bytes[at] ?? 0];
      if (state === State.QUOTED) {
        if (found === QUOTE) state = State.AFTER_QUOTE;
      } else if (found === ORDINARY) state = State.BARE;
      else if (found === DELIMITER) state = State.CELL_START;
      else if (found === BREAK) break;
      else state = state === State.BARE ? State.BARE : State.QUOTED;
    }
    this.#state = state;
    return at;
  }

  reset(): void {
    this.#state = State.CELL_START;
  }

  isBlank(_bytes: Uint8Array, start: number, end: number): boolean {
    return start === end && !this.#keepBlank;
  }
}
