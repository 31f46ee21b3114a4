import { describe, expect, it } from 'vitest';
import { textOf } from '../../src/core/bytes.js';
import { VeilError } from '../../src/core/errors.js';
import { CN_MOBILE } from '../../src/kinds/cn-mobile.js';
import type { Column } from '../../src/transform/column.js';
import type { TransformContext } from '../../src/transform/context.js';
import type { Output } from '../../src/transform/output.js';
import type { Parameters, TransformDefinition, TransformSpec } from '../../src/transform/spec.js';
import { hash } from '../../transforms/hash.js';
import { redact } from '../../transforms/redact.js';
import { sample } from '../../transforms/sample.js';
import { shiftDate } from '../../transforms/shift-date.js';
import { casesOf, oddValues } from './cases.js';
import { brokenExamples, LAWS } from './laws.js';

type Apply = (column: Column, out: Output, context: TransformContext) => void;

/** A transform with a fault that it does not declare: another's spec, another loop. */
function faulty(like: TransformDefinition, apply: Apply, spec: Partial<TransformSpec> = {}): TransformDefinition {
  return {
    spec: { ...like.spec, ...spec },
    create: (_params: Parameters, context: TransformContext) => ({
      apply: (column, out) => apply(column, out, context),
    }),
  };
}

const eachText =
  (make: (text: string, row: number, out: Output) => void): Apply =>
  (column, out) => {
    for (let row = 0; row < column.count; row++) {
      make(textOf(column.bytes, column.starts[row] ?? 0, column.ends[row] ?? 0), row, out);
    }
  };

function write(out: Output, row: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  out.copyText(row, bytes, 0, bytes.length);
}

const constant = (out: Output, row: number): void => write(out, row, '***');
let calls = 0;

const FAULTS: readonly [string, string, TransformDefinition][] = [
  [
    'gives the value back',
    'never identity unless declared',
    faulty(
      redact,
      eachText((text, row, out) => write(out, row, text)),
    ),
  ],
  [
    'puts the value into its output',
    'never identity unless declared',
    faulty(
      redact,
      eachText((text, row, out) => write(out, row, `masked:${text}`)),
    ),
  ],
  [
    'reveals more than the mask declares',
    'never identity unless declared',
    faulty(
      redact,
      eachText((text, row, out) => write(out, row, `${text.slice(0, 8)}***`)),
      {
        family: 'masking',
        needsKind: true,
        kinds: [CN_MOBILE.name],
      },
    ),
  ],
  [
    'leaves the last row without a result',
    'every row gets exactly one result',
    faulty(redact, (column, out) => {
      for (let row = 0; row + 1 < column.count; row++) constant(out, row);
    }),
  ],
  [
    'gives a row two results',
    'every row gets exactly one result',
    faulty(
      redact,
      eachText((_text, row, out) => {
        out.omit(row);
        constant(out, row);
      }),
    ),
  ],
  [
    'refuses with a code that is not about records',
    'every row gets exactly one result',
    faulty(
      redact,
      eachText((_text, row, out) => out.invalid(row, 'INTERNAL')),
    ),
  ],
  [
    'throws a foreign error with the value',
    'total, and silent about values',
    faulty(
      redact,
      eachText((text, row, out) => {
        if (text.includes('@')) throw new TypeError(`cannot read ${text}`);
        constant(out, row);
      }),
    ),
  ],
  [
    'throws even a VeilError',
    'total, and silent about values',
    faulty(
      redact,
      eachText((text, row, out) => {
        if (text.length < 2) throw new VeilError('INTERNAL');
        constant(out, row);
      }),
    ),
  ],
  [
    'is random but says always',
    'determinism is as declared',
    faulty(
      redact,
      eachText((_text, row, out) => write(out, row, `r${calls++}`)),
    ),
  ],
  [
    'is constant but says it is random',
    'determinism is as declared',
    faulty(
      hash,
      eachText((_text, row, out) => constant(out, row)),
      { deterministic: 'no' },
    ),
  ],
  [
    'cuts a grapheme cluster',
    'Unicode is never split, shapes are true',
    faulty(
      redact,
      eachText((text, row, out) => write(out, row, [...text].slice(0, 1).join(''))),
    ),
  ],
  [
    'calls text plain',
    'Unicode is never split, shapes are true',
    faulty(
      redact,
      eachText((_text, row, out) => {
        const at = out.reserve(3);
        out.bytes.set(Buffer.from('a,b'), at);
        out.plain(row, at, at + 3);
      }),
    ),
  ],
  [
    'calls text a number',
    'Unicode is never split, shapes are true',
    faulty(
      redact,
      eachText((_text, row, out) => {
        const at = out.reserve(2);
        out.bytes.set(Buffer.from('07'), at);
        out.number(row, at, at + 2);
      }),
    ),
  ],
  [
    'digests without its key',
    'keys are separated',
    faulty(
      hash,
      eachText((text, row, out) => write(out, row, `h1-1-${Buffer.from(text).toString('hex').slice(0, 32)}`)),
    ),
  ],
  [
    'moves everybody by one day',
    'keys are separated',
    faulty(
      shiftDate,
      eachText((text, row, out) => write(out, row, `${text}+1`)),
    ),
  ],
  [
    'draws the same sample for every key',
    'keys are separated',
    faulty(
      sample,
      eachText((text, row, out) => (text.length % 2 === 0 ? out.omit(row) : out.dropRecord(row, 'SAMPLED_OUT'))),
      {
        examples: [{ params: { rate: 0.5 }, in: 'x', out: null }],
      },
    ),
  ],
  [
    'writes the row number',
    'a batch of n equals n batches of one',
    faulty(
      redact,
      eachText((_text, row, out) => write(out, row, `row ${row}`)),
    ),
  ],
];

describe('the laws find a transform that', () => {
  it.each(FAULTS)('%s', (_fault, lawName, definition) => {
    const law = LAWS.find(({ name }) => name === lawName);
    const cases = casesOf(definition);
    const odd = oddValues();
    const found = cases.flatMap(one => [
      ...(law?.check(one) ?? []),
      ...(law?.check({ ...one, inputs: odd, originals: odd }) ?? []),
    ]);
    expect(found).not.toEqual([]);
  });

  it('has an example that is not true', () => {
    const lying = { ...redact, spec: { ...redact.spec, examples: [{ in: '张三', out: '张*' }] } };
    expect(brokenExamples(lying)).toHaveLength(1);
    const refusing = { ...redact, spec: { ...redact.spec, examples: [{ in: '张三', code: 'VALUE_INVALID' }] } };
    expect(brokenExamples(refusing)).toHaveLength(1);
  });

  it('is each kept by a law that some fault breaks', () => {
    const bitten = new Set(FAULTS.map(([, law]) => law));
    expect(LAWS.map(({ name }) => name).filter(name => !bitten.has(name))).toEqual([]);
  });
});
