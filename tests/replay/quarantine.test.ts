import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replay } from '../../src/cli/replay.js';
import { openQuarantine } from '../../src/desk/open-quarantine.js';
import { ReplayWorkspace } from '../testkit/replay.js';
import { PEOPLE_JSON_POLICY, PEOPLE_POLICY } from './people.js';

const CSV_ROWS = ['user-1,1380013800,1990-02-31,Beijing,,', '"user ""2""\n",13800138000,soon,"a,b",x,y', 'user-3,"x"y'];
const JSON_LINES = [
  '{"id":"user-1","mobile":{"n":"13800138000"}}',
  '{"id":"user-2","id":"user-3"}',
  '[王伟]  ',
  'é\u0001',
];

let space: ReplayWorkspace;
beforeAll(async () => {
  space = await new ReplayWorkspace().makeKeys('people');
  space.write('csv.yaml', PEOPLE_POLICY);
  space.write('json.yaml', PEOPLE_JSON_POLICY);
  space.write('in.csv', `id,mobile,birthday,city,note,secret\n${CSV_ROWS.join('\n')}\n`);
  space.write('in.jsonl', `${JSON_LINES.join('\n')}\n`);
  for (const [policy, format] of [
    ['csv.yaml', 'csv'],
    ['json.yaml', 'jsonl'],
  ] as const)
    await space.here([replay], ['replay', '--policy', policy, '--in', `in.${format}`, '--out', `out.${format}`]);
});
afterAll(() => space.remove());

const open = (from: string, to: string, ...more: string[]) =>
  space.here([openQuarantine], ['open-quarantine', '--in', from, '--key', 'desk/desk.key', '--out', to, ...more]);

describe('quarantined records of a replay', () => {
  it.each([
    ['csv', CSV_ROWS],
    ['jsonl', JSON_LINES],
  ])('of %s open to the bytes that stood in the file', async (format, originals) => {
    const opened = await open(`out.${format}.quarantine.jsonl`, `${format}.opened`);
    expect(opened).toEqual({ status: 0, stdout: `${originals.length} records opened\n`, stderr: '' });
    const records = space.lines(`${format}.opened`).map(line => JSON.parse(line) as Record<string, unknown>);
    expect(records.map(({ value }) => value)).toEqual(originals);
    expect(records.map(({ source, partition, offset }) => [source, partition, offset])).toEqual(
      originals.map((_, n) => [`in.${format}`, 0, n]),
    );
    await open(`out.${format}.quarantine.jsonl`, `${format}.values`, '--values');
    expect(space.read(`${format}.values`)).toBe(`${originals.join('\n')}\n`);
  });

  it('do not open when one of their facts was changed', async () => {
    const [line = ''] = space.lines('out.csv.quarantine.jsonl');
    const facts = JSON.parse(line) as Record<string, unknown>;
    expect(facts).toMatchObject({ v: 1, code: 'VALUE_INVALID', path: 'birthday', offset: 0 });
    const changes = [
      { code: 'VALUE_EMPTY' },
      { path: '' },
      { path: 'id' },
      { offset: 1 },
      { partition: 1 },
      { source: 'other.csv' },
      { source: null, partition: null, offset: null },
      { policy: 'other' },
      { policyHash: '00'.repeat(32) },
      { sealed: `B${String(facts.sealed).slice(1)}` },
      { sealed: String(facts.sealed).slice(0, -8) },
    ];
    for (const [at, change] of changes.entries()) {
      space.write('changed.jsonl', `${JSON.stringify({ ...facts, ...change })}\n`);
      const refused = await open('changed.jsonl', `changed-${at}`);
      expect(refused, JSON.stringify(Object.keys(change))).toMatchObject({ status: 1, stdout: '0 records opened\n' });
      expect(refused.stderr).toMatch(/^1 \w+ refused: (SEAL_REFUSED|TOKEN_MALFORMED)\n$/);
    }
    space.write('same.jsonl', `${JSON.stringify(facts)}\n`);
    expect(await open('same.jsonl', 'same')).toMatchObject({ status: 0 });
  });
});
