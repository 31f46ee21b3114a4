import { textOf } from '../core/bytes.js';
import { csvDialect } from '../kernel/csv-dialect.js';
import { RecordSplitter, Split } from '../kernel/record-splitter.js';
import { readCsvHeader } from '../kernel/typescript/csv-header.js';
import type { Policy } from '../policy/policy.js';
import { jsonLeaves } from '../policy/record-leaves.js';
import type { FileFormat } from './file-format.js';
import type { Input } from './input.js';

/** The first `count` records of a file as bytes; those that are no whole record are left out. */
export async function firstRecords(
  input: Input,
  format: FileFormat,
  count: number,
  maxBytes: number,
): Promise<Uint8Array[]> {
  const splitter = new RecordSplitter(format.lines(), maxBytes, format.firstRecord);
  const records: Uint8Array[] = [];
  const take = (found: ReturnType<RecordSplitter['feed']>): void => {
    for (let r = 0; r < found.count && records.length < count; r++)
      if (found.status[r] === Split.OK) records.push(found.slab.slice(found.starts[r], found.ends[r]));
  };
  for await (const chunk of input.read(format.firstRecord)) {
    take(splitter.feed(chunk));
    if (records.length === count) return records;
  }
  take(splitter.finish());
  return records;
}

/**
 * Values of a record by field, for people to look at: the leaves of a JSON text, or the cells of a CSV row under its header.
 * Empty when the record cannot be read.
 */
export function shownFields(
  policy: Policy,
  header: readonly string[],
  record: Uint8Array,
): ReadonlyMap<string, string> {
  try {
    if (policy.format !== 'csv')
      return new Map([...(jsonLeaves(textOf(record)) ?? [])].map(([path, { text }]) => [path, text]));
    const { delimiter, quote } = policy.csv;
    const cells = readCsvHeader(record, csvDialect(delimiter, quote));
    return new Map(cells.map((cell, at) => [header[at] ?? '', cell]));
  } catch {
    // A record that cannot be read is shown without fields; the pipeline says why it refuses it.
    return new Map();
  }
}
