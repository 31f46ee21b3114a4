import { VeilError } from '../core/errors.js';

/** How CSV is written: RFC 4180 with another delimiter or quote if need be. Both are ASCII. */
export interface CsvDialect {
  /** Byte between cells. */
  readonly delimiter: number;
  /** Byte around cells that hold a delimiter, a quote or a line break; doubled inside. */
  readonly quote: number;
  /**
   * Puts an apostrophe before output cells, kept or transformed, that a spreadsheet would run as a formula: those that begin with
   * `= + - @`, TAB or CR (OWASP "CSV Injection"), except plain decimal numbers such as `-12.5` or `+3e8`.
   */
  readonly neutralizeFormulas: boolean;
}

/** A dialect from one-character texts. Throws CONFIG_CONFLICT when they cannot be told apart from text or from each other. */
export function csvDialect(delimiter = ',', quote = '"', neutralizeFormulas = false): CsvDialect {
  const [comma, mark] = [asciiOf(delimiter), asciiOf(quote)];
  if (comma === undefined || mark === undefined || comma === mark)
    throw new VeilError('CONFIG_CONFLICT', {
      where: 'csv.delimiter and csv.quote',
      expected: 'two different ASCII characters that are no line break, letter or digit',
    });
  return { delimiter: comma, quote: mark, neutralizeFormulas };
}

function asciiOf(text: string): number | undefined {
  return /^[\t!-/:-@[-`{-~ ]$/.test(text) ? text.charCodeAt(0) : undefined;
}

const PLAIN_NUMBER = /^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;
const MAX_NUMBER_LENGTH = 64;

/** True when a spreadsheet would run the cell `bytes[start .. end)` (content, without quotes) as a formula. */
export function isFormula(bytes: Uint8Array, start: number, end: number): boolean {
  if (start >= end) return false;
  const first = bytes[start] ?? 0;
  if (first === 0x3d || first === 0x40 || first === 0x09 || first === 0x0d) return true;
  if (first !== 0x2b && first !== 0x2d) return false;
  if (end - start > MAX_NUMBER_LENGTH) return true;
  return !PLAIN_NUMBER.test(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1'));
}
