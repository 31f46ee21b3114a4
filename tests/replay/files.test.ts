import { readdirSync, statSync, symlinkSync } from 'node:fs';
import { parseString } from 'fast-csv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replay as verb } from '../../src/cli/replay.js';
import { ReplayWorkspace } from '../testkit/replay.js';
import { PEOPLE_JSON_POLICY, PEOPLE_POLICY, peopleCsv, peopleJson } from './people.js';

const COUNT = 120;
const TOKEN = /^p1-1-[0-9a-f]{32}$/;
let space: ReplayWorkspace;

beforeAll(async () => {
  space = await new ReplayWorkspace().makeKeys('people');
  space.write('csv.yaml', PEOPLE_POLICY);
  space.write('json.yaml', PEOPLE_JSON_POLICY);
  space.write('in.csv', peopleCsv(COUNT));
  space.write('in.jsonl', peopleJson(COUNT));
});
afterAll(() => space.remove());

const replay = (policy: string, from: string, to: string, ...more: string[]) =>
  space.veil(['replay', '--policy', policy, '--in', from, '--out', to, ...more]);

/** As `replay`, in this process. */
const here = (policy: string, from: string, to: string, ...more: string[]) =>
  space.here([verb], ['replay', '--policy', policy, '--in', from, '--out', to, ...more]);

function rowsOf(csv: string): Promise<Record<string, string>[]> {
  return new Promise((done, failed) => {
    const rows: Record<string, string>[] = [];
    parseString<Record<string, string>, Record<string, string>>(csv, { headers: true })
      .on('data', row => rows.push(row))
      .on('error', failed)
      .on('end', () => done(rows));
  });
}

describe('veil replay', { timeout: 60_000 }, () => {
  it('turns a CSV file into a CSV file, a quarantine and a report of the documented shape', async () => {
    const { status, stdout, stderr } = await replay('csv.yaml', 'in.csv', 'a.csv', '--report', 'a.json');
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout).toContain(`${COUNT} records: 118 forwarded, 0 dropped, 2 quarantined`);
    const rows = await rowsOf(space.read('a.csv'));
    expect(rows).toHaveLength(118);
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(['id', 'mobile', 'birthday', 'city']);
      expect(row.id).toMatch(TOKEN);
      expect(row.mobile).toMatch(/^e1-/);
      expect(row.birthday).toMatch(/^19\d\d$/);
    }
    expect(rows.filter(({ city }) => city === 'Shenzhen, "Nanshan"')).toHaveLength(39);
    expect(space.codes('a.csv.quarantine.jsonl')).toEqual(['VALUE_INVALID', 'VALUE_INVALID']);
    for (const name of ['a.csv', 'a.csv.quarantine.jsonl', 'a.json'])
      expect(statSync(space.path(name)).mode & 0o777).toBe(0o600);
    const report = JSON.parse(space.read('a.json')) as Record<string, unknown>;
    expect(report).toEqual({
      policy: { name: 'people', hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      records: { in: COUNT, forwarded: 118, dropped: 0, quarantined: 2 },
      fields: expect.objectContaining({
        id: { transform: 'pseudonymize', kind: 'account-id', transformed: COUNT, nulls: 0, refused: 0 },
        birthday: { transform: 'generalize', kind: 'birth-date', transformed: 118, nulls: 0, refused: 2 },
      }),
      codes: { VALUE_INVALID: 2 },
      unlisted: { secret: COUNT },
      keys: [expect.stringMatching(/^people\/1\/[0-9a-f]{8}$/)],
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      durationMs: expect.any(Number),
    });
  });

  it('gives JSON lines the same tokens, and equal copies of a file equal bytes', async () => {
    expect(await replay('json.yaml', 'in.jsonl', 'b.jsonl')).toMatchObject({ status: 1, stderr: '' });
    await here('csv.yaml', 'in.csv', 'b.csv');
    const csv = await rowsOf(space.read('b.csv'));
    const json = space.lines('b.jsonl').map(line => JSON.parse(line) as Record<string, string>);
    expect(json.map(({ id }) => id)).toEqual(csv.map(({ id }) => id));
    space.write('renamed.csv', peopleCsv(COUNT));
    await here('csv.yaml', 'renamed.csv', 'c.csv');
    expect(space.read('c.csv')).toBe(space.read('b.csv'));
    space.write('other.csv', peopleCsv(COUNT).replace('lines 0', 'lines 1'));
    await here('csv.yaml', 'other.csv', 'd.csv');
    const mobiles = (rows: Record<string, string>[]) => new Set(rows.map(({ mobile }) => mobile));
    const others = mobiles(await rowsOf(space.read('d.csv')));
    expect([...mobiles(csv)].filter(mobile => others.has(mobile))).toEqual([]);
  });

  it('reads standard input and writes standard output', async () => {
    const args = (policy: string) => ['replay', '--policy', policy, '--in', '-', '--out', '-', '--quarantine'];
    const csv = await space.veil([...args('csv.yaml'), 'q1.jsonl'], peopleCsv(COUNT));
    expect(csv).toMatchObject({ status: 1, stderr: expect.stringContaining('118 forwarded') });
    await here('csv.yaml', 'in.csv', 'e.csv');
    const [piped, filed] = [await rowsOf(csv.stdout), await rowsOf(space.read('e.csv'))];
    expect(piped.map(({ id, birthday }) => [id, birthday])).toEqual(filed.map(({ id, birthday }) => [id, birthday]));
    const json = await space.veil([...args('json.yaml'), 'q2.jsonl'], peopleJson(COUNT));
    expect(json.stdout.trimEnd().split('\n')).toHaveLength(118);
    expect(space.codes('q2.jsonl')).toEqual(['VALUE_INVALID', 'VALUE_INVALID']);
    const again = await space.veil([...args('json.yaml'), 'q3.jsonl'], peopleJson(COUNT));
    expect(again.stdout === json.stdout, 'nonces of standard input are random').toBe(false);
  });

  it('ends with 0 when every record was forwarded, and prints the report with --json', async () => {
    space.write('good.csv', peopleCsv(40));
    const { status, stdout } = await replay('csv.yaml', 'good.csv', 'f.csv', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ records: { in: 40, forwarded: 40, dropped: 0, quarantined: 0 } });
    const reported = await here('csv.yaml', 'good.csv', 'g.csv', '--report', '-');
    expect(JSON.parse(reported.stdout)).toMatchObject({ records: { in: 40 } });
  });

  it('replaces an output with --force only', async () => {
    space.write('kept.csv', 'mine\n');
    const refused = await here('csv.yaml', 'in.csv', 'kept.csv');
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringMatching(/^FILE_EXISTS: kept\.csv /) });
    expect(space.read('kept.csv')).toBe('mine\n');
    expect(await here('csv.yaml', 'in.csv', 'kept.csv', '--force')).toMatchObject({ status: 1 });
    expect(space.lines('kept.csv').length).toBeGreaterThan(100);
  });

  it('never writes over a file of the job, whatever leads to it', async () => {
    symlinkSync(space.path('in.csv'), space.path('link.csv'));
    const before = space.read('in.csv');
    const wrong: (readonly string[])[] = [
      ['csv.yaml', 'in.csv', './in.csv', '--force'],
      ['csv.yaml', 'in.csv', 'link.csv', '--force'],
      ['csv.yaml', 'in.csv', 'h.csv', '--report', 'in.csv'],
      ['csv.yaml', 'in.csv', 'h.csv', '--report', 'csv.yaml'],
      ['csv.yaml', 'in.csv', '-', '--quarantine', 'in.csv', '--force'],
      ['csv.yaml', '-', 'h.csv', '--quarantine', 'h.csv'],
      ['csv.yaml', 'in.csv', 'h.csv', '--quarantine', 'h.csv.veil-partial'],
    ];
    for (const [policy = '', from = '', to = '', ...more] of wrong)
      expect(await here(policy, from, to, ...more), more.join(' ')).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/^ROUTE_LOOP: /),
      });
    expect(space.read('in.csv')).toBe(before);
  });

  it('ends with 2 for what it does not understand, cannot read and cannot write', async () => {
    const wrong: (readonly [RegExp, ...string[]])[] = [
      [/^USAGE: veil replay .*--policy/, 'replay'],
      [/^USAGE: --resume/, 'replay', '--policy', 'csv.yaml', '--in', '-', '--out', 'x.csv', '--resume'],
      [/^USAGE: veil replay .*--quarantine/, 'replay', '--policy', 'csv.yaml', '--in', 'in.csv', '--out', '-'],
      [/^FILE_UNREADABLE: absent\.csv /, 'replay', '--policy', 'csv.yaml', '--in', 'absent.csv', '--out', 'x.csv'],
      [/^FILE_UNREADABLE: keys /, 'replay', '--policy', 'csv.yaml', '--in', 'keys', '--out', 'x.csv'],
      [/^FILE_UNWRITABLE: no\/x\.csv /, 'replay', '--policy', 'csv.yaml', '--in', 'in.csv', '--out', 'no/x.csv'],
      [/^POLICY_UNREADABLE: /, 'replay', '--policy', 'absent.yaml'],
      [
        /^KEY_STORE_MISSING: |^KEY_RING_MISSING: |^DESK_KEY_MISSING: /,
        'replay',
        '--policy',
        '../csv.yaml',
        '--in',
        '../in.csv',
        '--out',
        'x.csv',
      ],
    ];
    for (const [expected, ...args] of wrong) {
      const ended = await space.here([verb], args, args.includes('../csv.yaml') ? 'desk' : '.');
      expect(ended, args.join(' ')).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(expected) });
    }
    expect(readdirSync(space.directory).filter(name => name.startsWith('x.csv'))).toEqual([]);
  });

  it('stops with 4 when the disk is full, and goes on when it is not', async () => {
    space.write('many.csv', peopleCsv(30_000));
    const args = ['replay', '--policy', 'csv.yaml', '--in', 'many.csv', '--out', 'full.csv'];
    const full = await space.limited(args, 2048);
    expect(full).toMatchObject({ status: 4, stdout: '', stderr: expect.stringMatching(/^DISK_FULL: full\.csv/) });
    expect(readdirSync(space.directory)).not.toContain('full.csv');
    expect(await space.veil([...args, '--resume'])).toMatchObject({ status: 1, stderr: '' });
    await here('csv.yaml', 'many.csv', 'roomy.csv');
    expect(space.read('full.csv')).toBe(space.read('roomy.csv'));
  });

  it('stops with 4 when more than 5 % of the last 10,000 records failed, and says what failed', async () => {
    const bad = 'user-1,13800138000,soon,Beijing,,\n';
    space.write('bad.csv', `${peopleCsv(2000)}${bad.repeat(470)}`);
    const { status, stdout, stderr } = await here('csv.yaml', 'bad.csv', 'i.csv');
    expect({ status, stdout }).toEqual({ status: 4, stdout: '' });
    expect(stderr).toMatch(/^ {2}VALUE_INVALID {2}\d+ records\n {2}birthday {2}\d+ values refused\nFAILURE_RATE: /);
    expect(readdirSync(space.directory)).not.toContain('i.csv');
    space.write('near.csv', `${peopleCsv(2000)}${bad.repeat(460)}`);
    expect(await here('csv.yaml', 'near.csv', 'j.csv')).toMatchObject({ status: 1, stderr: '' });
  });
});
