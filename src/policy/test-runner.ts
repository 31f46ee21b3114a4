import { transformNamed } from '../../transforms/index.js';
import { textOf, utf8 } from '../core/bytes.js';
import { VeilError } from '../core/errors.js';
import { parseFieldPath } from '../core/field-path.js';
import type { Forward, Outcome, SourceRecord } from '../core/outcome.js';
import { kindNamed } from '../kinds/index.js';
import { type ExpectationContext, unmetExpectation } from './expectation.js';
import type { Policy } from './policy.js';
import { jsonLeaves, type Leaf, leafPathMatcher } from './record-leaves.js';
import type { PolicyTest } from './test-file.js';

/** The pipeline as a policy test needs it. It lives above this layer, so the program hands it in. */
export type ProcessRecords = (records: SourceRecord[]) => Promise<Outcome[]>;

/**
 * What became of one test. `differences` repeats values of the test file and of its output: test data made by the policy's
 * author, for a terminal, never for a log.
 */
export interface TestResult {
  readonly name: string;
  readonly passed: boolean;
  readonly differences: readonly string[];
}

/** Fields of one output record by path, `$key` and `$headers.NAME` among them. */
type Fields = ReadonlyMap<string, Leaf>;

/** Output headers that the pipeline itself adds; no test has to list them. */
const OWN_HEADERS = /^veil-/;

/** Runs tests in order, one record at a time. Records of CSV policies are given as objects of text cells. */
export async function runTests(
  policy: Policy,
  tests: readonly PolicyTest[],
  process: ProcessRecords,
): Promise<readonly TestResult[]> {
  const outputs = new Map<string, Fields>();
  const records = tests.map(test => recordOf(test, policy));
  const outcomes: (Outcome | undefined)[] = [];
  for (const [index, record] of records.entries()) {
    const [outcome] = await process([record]);
    outcomes.push(outcome);
    const name = tests[index]?.name ?? '';
    if (outcome?.kind === 'forward') outputs.set(name, fieldsOf(outcome));
  }
  return tests.map((test, index) => {
    const [outcome, record] = [outcomes[index], records[index]];
    const differences =
      outcome === undefined || record === undefined
        ? ['the record had no outcome']
        : differencesOf({ policy, test, outcome, record, outputs });
    return { name: test.name, passed: differences.length === 0, differences };
  });
}

function recordOf(test: PolicyTest, policy: Policy): SourceRecord {
  const value = policy.format === 'csv' && test.record !== undefined ? csvRecord(test.record) : test.record;
  return {
    key: test.key === undefined ? null : utf8(test.key),
    value: test.tombstone === true ? null : utf8(test.value ?? JSON.stringify(value)),
    headers: Object.entries(test.headers ?? {}).map(([name, text]) => ({ name, value: utf8(text) })),
    timestamp: 0,
  };
}

/** Cells of a CSV row are texts, whatever they look like, and an empty one is no value. Column `user.id` is the field of that path. */
function csvRecord(record: Readonly<Record<string, unknown>>): object {
  const root = new Map<string, unknown>();
  for (const [name, cell] of Object.entries(record)) {
    const text = cell === null || cell === '' ? null : String(cell);
    place(root, columnSteps(name), text);
  }
  return plainObject(root);
}

function columnSteps(name: string): readonly string[] {
  try {
    const names = parseFieldPath(name).steps.map(step => (step.step === 'member' ? step.name : undefined));
    if (names.every(part => part !== undefined)) return names;
  } catch (error) {
    if (!(error instanceof VeilError)) throw error;
  }
  return [name];
}

function place(node: Map<string, unknown>, [first = '', ...rest]: readonly string[], value: string | null): void {
  const known = node.get(first);
  const inner = known instanceof Map ? known : new Map<string, unknown>();
  node.set(first, rest.length === 0 ? value : inner);
  if (rest.length > 0) place(inner, rest, value);
}

function plainObject(node: ReadonlyMap<string, unknown>): object {
  return Object.fromEntries(
    [...node].map(([name, value]) => [name, value instanceof Map ? plainObject(value) : value]),
  );
}

function fieldsOf(outcome: Forward): Fields {
  const fields = new Map<string, Leaf>(outcome.value === null ? [] : jsonLeaves(textOf(outcome.value)));
  if (outcome.key !== null) fields.set('$key', { type: 'string', text: lossyText(outcome.key) });
  for (const { name, value } of outcome.headers) {
    if (!OWN_HEADERS.test(name))
      fields.set(`$headers.${name}`, { type: 'string', text: lossyText(value ?? new Uint8Array()) });
  }
  return fields;
}

function lossyText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

interface Run {
  readonly policy: Policy;
  readonly test: PolicyTest;
  readonly outcome: Outcome;
  readonly record: SourceRecord;
  readonly outputs: ReadonlyMap<string, Fields>;
}

function differencesOf(run: Run): string[] {
  const { expect } = run.test;
  const { outcome } = run;
  const code = outcome.kind === 'forward' ? undefined : outcome.code;
  const path = outcome.kind === 'quarantine' ? outcome.path : undefined;
  if (outcome.kind !== expect.outcome) {
    return [
      `outcome: expected ${expect.outcome}, got ${outcome.kind}${code === undefined ? '' : ` (${code} ${path ?? ''})`}`,
    ];
  }
  const differences: string[] = [];
  if (expect.code !== undefined && expect.code !== code)
    differences.push(`code: expected ${expect.code}, got ${code ?? 'none'}`);
  if (expect.path !== undefined && expect.path !== path)
    differences.push(`path: expected ${expect.path}, got ${path ?? 'none'}`);
  const fields = run.outputs.get(run.test.name);
  if (outcome.kind === 'forward' && fields !== undefined) {
    differences.push(...fieldDifferences(run, fields));
    if (expect.not_contains_input) differences.push(...leaks(run, fields));
  }
  return differences;
}

function fieldDifferences({ test, policy, outputs }: Run, fields: Fields): string[] {
  const { expect } = test;
  if (expect.fields === undefined) return [];
  const differences: string[] = [];
  const named = new Set<string>();
  const context: ExpectationContext = { fields, outputs, isCsv: policy.format === 'csv' };
  for (const [path, expectation] of Object.entries(expect.fields)) {
    const matches = leafPathMatcher(path);
    const actual = [...fields.keys()].filter(matches);
    for (const found of actual) named.add(found);
    if (actual.length === 0 && expectation !== 'absent') differences.push(`${path}: expected a value, got nothing`);
    for (const found of actual) {
      const unmet = unmetExpectation(expectation, fields.get(found), context);
      if (unmet !== undefined) differences.push(`${found}: ${unmet}`);
    }
  }
  const surplus = expect.others === 'allowed' ? [] : [...fields.keys()].filter(path => !named.has(path));
  return [...differences, ...surplus.map(path => `${path}: expected nothing (not listed), got a value`)];
}

/** Direct identifiers of the input that occur anywhere in the output, unless their own rule keeps them. */
function leaks({ policy, record, test }: Run, fields: Fields): string[] {
  const input = new Map<string, Leaf>(record.value === null ? [] : jsonLeaves(textOf(record.value)));
  if (test.key !== undefined) input.set('$key', { type: 'string', text: test.key });
  for (const [name, text] of Object.entries(test.headers ?? {}))
    input.set(`$headers.${name}`, { type: 'string', text });
  const differences: string[] = [];
  for (const rule of policy.rules) {
    const kind = rule.is === undefined ? undefined : kindNamed(rule.is);
    if (kind?.identifier !== 'direct' || transformNamed(rule.do)?.spec.reversible === 'it is the original') continue;
    const matches = leafPathMatcher(rule.path.text);
    const secrets = [...input]
      .filter(([path, { text }]) => matches(path) && isTelling(text))
      .map(([, { text }]) => text);
    for (const [path, { text }] of fields) {
      if (secrets.some(secret => text.includes(secret)))
        differences.push(`${path}: holds the input of ${rule.path.text}`);
    }
  }
  return differences;
}

/** Short texts occur by chance. */
function isTelling(text: string): boolean {
  return text.length >= 4 || (text.length >= 2 && /\p{Script=Han}/u.test(text));
}
