import { concatBytes, textOf, utf8 } from '../../core/bytes.js';
import { VeilError } from '../../core/errors.js';
import type { CsvColumn } from '../csv-columns.js';
import type { CsvDialect } from '../csv-dialect.js';
import { faultCode } from '../kernel.js';
import { CsvCells } from './csv-cells.js';
import { cellRoom, putCell, undoubleQuotes } from './csv-text.js';

const BOM = [0xef, 0xbb, 0xbf];

/**
 * The cells of the header row as text; a byte order mark before the first one is dropped. Not for
 * records. Throws SCHEMA_MISMATCH when the row is not strict CSV.
 */
export function readCsvHeader(row: Uint8Array, dialect: CsvDialect): string[] {
  const cells = new CsvCells(dialect);
  cells.slab = row;
  cells.end = row.length;
  const texts: string[] = [];
  let at = BOM.every((byte, k) => row[k] === byte) ? BOM.length : 0;
  for (;;) {
    at = cells.next(at);
    if (at < 0)
      throw new VeilError('SCHEMA_MISMATCH', {
        where: `header column ${texts.length + 1}`,
        expected: 'a header row as RFC 4180 defines it, in UTF-8',
        got: faultCode(cells.fault),
      });
    const text = new Uint8Array(cells.stop - cells.start);
    texts.push(textOf(text, 0, undoubleQuotes(row, cells.start, cells.stop, text, 0, dialect.quote)));
    if (at === row.length) return texts;
    at += 1;
  }
}

/** The header row of the output, without a line end: the names of the columns that are written, in their order. */
export function writeCsvHeader(columns: readonly CsvColumn[], dialect: CsvDialect): Uint8Array {
  const written = columns.filter(({ action }) => action === 'copy' || action === 'capture');
  const cells = written.map(({ name }) => {
    const text = utf8(name);
    const cell = new Uint8Array(cellRoom(text.length));
    return cell.subarray(0, putCell(text, 0, text.length, cell, 0, dialect));
  });
  const delimiter = Uint8Array.of(dialect.delimiter);
  return concatBytes(...cells.flatMap((cell, at) => (at === 0 ? [cell] : [delimiter, cell])));
}
