import { CODES } from '../../src/core/codes.js';
import { VeilError } from '../../src/core/errors.js';
import { Shape, Token } from '../../src/core/token.js';
import { KINDS } from '../../src/kinds/index.js';
import type { Example, TransformDefinition } from '../../src/transform/spec.js';
import { applyTo, inputOf, makeTransform, type Result, type Row, type Rule, run } from '../testkit/apply-transform.js';
import type { Case } from './cases.js';

/** What every transform promises. `check` returns one line for each breach it finds; no line = the law holds. */
export interface Law {
  readonly name: string;
  check(subject: Case): readonly string[];
}

const SUBJECT = 'subject-1';
const rowsOf = (texts: readonly string[]): readonly Row[] => texts.map(text => ({ text, subject: SUBJECT }));
const ruleOf = ({ params, kind }: Case): Rule => ({ params, kind });
const runCase = (subject: Case, rule: Partial<Rule> = {}): readonly Result[] =>
  run(subject.definition, { ...ruleOf(subject), ...rule }, rowsOf(subject.inputs));
const sameResult = (a: Result | undefined, b: Result | undefined): boolean =>
  a?.shape === b?.shape && a?.text === b?.text && a?.code === b?.code && a?.dropped === b?.dropped;
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
const clusters = (text: string): readonly string[] => Array.from(graphemes.segment(text), part => part.segment);

function breaches(subject: Case, breach: (result: Result, at: number) => string | undefined): readonly string[] {
  return runCase(subject).flatMap((result, at) => {
    const says = breach(result, at);
    return says === undefined ? [] : [`row ${at} (${JSON.stringify(subject.inputs[at])}): ${says}`];
  });
}

const RECORD_CODES: ReadonlySet<string> = new Set(
  Object.entries(CODES).flatMap(([name, entry]) => (entry.category === 'record' ? [name] : [])),
);

/** Every row gets exactly one result, and refusals carry a code for records. */
const complete: Law = {
  name: 'every row gets exactly one result',
  check: subject =>
    breaches(subject, ({ given, shape, code }) => {
      if (given !== 1) return `${given} results`;
      if (shape === Shape.UNSET || shape === Shape.RAW) return `shape ${shape}`;
      return code !== undefined && !RECORD_CODES.has(code) ? `code ${code} is not about a record` : undefined;
    }),
};

/** Results are as the spec says: always equal, equal under one key, or different each time. */
const determinism: Law = {
  name: 'determinism is as declared',
  check: subject => {
    const { deterministic } = subject.definition.spec;
    const other = deterministic === 'always' ? { domain: 'other', epoch: 9 } : {};
    const again = runCase(subject, { seed: 2, scope: other });
    return breaches(subject, (result, at) => {
      const same = sameResult(result, again[at]);
      if (deterministic === 'no') return same && result.text !== undefined ? 'the same twice' : undefined;
      return same ? undefined : 'differs';
    });
  },
};

/** Greatest number of characters of `value` that `output` shows in their order, stars not counted. */
function revealed(value: string, output: string): number {
  const [a, b] = [clusters(value), clusters(output).filter(cluster => cluster !== '*')];
  let row = new Array<number>(b.length + 1).fill(0);
  for (const left of a) {
    const next = [0];
    b.forEach((right, at) => {
      next.push(left === right ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0));
    });
    row = next;
  }
  return row[b.length] ?? 0;
}

const LONG_ENOUGH = 4;

/** What a result says of the value beyond what its family may: identity, containment, more characters than the mask declares. */
function leak(subject: Case, value: string, output: string): string | undefined {
  const { family, reversible } = subject.definition.spec;
  if (reversible === 'it is the original') return undefined;
  if (family === 'masking') {
    const limit = subject.kind?.maskRevealsAtMost ?? 0;
    const shown = revealed(value, output);
    return shown > limit || output === value ? `${shown} characters shown, ${limit} allowed` : undefined;
  }
  if (output === value) return 'identity';
  const mayOverlap = family === 'generalization' || value.length < LONG_ENOUGH;
  return !mayOverlap && output.includes(value) ? 'the value stands in the output' : undefined;
}

/** Nothing but `keep` gives the value back, in its normal form or as it was written. */
const neverIdentity: Law = {
  name: 'never identity unless declared',
  check: subject =>
    breaches(subject, ({ text }, at) => {
      if (text === undefined) return undefined;
      const values = new Set([subject.inputs[at] ?? '', subject.originals[at] ?? '']);
      return [...values].map(value => leak(subject, value, text)).find(says => says !== undefined);
    }),
};

/** No error that making or applying throws holds a value, and applying does not throw. */
const totalAndSilent: Law = {
  name: 'total, and silent about values',
  check: subject => {
    const transform = makeTransform(subject.definition, ruleOf(subject));
    return subject.inputs.flatMap(text => {
      try {
        applyTo(transform, rowsOf([text]));
        applyTo(transform, [{ text }]);
        return [];
      } catch (error) {
        const said = error instanceof Error ? error.message : String(error);
        const leaks = text.length >= LONG_ENOUGH && said.includes(text) ? ' and prints the value' : '';
        return [
          `${JSON.stringify(text)}: throws ${error instanceof VeilError ? error.code : 'a foreign error'}${leaks}`,
        ];
      }
    });
  },
};

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const PLAIN = /^[ -~]*$/;

/** Results are what their shape says, and no grapheme cluster of the value is cut. */
const wholeCharacters: Law = {
  name: 'Unicode is never split, shapes are true',
  check: subject =>
    breaches(subject, ({ text, shape }, at) => {
      if (text === undefined) return undefined;
      if (shape === Shape.NUMBER && !NUMBER.test(text)) return 'not a JSON number';
      if (shape === Shape.PLAIN && (!PLAIN.test(text) || /["\\,]/.test(text))) return 'not plain';
      if (!/[^ -~]/.test(text)) return undefined;
      const whole = clusters(subject.inputs[at] ?? '');
      const cut = clusters(text).find(
        part => !whole.includes(part) && /[^ -~]/.test(part) && whole.some(cluster => cluster.includes(part)),
      );
      return cut === undefined ? undefined : 'a grapheme cluster is cut';
    }),
};

/** Scopes that must give unrelated results, by name. */
function otherScopes({ definition, kind }: Case): readonly [string, Rule['scope']][] {
  const { spec } = definition;
  const scopes: [string, Rule['scope']][] = [
    ['domain', { domain: 'other' }],
    ['epoch', { epoch: 2 }],
    ['transform', { transform: 'other' }],
  ];
  if (kind !== undefined && spec.perSubject !== true) scopes.push(['kind', { kind: 'other' }]);
  if (spec.linking === 'path') scopes.push(['path', { path: 'other' }]);
  return scopes;
}

/** What a token says apart from its visible epoch. */
const withoutEpoch = (text: string | undefined): string | undefined => text?.replace(/^([ph]1)-\d+-/, '$1-');

/**
 * Keys of another domain, epoch, transform, kind or path give unrelated results: tokens have none in common; where there are
 * few possible results (a shift in days, in or out of a sample) they differ as a whole.
 */
const keySeparation: Law = {
  name: 'keys are separated',
  check: subject => {
    const { spec } = subject.definition;
    if (!spec.keyed) return [];
    const rows = subject.inputs.map((text, at) => ({ text, subject: `subject-${at}` }));
    const base = run(subject.definition, ruleOf(subject), rows);
    const isToken = spec.family === 'pseudonymization' || spec.family === 'cryptographic';
    return otherScopes(subject).flatMap(([name, scope]) => {
      const other = run(subject.definition, { ...ruleOf(subject), ...(scope && { scope }) }, rows);
      const equal = base.filter(
        (result, at) => result.text !== undefined && withoutEpoch(result.text) === withoutEpoch(other[at]?.text),
      );
      if (isToken) return equal.length === 0 ? [] : [`${equal.length} results link to another ${name}`];
      const differs = base.some((result, at) => !sameResult(result, other[at]));
      const isConstant = base.every(result => sameResult(result, base[0]));
      return differs || isConstant ? [] : [`all results link to another ${name}`];
    });
  },
};

/** A batch of n gives what n batches of one give, whatever the transform saw before. */
const batching: Law = {
  name: 'a batch of n equals n batches of one',
  check: subject => {
    const transform = makeTransform(subject.definition, ruleOf(subject));
    const isRandom = subject.definition.spec.deterministic === 'no';
    const singles = subject.inputs.map(text => applyTo(transform, rowsOf([text]))[0]);
    return breaches(subject, (result, at) => {
      const single = singles[at];
      const same = isRandom
        ? result.shape === single?.shape && result.text?.length === single.text?.length
        : sameResult(result, single);
      return same ? undefined : 'the batch matters';
    });
  },
};

/** The laws, in the order of DESIGN's list. */
export const LAWS: readonly Law[] = [
  determinism,
  neverIdentity,
  totalAndSilent,
  wholeCharacters,
  keySeparation,
  batching,
  complete,
];

/** The examples of a spec are true. Returns one line for each that is not. */
export function brokenExamples(definition: TransformDefinition): readonly string[] {
  return definition.spec.examples.flatMap(example => {
    const says = checkExample(definition, example);
    return says === undefined ? [] : [`${JSON.stringify(example)}: ${says}`];
  });
}

function checkExample(definition: TransformDefinition, example: Example): string | undefined {
  const kind = example.kind === undefined ? undefined : KINDS.get(example.kind);
  if (example.kind !== undefined && kind === undefined) return 'no such kind';
  const isText = typeof example.in === 'string';
  const written = isText ? String(example.in) : JSON.stringify(example.in);
  const isTree = typeof example.in === 'object';
  const text = isTree ? written : inputOf(definition, kind, written);
  if (text === undefined) return example.code === undefined ? 'the kind refuses the value' : undefined;
  const token = isText ? Token.STRING : isTree ? Token.OBJECT : Token.NUMBER;
  const [result] = run(definition, { params: example.params ?? {}, kind }, [{ text, token, subject: SUBJECT }]);
  return compareExample(example, result);
}

function compareExample({ code, out }: Example, result: Result | undefined): string | undefined {
  if (code !== undefined) return result?.code === code ? undefined : `code ${result?.code}, text ${result?.text}`;
  if (result?.code !== undefined) return `code ${result.code}`;
  if (out === null) return result?.shape === Shape.OMIT ? undefined : 'not left out';
  if (typeof out === 'number')
    return result?.shape === Shape.NUMBER && result.text === String(out) ? undefined : `${result?.text}`;
  if (typeof out === 'string') return result?.text === out ? undefined : `${result?.text}`;
  return out !== undefined && new RegExp(out.matches).test(result?.text ?? '') ? undefined : `${result?.text}`;
}
