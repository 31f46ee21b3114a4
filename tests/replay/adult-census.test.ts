import { copyFileSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { replay } from '../../src/cli/replay.js';
import { ReplayWorkspace } from '../testkit/replay.js';
import { vectorPath } from '../testkit/vectors.js';

const POLICY = resolve(import.meta.dirname, '../../configs/adult-census.yaml');
const KEPT = ['sex', 'age', 'education', 'native-country', 'salary-class'];

let space: ReplayWorkspace;
let input: string[][];
let output: string[][];

beforeAll(async () => {
  space = await new ReplayWorkspace().makeKeys();
  copyFileSync(POLICY, space.path('adult-census.yaml'));
  const source = vectorPath('arx', 'data', 'adult.csv');
  const args = [
    'replay',
    '--policy',
    'adult-census.yaml',
    '--in',
    source,
    '--out',
    'out.csv',
    '--report',
    'report.json',
  ];
  expect(await space.here([replay], args)).toMatchObject({ status: 0, stderr: '' });
  input = cells(readFileSync(source, 'utf8'));
  output = cells(space.read('out.csv'));
}, 60_000);
afterAll(() => space.remove());

/** The set has no quotes: cells are what stands between semicolons. */
function cells(text: string): string[][] {
  return text
    .trimEnd()
    .split(/\r?\n/)
    .map(line => line.split(';'));
}

/** Age as the policy wants it, written down once more: ten-year bands, the young and the old coded together. */
function band(text: string): string {
  const age = Number(text);
  if (age < 20) return '<20';
  if (age >= 80) return '>=80';
  const from = age - (age % 10);
  return `[${from},${from + 10})`;
}

/** Sizes of the classes of equal quasi-identifiers, smallest first (k-anonymity: the first one is k). */
function classSizes(rows: readonly (readonly string[])[]): number[] {
  const sizes = new Map<string, number>();
  for (const row of rows) sizes.set(row.join('|'), (sizes.get(row.join('|')) ?? 0) + 1);
  return [...sizes.values()].sort((a, b) => a - b);
}

it('forwards every person of the adult data set', () => {
  const { records } = JSON.parse(space.read('report.json')) as { records: unknown };
  expect(input).toHaveLength(30_163);
  expect(records).toEqual({ in: 30_162, forwarded: 30_162, dropped: 0, quarantined: 0 });
  expect(output).toHaveLength(input.length);
  expect(output[0]).toEqual(KEPT);
});

it('writes only the bands of the policy, each where it belongs', () => {
  const at = (name: string): number => input[0]?.indexOf(name) ?? -1;
  const expected = input
    .slice(1)
    .map(row => [row[at('sex')], band(row[at('age')] ?? ''), row[at('education')], '*', row[at('salary-class')]]);
  expect(output.slice(1)).toEqual(expected);
  expect(new Set(output.slice(1).map(row => row[1])).size).toBe(8);
});

it('has the k-anonymity of a direct computation on the input, and a better one than the input', () => {
  const quasi = (row: readonly string[]): string[] => [row[0] ?? '', row[1] ?? '', row[2] ?? ''];
  const [sex, age, education] = ['sex', 'age', 'education'].map(name => input[0]?.indexOf(name) ?? -1);
  const direct = input.slice(1).map(row => [row[sex ?? 0] ?? '', band(row[age ?? 0] ?? ''), row[education ?? 0] ?? '']);
  const exact = input.slice(1).map(row => [row[sex ?? 0] ?? '', row[age ?? 0] ?? '', row[education ?? 0] ?? '']);
  expect(classSizes(output.slice(1).map(quasi))).toEqual(classSizes(direct));
  expect(classSizes(direct).length).toBeLessThan(classSizes(exact).length / 4);
});
