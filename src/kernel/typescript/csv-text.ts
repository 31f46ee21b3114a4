import { type CsvDialect, isFormula } from '../csv-dialect.js';

const LF = 0x0a;
const CR = 0x0d;
const APOSTROPHE = 0x27;

/** Room that `putCell` may need for `size` bytes of text. */
export function cellRoom(size: number): number {
  return 2 * size + 3;
}

/**
 * Writes the text `source[start .. end)` as one cell at `target[at ..]`, in quotes only when it holds a delimiter, a quote or a
 * line break, with an apostrophe before a formula when the dialect asks for it. Returns the position after it.
 */
export function putCell(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
  dialect: CsvDialect,
): number {
  const { quote } = dialect;
  const isQuoted = needsQuotes(source, start, end, dialect);
  let to = at;
  if (isQuoted) target[to++] = quote;
  if (dialect.neutralizeFormulas && isFormula(source, start, end)) target[to++] = APOSTROPHE;
  for (let from = start; from < end; from++) {
    const byte = source[from] ?? 0;
    if (byte === quote) target[to++] = quote;
    target[to++] = byte;
  }
  if (isQuoted) target[to++] = quote;
  return to;
}

function needsQuotes(source: Uint8Array, start: number, end: number, dialect: CsvDialect): boolean {
  for (let at = start; at < end; at++) {
    const byte = source[at];
    if (byte === dialect.delimiter || byte === dialect.quote || byte === LF || byte === CR) return true;
  }
  return false;
}

/** Writes cell content `source[start .. end)` with doubled quotes made single at `target[at ..]`; returns the position after it. */
export function undoubleQuotes(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
  quote: number,
): number {
  let to = at;
  for (let from = start; from < end; from++) {
    const byte = source[from] ?? 0;
    target[to++] = byte;
    if (byte === quote) from++;
  }
  return to;
}
