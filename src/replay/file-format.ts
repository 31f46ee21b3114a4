import { utf8 } from '../core/bytes.js';
import { VeilError } from '../core/errors.js';
import { isRepeated } from '../core/field-path.js';
import { type CsvColumn, type CsvHeader, matchCsvColumns } from '../kernel/csv-columns.js';
import { type CsvDialect, csvDialect } from '../kernel/csv-dialect.js';
import type { Kernel } from '../kernel/kernel.js';
import { CsvLineFinder, JsonLineFinder, type LineFinder } from '../kernel/line-finder.js';
import { RecordSplitter, Split } from '../kernel/record-splitter.js';
import { readCsvHeader, writeCsvHeader } from '../kernel/typescript/csv-header.js';
import { createCsvKernel } from '../kernel/typescript/csv-kernel.js';
import type { Plan } from '../policy/plan.js';
import type { Input } from './input.js';

/** How the records of one input file are found, scanned and written. */
export interface FileFormat {
  /** The kernel of CSV rows; JSON has the one that its pipeline opens. */
  readonly kernel: Kernel | undefined;
  /** A fresh finder of record borders. */
  readonly lines: () => LineFinder;
  /** Byte of the decoded text where the first record begins. */
  readonly firstRecord: number;
  /** CSV: names of the input's columns, and of those that are written. */
  readonly columns: { readonly read: readonly string[]; readonly written: readonly string[] };
  /** Bytes that stand before the first output record: the CSV header row. */
  readonly preamble: Uint8Array;
}

/**
 * The format of a file under a plan: JSON lines, or CSV with the header row that stands in the file. Throws SCHEMA_MISMATCH when
 * the header does not have the columns that the policy reads.
 */
export async function fileFormat(plan: Plan, input: Input, maxRecordBytes: number): Promise<FileFormat> {
  const { format, csv } = plan.policy;
  if (format !== 'csv')
    return {
      kernel: undefined,
      columns: { read: [], written: [] },
      lines: () => new JsonLineFinder(),
      firstRecord: 0,
      preamble: utf8(''),
    };
  const dialect = csvDialect(csv.delimiter, csv.quote, csv.neutralizeFormulas);
  const found = await headerRow(input, dialect, maxRecordBytes);
  const header = matchCsvColumns(found.cells, plan.scan);
  demandColumns(plan, header);
  return {
    kernel: createCsvKernel(plan.scan, header.columns, dialect),
    lines: () => finder(dialect, header.columns.length === 1),
    firstRecord: found.next,
    columns: {
      read: header.columns.map(({ name }) => name),
      written: header.columns.filter(isWritten).map(({ name }) => name),
    },
    preamble: writeCsvHeader(header.columns, dialect),
  };
}

function isWritten({ action }: CsvColumn): boolean {
  return action === 'copy' || action === 'capture';
}

function finder(dialect: CsvDialect, keepBlank: boolean): LineFinder {
  return new CsvLineFinder(dialect.delimiter, dialect.quote, keepBlank);
}

async function headerRow(
  input: Input,
  dialect: CsvDialect,
  maxBytes: number,
): Promise<{ readonly cells: readonly string[]; readonly next: number }> {
  const splitter = new RecordSplitter(finder(dialect, false), maxBytes);
  let rows = splitter.finish();
  for await (const chunk of input.head()) {
    rows = splitter.feed(chunk);
    if (rows.count > 0) break;
  }
  if (rows.count === 0) rows = splitter.finish();
  if (rows.count === 0 || rows.status[0] !== Split.OK)
    throw new VeilError('SCHEMA_MISMATCH', { where: input.name, expected: 'a header row' });
  const row = rows.slab.slice(rows.starts[0], rows.ends[0]);
  return { cells: readCsvHeader(row, dialect), next: rows.nexts[0] ?? 0 };
}

/** A rule that reads nothing is a mistake in the policy or in the file, unless it would have dropped the field anyway. */
function demandColumns(plan: Plan, header: CsvHeader): void {
  const wanted = plan.rules.filter(rule => rule.way !== 'omit' && !isRepeated(rule.path)).map(rule => rule.path.text);
  const absent = header.missing.filter(path => wanted.includes(path));
  if (absent.length === 0) return;
  throw new VeilError('SCHEMA_MISMATCH', {
    where: 'header row',
    expected: `the columns ${absent.join(', ')}`,
    got: `${header.columns.length} columns without them`,
  });
}
