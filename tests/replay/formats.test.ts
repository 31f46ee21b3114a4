import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FailingDisk } from '../testkit/failing-disk.js';
import { ReplayWorkspace } from '../testkit/replay.js';

const POLICY = `
version: 1
name: formats
purpose: test
source: { file: in.csv, format: csv }
sink: { file: out.csv }
fields:
  id: { do: keep, because: test }
  name: { is: person-name, do: pseudonymize, domain: people }
`;

/** 王伟 as GB18030. */
const WANG_WEI = [0xcd, 0xf5, 0xce, 0xb0];

let space: ReplayWorkspace;
beforeEach(async () => {
  space = await new ReplayWorkspace().makeKeys('people');
  space.write('policy.yaml', POLICY);
});
afterEach(() => space.remove());

/** Ids of the forwarded rows and codes of the quarantined ones. */
async function outcome(input: string | Uint8Array, limits = {}): Promise<{ ids: string[]; codes: string[] }> {
  space.write('in.csv', input);
  const report = await space.replay({ limits, replace: true });
  const [header, ...rows] = space.lines('out.csv');
  expect(header).toMatch(/^id[,|]name$/);
  const codes = space.codes('out.csv.quarantine.jsonl');
  expect(report?.records).toMatchObject({ forwarded: rows.length, quarantined: codes.length, dropped: 0 });
  expect(report?.records.in).toBe(rows.length + codes.length);
  return { ids: rows.map(row => row.split(/[,|]/)[0] ?? ''), codes };
}

describe('a CSV file', () => {
  it('may have a byte order mark, CRLF, CR, blank lines and no last line end', async () => {
    for (const text of [
      '\ufeffid,name\n1,王伟\n2,李芳\n',
      'id,name\r\n1,王伟\r\n2,李芳\r\n',
      'id,name\r1,王伟\r2,李芳',
      '\ufeffid,name\r\n\r\n1,王伟\n\n2,李芳',
      '"id","name"\n"1","王伟"\n"2","李芳"\n',
    ])
      expect(await outcome(text), JSON.stringify(text)).toEqual({ ids: ['1', '2'], codes: [] });
  });

  it('may have line breaks, delimiters and doubled quotes inside quotes', async () => {
    space.write('in.csv', 'id,name\n"a\r\nb, ""c""\n",王伟\n2,李芳\n');
    await space.replay();
    expect(space.read('out.csv')).toMatch(/^id,name\n"a\r\nb, ""c""\n",p1-1-[0-9a-f]{32}\n2,p1-1-[0-9a-f]{32}\n$/);
  });

  it('loses only the rows that are damaged', async () => {
    expect(await outcome('id,name\n1,王伟\n2\n3,李芳,x\n4,"李"芳\n5,王"伟\n6,张丽\n')).toEqual({
      ids: ['1', '6'],
      codes: ['CSV_RAGGED', 'CSV_RAGGED', 'CSV_SYNTAX', 'CSV_SYNTAX'],
    });
    expect(await outcome('id,name\n1,王伟\n2,"李芳\n3,张丽\n')).toEqual({ ids: ['1'], codes: ['CSV_SYNTAX'] });
  });

  it('loses rows beyond the limit, and nothing behind them', async () => {
    const long = 'x'.repeat(5000);
    const text = `id,name\n1,王伟\n${long},李芳\n"${long}\n\n",李芳\n4,张丽\n"${long}`;
    expect(await outcome(text, { recordBytes: 1024 })).toEqual({
      ids: ['1', '4'],
      codes: ['RECORD_TOO_LARGE', 'RECORD_TOO_LARGE', 'RECORD_TOO_LARGE'],
    });
  });

  it('is read as the policy says: delimiter, quote', async () => {
    space.write('policy.yaml', POLICY.replace('format: csv', `format: csv, delimiter: "|", quote: "'"`));
    expect(await outcome(`id|name\n'1|x'|王伟\n2|李芳\n`)).toEqual({ ids: ["'1", '2'], codes: [] });
  });

  it('has to have the columns of the policy, once each', async () => {
    for (const text of [
      '',
      '\n\n',
      'id\n1\n',
      'name,other\n王伟,1\n',
      'id,name,id\n1,王伟,2\n',
      '王伟,1\n',
      '"id,name\n1,2\n',
    ]) {
      space.write('in.csv', text);
      await expect(space.replay(), text).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH', exitStatus: 2 });
    }
    expect(await outcome('id,name\n')).toEqual({ ids: [], codes: [] });
  });

  it('does not become a formula of a spreadsheet when the policy asks for it', async () => {
    const text = `id,name\n"=HYPERLINK(""x"")",王伟\n@SUM(A1),李芳\n-12.5,张丽\n+1+1,张敏\n\tx,王芳\n`;
    expect((await outcome(text)).ids).toEqual(['"=HYPERLINK(""x"")"', '@SUM(A1)', '-12.5', '+1+1', '\tx']);
    space.write('policy.yaml', POLICY.replace('file: out.csv', 'file: out.csv, neutralizeFormulas: true'));
    expect((await outcome(text)).ids).toEqual([`"'=HYPERLINK(""x"")"`, "'@SUM(A1)", '-12.5', "'+1+1", "'\tx"]);
  });
});

describe('a GB18030 file', () => {
  const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')];

  it('gives the tokens of the same file in UTF-8', async () => {
    await outcome('id,name\n1,王伟\n');
    const expected = space.read('out.csv');
    space.write('policy.yaml', POLICY.replace('format: csv', 'format: csv, encoding: gb18030'));
    expect(await outcome(Uint8Array.from([...ascii('id,name\n1,'), ...WANG_WEI]))).toEqual({ ids: ['1'], codes: [] });
    expect(space.read('out.csv')).toBe(expected);
  });

  it('loses only the rows that do not decode, wherever chunks end', async () => {
    space.write('policy.yaml', POLICY.replace('format: csv', 'format: csv, encoding: gb18030'));
    const row = (id: number, ...name: number[]) => [...ascii(`${id},`), ...name, 0x0a];
    const bad = [...row(2, 0xff, 0xff), ...row(3, 0xcd), ...row(4, 0x81, 0x30, 0x81)];
    const start = [...ascii('id,name\n'), ...row(1, ...WANG_WEI), ...bad, ...row(5, ...WANG_WEI)];
    expect(await outcome(Uint8Array.from(start))).toEqual({
      ids: ['1', '5'],
      codes: ['CSV_ENCODING', 'CSV_ENCODING', 'CSV_ENCODING'],
    });
    const many = Array.from({ length: 120_000 }, () => row(7, ...WANG_WEI)).flat();
    const { ids, codes } = await outcome(Uint8Array.from([...start, ...many]));
    expect([ids.length, codes.length]).toEqual([120_002, 3]);
  });

  it('is resumed in the middle', async () => {
    space.write('policy.yaml', POLICY.replace('format: csv', 'format: csv, encoding: gb18030'));
    const rows = Array.from({ length: 90 }, (_, n) => [...ascii(`${n},`), ...(n % 9 === 8 ? [0xff] : WANG_WEI), 0x0a]);
    space.write('in.csv', Uint8Array.from([...ascii('id,name\n'), ...rows.flat()]));
    const pace = { batchRecords: 8, checkpointBatches: 2 };
    await space.replay({ output: 'whole.csv', pace });
    const disk = new FailingDisk(40, 'kill');
    await expect(space.replay({ pace })).rejects.toThrow();
    disk.repair();
    expect(await space.replay({ pace, resume: true })).toMatchObject({ records: { in: 90 } });
    expect(space.read('out.csv')).toBe(space.read('whole.csv'));
    expect(space.codes('out.csv.quarantine.jsonl')).toHaveLength(10);
  });
});

describe('a file of JSON lines', () => {
  it('may have a byte order mark, CRLF and blank lines, and loses only what is damaged', async () => {
    space.write('policy.yaml', POLICY.replaceAll('.csv', '.jsonl').replace('format: csv', 'format: json'));
    const good = '{"id":1,"name":"王伟"}';
    const lines = ['', '  ', '{"id":2', '[1]', '{"id":3,"id":4}', `${good}${good}`, '{"id":5,"name":7}', good];
    space.write('in.jsonl', `\ufeff${good}\r\n${lines.join('\r\n')}`);
    await space.replay({ input: 'in.jsonl', output: 'out.jsonl' });
    expect(space.lines('out.jsonl')).toHaveLength(2);
    expect(space.codes('out.jsonl.quarantine.jsonl')).toEqual([
      'JSON_SYNTAX',
      'JSON_NOT_OBJECT',
      'JSON_DUPLICATE_KEY',
      'JSON_SYNTAX',
      'VALUE_TYPE',
    ]);
  });
});
