import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseString } from 'fast-csv';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.js';
import { Shape, Token } from '../../src/core/token.js';
import { matchCsvColumns } from '../../src/kernel/csv-columns.js';
import { csvDialect } from '../../src/kernel/csv-dialect.js';
import { CsvLineFinder } from '../../src/kernel/line-finder.js';
import { Fault } from '../../src/kernel/span-table.js';
import { readCsvHeader, writeCsvHeader } from '../../src/kernel/typescript/csv-header.js';
import { createCsvKernel } from '../../src/kernel/typescript/csv-kernel.js';
import { vectorPath } from '../testkit/vectors.js';
import { Random } from './json-generator.js';
import { type Answer, planOf, type Ran, type RuleWords, run, type Seen } from './scan-harness.js';
import { splitAll } from './split-harness.js';

/** Rows through a fresh kernel. */
function runRows(words: RuleWords, header: string, rows: readonly string[], options: Options = {}): Ran {
  const plan = planOf(words, { unlisted: options.unlisted ?? 'omit' });
  const dialect = csvDialect(options.delimiter, undefined, options.neutralize);
  const { columns } = matchCsvColumns(readCsvHeader(utf8(header), dialect), plan);
  return run(createCsvKernel(plan, columns, dialect), rows.map(utf8), options.answer ?? asText);
}

interface Options {
  readonly delimiter?: string;
  readonly neutralize?: boolean;
  readonly unlisted?: 'omit' | 'fault';
  readonly answer?: (seen: Seen) => Answer;
}

function asText({ token, text }: Seen): Answer {
  return token === Token.NULL ? { shape: Shape.NULL } : { shape: Shape.TEXT, text };
}

describe('CSV rows', () => {
  it('keep, capture and leave out by column, in header order', () => {
    const words = { a: 'copy', b: 'capture', c: 'omit', e: 'copy' } as const;
    const { out, spans } = runRows(words, 'a,b,c,d,e', ['1,2,3,4,5', ',,,,', '"x","y","z","u","v"']);
    expect(out).toEqual(['1,2,5', ',,', 'x,y,v']);
    expect(spans.map(({ text, token }) => [text, token])).toEqual([
      ['2', Token.STRING],
      ['', Token.NULL],
      ['y', Token.STRING],
    ]);
  });

  it('are quoted only where needed, whether copied or spliced', () => {
    const row = ['"plain"', '"a,b"', '"say ""hi"""', '"line\r\nbreak"', ' spaced ', '""'].join(',');
    const expected = 'plain,"a,b","say ""hi""","line\r\nbreak", spaced ,';
    const header = 'a,b,c,d,e,f';
    const all = (word: 'copy' | 'capture'): RuleWords =>
      Object.fromEntries(header.split(',').map(name => [name, word]));
    expect(runRows(all('copy'), header, [row]).out).toEqual([expected]);
    const captured = runRows(all('capture'), header, [row]);
    expect(captured.out).toEqual([expected]);
    expect(captured.spans.map(({ text }) => text)).toEqual([
      'plain',
      'a,b',
      'say "hi"',
      'line\r\nbreak',
      ' spaced ',
      '',
    ]);
  });

  it('know other delimiters: a comma is then an ordinary character', () => {
    const words = { a: 'copy', b: 'capture' } as const;
    expect(runRows(words, 'a;b', ['1,5;"x;y"', '"1,5";z'], { delimiter: ';' }).out).toEqual(['1,5;"x;y"', '1,5;z']);
    expect(() => csvDialect('"', '"')).toThrow(/CONFIG_CONFLICT/);
    expect(() => csvDialect('\n')).toThrow(/CONFIG_CONFLICT/);
    expect(() => csvDialect('，')).toThrow(/CONFIG_CONFLICT/);
  });

  it("are refused when they are not strict RFC 4180 in UTF-8 with the header's number of cells", () => {
    const rows = ['a"b,1', '"a"b,1', '"a,1', '"a""', 'a\rb,1', '1', '1,2,3', '', '"a"" ,1'];
    const syntax = Fault.CSV_SYNTAX;
    const { faults, out } = runRows({ a: 'copy' }, 'a,b', rows);
    expect(faults).toEqual([syntax, syntax, syntax, syntax, syntax, Fault.RAGGED, Fault.RAGGED, Fault.RAGGED, syntax]);
    expect(out.every(text => text === undefined)).toBe(true);
    const plan = planOf({ a: 'copy' });
    const kernel = createCsvKernel(plan, matchCsvColumns(['a', 'b'], plan).columns, csvDialect());
    expect(run(kernel, [Uint8Array.of(0x61, 0x2c, 0xff), Uint8Array.of(0x22, 0xc0, 0x80, 0x22, 0x2c)]).faults).toEqual([
      Fault.CSV_UTF8,
      Fault.CSV_UTF8,
    ]);
  });

  it('with something in an unlisted column are counted, and refused when the policy says so', () => {
    const plan = planOf({ a: 'copy' });
    const { columns } = matchCsvColumns(['a', 'note', '13800138000'], plan);
    const kernel = createCsvKernel(plan, columns, csvDialect());
    run(kernel, ['1,x,y', '2,,', '3,z,'].map(utf8));
    expect([...kernel.unlisted]).toEqual([
      ['note', 2],
      ['*', 1],
    ]);
    expect(runRows({ a: 'copy' }, 'a,note', ['1,x', '2,'], { unlisted: 'fault' }).faults).toEqual([Fault.UNLISTED, 0]);
  });

  it('of one empty cell are written as quotes, because readers skip blank lines', () => {
    expect(runRows({ a: 'copy' }, 'a', ['', '""', 'x']).out).toEqual(['""', '""', 'x']);
    expect(runRows({ a: 'capture' }, 'a,b', [',1'], { answer: () => ({ shape: Shape.OMIT }) }).out).toEqual(['""']);
  });

  it('neutralize formulas on request, kept or transformed, but not plain numbers', () => {
    const cells = [
      '=1+1',
      '+1',
      '-12.5',
      '-1e5',
      '-2+3',
      '@SUM(A1)',
      '\tx',
      '"=a,b"',
      '"=say ""x"""',
      '+86 138',
      'a=1',
    ];
    const neutral = [
      "'=1+1",
      '+1',
      '-12.5',
      '-1e5',
      "'-2+3",
      "'@SUM(A1)",
      "'\tx",
      `"'=a,b"`,
      `"'=say ""x"""`,
      "'+86 138",
      'a=1',
    ];
    for (const word of ['copy', 'capture'] as const) {
      expect(runRows({ a: word }, 'a', cells, { neutralize: true }).out).toEqual(neutral);
      expect(runRows({ a: word }, 'a', cells).out).toEqual(cells);
    }
    expect(runRows({ a: 'copy' }, 'a', ['"\rx"'], { neutralize: true }).out).toEqual(['"\'\rx"']);
  });

  it('give the same result one by one as in a batch', () => {
    const rows = ['1,2', 'bad"', '"a,b",', '3,"x""y"', ''];
    const words = { a: 'copy', b: 'capture' } as const;
    const together = runRows(words, 'a,b', rows);
    const alone = rows.map(row => runRows(words, 'a,b', [row]));
    expect(together.out).toEqual(alone.map(({ out }) => out[0]));
    expect(together.faults).toEqual(alone.map(({ faults }) => faults[0]));
  });
});

describe('CSV headers', () => {
  it('match rules as paths with indexes, as prefixes of a subtree, or as literal names', () => {
    const plan = planOf({
      'items[].sku': 'copy',
      'user.name': 'capture',
      addr: 'omit',
      '"First name"': 'copy',
      gone: 'copy',
      'u.id': 'look',
    });
    const names = [
      'items[0].sku',
      ' items[1].sku',
      'user.name',
      'addr.city',
      'First name',
      'other',
      'u.id',
      '13800138000',
    ];
    const header = matchCsvColumns(names, plan);
    expect(header.columns.map(({ action }) => action)).toEqual([
      'copy',
      'copy',
      'capture',
      'omit',
      'copy',
      'unlisted',
      'omit',
      'unlisted',
    ]);
    expect(header.columns.map(({ look }) => look)).toEqual([-1, -1, -1, -1, -1, -1, 5, -1]);
    expect(header.missing).toEqual(['gone']);
    expect(header.unlisted).toEqual(['other', '*']);
    expect(Buffer.from(writeCsvHeader(header.columns, csvDialect())).toString()).toBe(
      'items[0].sku,items[1].sku,user.name,First name',
    );
  });

  it('refuse two columns of one name, also after the byte order mark and white space are gone', () => {
    const cells = readCsvHeader(utf8('\ufeffa,b, a '), csvDialect());
    expect(cells).toEqual(['a', 'b', ' a ']);
    expect(() => matchCsvColumns(cells, planOf({ a: 'copy' }))).toThrow(/SCHEMA_MISMATCH: header columns 1 and 3/);
    expect(() => matchCsvColumns(['a', '"a"'], planOf({ a: 'copy' }))).toThrow(
      /SCHEMA_MISMATCH: header columns 1 and 2/,
    );
    expect(() => readCsvHeader(utf8('a,b"c'), csvDialect())).toThrow(/SCHEMA_MISMATCH: header column 2/);
  });
});

/** Every row of a CSV file as captured cells, by header name; or the first fault. */
function records(bytes: Uint8Array): Record<string, string>[] {
  const dialect = csvDialect();
  const [head, ...rows] = splitAll(new CsvLineFinder(dialect.delimiter, dialect.quote, false), [bytes]);
  const names = readCsvHeader(head?.bytes ?? bytes, dialect);
  const plan = planOf(Object.fromEntries(names.map(name => [JSON.stringify(name), 'capture' as const])));
  const kernel = createCsvKernel(plan, matchCsvColumns(names, plan).columns, dialect);
  const ran = run(
    kernel,
    rows.map(row => row.bytes),
    asText,
  );
  return rows.map((_, r) => {
    const cells = ran.spans.filter(span => span.record === r);
    return ran.faults[r] === 0
      ? Object.fromEntries(cells.map(({ field, text }) => [names[field], text]))
      : { fault: String(ran.faults[r]) };
  });
}

describe('csv-spectrum', () => {
  const files = readdirSync(vectorPath('csv-spectrum', 'csvs')).map(file => basename(file, '.csv'));

  it.each(files)('%s', name => {
    const lf = readFileSync(vectorPath('csv-spectrum', 'csvs', `${name}.csv`), 'utf8');
    // The pack's "_crlf" files were stored with LF, byte for byte the same as their namesakes; their expectations have CRLF.
    const csv = utf8(name.endsWith('_crlf') ? lf.replaceAll('\n', '\r\n') : lf);
    const json = JSON.parse(readFileSync(vectorPath('csv-spectrum', 'json', `${name}.json`), 'utf8')) as unknown;
    const got = records(csv);
    // The pack's expectation for this file is of another number than the file and its quotes are bare: strict CSV refuses it.
    if (name === 'location_coordinates')
      expect(got.map(row => row.fault)).toEqual(got.map(() => String(Fault.CSV_SYNTAX)));
    else expect(got).toEqual(json);
  });

  it('is complete', () => expect(files.length).toBe(12));
});

describe('against fast-csv', () => {
  it('300 generated files of strict CSV give the same cells', async () => {
    const random = new Random(4180);
    const texts = ['', 'x', ' padded ', 'a,b', 'say "hi"', 'two\nlines', 'two\r\nlines', '张三', '😀', "'", '=1', '\t'];
    let rows = 0;
    for (let file = 0; file < 300; file++) {
      const columns = 2 + random.below(4);
      const end = random.pick(['\n', '\r\n']);
      const table = Array.from({ length: 10 }, (_, r) =>
        Array.from({ length: columns }, (_, c) => (c === 0 ? `r${r}` : random.pick(texts))),
      );
      const spell = (text: string): string =>
        /[",\r\n]/.test(text) || random.below(3) === 0 ? `"${text.replaceAll('"', '""')}"` : text;
      const names = Array.from({ length: columns }, (_, c) => `c${c}`);
      const text = [names, ...table].map(row => row.map(spell).join(',')).join(end) + random.pick(['', end]);
      const expected = await viaFastCsv(text);
      expect(records(utf8(text))).toEqual(expected);
      rows += table.length;
    }
    process.stdout.write(`CSV differential: ${rows} rows\n`);
  }, 60_000);
});

function viaFastCsv(text: string): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const rows: unknown[] = [];
    parseString(text, { headers: true })
      .on('error', reject)
      .on('data', row => rows.push(row))
      .on('end', () => resolve(rows));
  });
}
