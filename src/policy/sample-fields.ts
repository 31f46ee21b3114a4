import { VeilError } from '../core/errors.js';
import { parseFieldPath, printSteps } from '../core/field-path.js';
import { csvDialect } from '../kernel/csv-dialect.js';
import { CsvLineFinder } from '../kernel/line-finder.js';
import { RecordSplitter } from '../kernel/record-splitter.js';
import { readCsvHeader } from '../kernel/typescript/csv-header.js';
import { looksLikeData } from '../kernel/unlisted-names.js';
import type { Format } from './policy.js';
import { jsonLeaves } from './record-leaves.js';

/** A field of a sample with some of its values. The values serve for guessing and are never written anywhere. */
export interface SampleField {
  readonly path: string;
  readonly values: readonly string[];
}

/** What a sample file looks like. */
export interface Sample {
  readonly format: Format;
  /** CSV only. */
  readonly delimiter: string;
  readonly fields: readonly SampleField[];
}

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_FIELDS = 1_000;
const MAX_VALUES = 200;
const DELIMITERS = [',', ';', '\t', '|'];

/**
 * Fields of a CSV file with a header row or of JSON lines, from its first 4 MiB. Member names that look like data (ids as map keys)
 * become `*`. Throws SCHEMA_MISMATCH when no field can be found.
 */
export function sampleFields(name: string, bytes: Uint8Array): Sample {
  const head = bytes.subarray(0, MAX_BYTES);
  const text = new TextDecoder().decode(head);
  const isJson = /\.(?:jsonl?|ndjson)$/i.test(name) || (!/\.csv$/i.test(name) && text.trimStart().startsWith('{'));
  const values = new Map<string, string[]>();
  const delimiter = isJson ? ',' : likelyDelimiter(text);
  if (isJson) readJsonLines(text, values);
  else readCsvRows(head, delimiter, values);
  if (values.size === 0) {
    throw new VeilError('SCHEMA_MISMATCH', {
      where: name,
      expected: 'CSV with a header row, or JSON lines of objects',
    });
  }
  const fields = [...values].slice(0, MAX_FIELDS).map(([path, list]) => ({ path, values: list }));
  return { format: isJson ? 'json' : 'csv', delimiter, fields };
}

function likelyDelimiter(text: string): string {
  const [header = ''] = text.split(/\r?\n/, 1);
  const counts = DELIMITERS.map(delimiter => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

function readJsonLines(text: string, values: Map<string, string[]>): void {
  for (const line of text.split('\n')) {
    for (const [path, leaf] of jsonLeaves(line) ?? []) {
      if (path !== '')
        note(values, generalPath(path), leaf.type === 'string' || leaf.type === 'number' ? leaf.text : '');
    }
  }
}

/** `items[0].sku` as `items[].sku`; names that look like data as `*`. */
function generalPath(path: string): string {
  const { steps } = parseFieldPath(path.replace(/\[\d+\]/g, '[]'));
  return printSteps(steps.map(step => (step.step === 'member' && looksLikeData(step.name) ? { step: 'any' } : step)));
}

function readCsvRows(bytes: Uint8Array, delimiter: string, values: Map<string, string[]>): void {
  const dialect = csvDialect(delimiter);
  const splitter = new RecordSplitter(new CsvLineFinder(dialect.delimiter, dialect.quote, false), MAX_BYTES);
  const rows: string[][] = [];
  const take = (found: ReturnType<RecordSplitter['feed']>): void => {
    for (let row = 0; row < found.count && rows.length <= MAX_VALUES; row++) {
      const cells = cellsOf(found.slab.slice(found.starts[row], found.ends[row]), dialect);
      if (cells !== undefined) rows.push(cells);
    }
  };
  take(splitter.feed(bytes));
  if (bytes.length < MAX_BYTES) take(splitter.finish());
  const [header = [], ...records] = rows;
  header.forEach((cell, column) => {
    const path = columnPath(cell.trim());
    for (const record of records) note(values, path, record[column] ?? '');
    if (records.length === 0) note(values, path, '');
  });
}

/** A row of the sample; rows that are not strict CSV say nothing about the fields. */
function cellsOf(row: Uint8Array, dialect: ReturnType<typeof csvDialect>): string[] | undefined {
  try {
    return readCsvHeader(row, dialect);
  } catch (error) {
    if (error instanceof VeilError) return undefined;
    throw error;
  }
}

/** A header cell as a field path; one that spells none is taken as one name. */
function columnPath(cell: string): string {
  try {
    const path = parseFieldPath(cell.replace(/\[\d+\]/g, '[]'));
    if (path.root === 'value' && !path.steps.some(({ step }) => step === 'any')) return path.text;
  } catch (error) {
    if (!(error instanceof VeilError)) throw error;
  }
  return printSteps([{ step: 'member', name: cell }]);
}

function note(values: Map<string, string[]>, path: string, value: string): void {
  const known = values.get(path);
  if (known === undefined) values.set(path, value === '' ? [] : [value]);
  else if (value !== '' && known.length < MAX_VALUES) known.push(value);
}
