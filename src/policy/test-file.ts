import { z } from 'zod';
import { CODES } from '../core/codes.js';
import { VeilError } from '../core/errors.js';
import type { Diagnostic } from './diagnostic.js';
import { Findings } from './findings.js';
import { treeAt } from './plain-tree.js';
import { canonicalLeafPath } from './record-leaves.js';
import { checkShape } from './shape.js';
import { parseYamlTree, type YamlTree } from './yaml-tree.js';

const reference = z.string().min(1).max(1024);

/** What one output field must be: a literal, `token`, `absent`, or one of the relations below. */
const expectationShape = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.strictObject({ 'same as': reference, in: z.string().optional() }),
  z.strictObject({ 'differs from': reference, in: z.string().optional() }),
  z.strictObject({ matches: z.string().max(1000) }),
  z.strictObject({ equals: z.union([z.string(), z.number(), z.boolean(), z.null()]) }),
]);

/** An expectation about one output field. */
export type Expectation = z.output<typeof expectationShape>;

const testShape = z.strictObject({
  name: z.string().min(1).max(200),
  record: z.record(z.string(), z.unknown()).optional().describe('the value of the record, written as YAML'),
  value: z.string().optional().describe('the value of the record as text, instead of "record"'),
  tombstone: z.literal(true).optional().describe('the record has no value'),
  key: z.string().optional().describe('Kafka key'),
  headers: z.record(z.string(), z.string()).optional(),
  expect: z.strictObject({
    outcome: z.enum(['forward', 'drop', 'quarantine']).default('forward'),
    code: z.enum(Object.keys(CODES)).optional().describe('why it was dropped or quarantined'),
    path: z.string().optional().describe('the rule that refused'),
    fields: z
      .record(z.string(), expectationShape)
      .optional()
      .describe('output fields by path; $key and $headers.NAME too'),
    others: z.enum(['absent', 'allowed']).default('absent').describe('output fields that are not listed'),
    not_contains_input: z.boolean().default(true).describe('no direct identifier of the input may occur in the output'),
  }),
});

const fileShape = z.strictObject({ tests: z.array(testShape).min(1).max(10_000) });

/** One test of a policy: a record and what must become of it. */
export type PolicyTest = z.output<typeof testShape>;

/** What became of a test file. */
export interface LoadedTests {
  readonly tests: readonly PolicyTest[] | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks the bytes of a policy test file; every mistake is reported at once, with its place. */
export function loadTests(file: string, bytes: Uint8Array): LoadedTests {
  const findings = new Findings(file);
  const tree = parseYamlTree(bytes, findings);
  if (tree === undefined) return { tests: undefined, diagnostics: findings.diagnostics };
  refuseUnsafeNumbers(tree, findings);
  const tests = checkShape(fileShape, tree, 'the test file', findings)?.tests;
  tests?.forEach((test, index) => {
    lintTest(test, treeAt(tree, ['tests', index]) ?? tree, findings);
  });
  const names = new Set(tests?.map(({ name }) => name));
  if (tests !== undefined && names.size < tests.length) {
    findings.error('POLICY_DUPLICATE_KEY', tree.place, { message: 'two tests have the same name', fix: 'rename one' });
  }
  return { tests: findings.failed ? undefined : tests, diagnostics: findings.diagnostics };
}

function lintTest(test: PolicyTest, tree: YamlTree, findings: Findings): void {
  const given = [test.record, test.value, test.tombstone].filter(part => part !== undefined);
  if (given.length !== 1) {
    findings.error('CONFIG_CONFLICT', tree.place, {
      message: 'a test needs exactly one of "record", "value" and "tombstone"',
      fix: 'give one of them',
    });
  }
  const fields = treeAt(tree, ['expect', 'fields']);
  for (const entry of fields?.type === 'map' ? fields.entries : []) {
    try {
      canonicalLeafPath(entry.name);
    } catch (error) {
      if (!(error instanceof VeilError)) throw error;
      findings.error('PATH_SYNTAX', entry.place);
    }
    const pattern = treeAt(entry.value, ['matches']);
    if (pattern?.type === 'scalar' && typeof pattern.value === 'string' && !isPattern(pattern.value)) {
      findings.error('POLICY_BOUNDS', pattern.place, {
        message: '"matches" is not a regular expression',
        fix: 'correct it',
      });
    }
  }
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

/** Numbers that YAML cannot carry exactly would test something else than what is written. */
function refuseUnsafeNumbers(tree: YamlTree, findings: Findings): void {
  if (tree.type === 'map') for (const { value } of tree.entries) refuseUnsafeNumbers(value, findings);
  else if (tree.type === 'list') for (const item of tree.items) refuseUnsafeNumbers(item, findings);
  else if (typeof tree.value === 'number' && Math.abs(tree.value) > Number.MAX_SAFE_INTEGER) {
    findings.error('POLICY_NUMERIC_SCALAR', tree.place, {
      message: 'this number loses digits in YAML',
      fix: 'write the record as text: value: \'{"id": …}\', and expect { matches: … }',
    });
  }
}
