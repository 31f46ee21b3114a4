import { canonicalLeafPath, type Leaf } from './record-leaves.js';
import type { Expectation } from './test-file.js';

/** What an expectation may refer to. */
export interface ExpectationContext {
  /** Output of the same test. */
  readonly fields: ReadonlyMap<string, Leaf>;
  /** Outputs of every test by name. */
  readonly outputs: ReadonlyMap<string, ReadonlyMap<string, Leaf>>;
  /** Cells of CSV are texts: numbers and texts compare by how they are written. */
  readonly isCsv: boolean;
}

/** Tokens of hash, pseudonymize and encrypt (docs/formats.md). */
const TOKEN = /^(?:[hp]1-[1-9][0-9]{0,9}-[0-9a-f]{32}|e1-[0-9a-f]{8}-[1-9][0-9]{0,9}-[A-Za-z0-9_-]+)$/;

/** Why an output field is not what a test expects, or undefined when it is. */
export function unmetExpectation(
  expectation: Expectation,
  actual: Leaf | undefined,
  context: ExpectationContext,
): string | undefined {
  if (actual === undefined) return expectation === 'absent' ? undefined : 'expected a value, got nothing';
  if (expectation === 'absent') return `expected nothing, got ${shown(actual)}`;
  if (expectation === 'token') return TOKEN.test(actual.text) ? undefined : `expected a token, got ${shown(actual)}`;
  if (typeof expectation !== 'object' || expectation === null) return literal(expectation, actual, context);
  if ('equals' in expectation) return literal(expectation.equals, actual, context);
  if ('matches' in expectation) {
    const holds = new RegExp(expectation.matches, 'u').test(actual.text);
    return holds ? undefined : `expected to match ${expectation.matches}, got ${shown(actual)}`;
  }
  return relation(expectation, actual, context);
}

function literal(
  expected: string | number | boolean | null,
  actual: Leaf,
  { isCsv }: ExpectationContext,
): string | undefined {
  const text = String(expected);
  const type = expected === null ? 'null' : typeof expected;
  const sameText = actual.text === text || (type === 'number' && Number(actual.text) === expected);
  return sameText && (isCsv || type === actual.type) ? undefined : `expected ${type} ${text}, got ${shown(actual)}`;
}

type Relation = Extract<Expectation, { in?: string | undefined }>;

function relation(expectation: Relation, actual: Leaf, { fields, outputs }: ExpectationContext): string | undefined {
  const isSame = 'same as' in expectation;
  const path = isSame ? expectation['same as'] : expectation['differs from'];
  const other = (expectation.in === undefined ? fields : outputs.get(expectation.in))?.get(canonicalLeafPath(path));
  const name = `${path}${expectation.in === undefined ? '' : ` in "${expectation.in}"`}`;
  if (other === undefined) return `refers to ${name}, which has no output`;
  if ((other.text === actual.text) === isSame) return undefined;
  return isSame
    ? `expected the same as ${name}, got ${shown(actual)}`
    : `expected to differ from ${name}, got the same`;
}

function shown({ type, text }: Leaf): string {
  return type === 'string' ? JSON.stringify(text) : text;
}
