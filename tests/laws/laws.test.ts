import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TRANSFORMS } from '../../transforms/index.js';
import { GENERATED_KINDS, valuesOf } from '../testkit/values.js';
import { caseOf, casesOf, oddValues, titleOf } from './cases.js';
import { brokenExamples, LAWS } from './laws.js';

const ODD = oddValues();

/** Laws that hold for bytes that are no normal form at all; the others speak of values. */
const LAWS_OF_ANYTHING = LAWS.filter(law => law.name !== 'keys are separated');

describe.each([...TRANSFORMS.values()])('$spec.name', definition => {
  const cases = casesOf(definition);

  it('has true examples', () => {
    expect(definition.spec.examples.length).toBeGreaterThan(0);
    expect(brokenExamples(definition)).toEqual([]);
  });

  it('has cases with values', () => {
    expect(cases.length).toBeGreaterThan(0);
    for (const one of cases) expect(one.inputs.length, titleOf(one)).toBeGreaterThan(0);
  });

  it.each(LAWS)('$name', law => {
    for (const one of cases) expect(law.check(one), titleOf(one)).toEqual([]);
  });

  it('keeps the laws on short and odd values', () => {
    for (const { params, kind } of cases) {
      const odd = caseOf(definition, params, kind, ODD);
      for (const law of LAWS) expect(law.check(odd), `${titleOf(odd)}: ${law.name}`).toEqual([]);
    }
  });

  it('keeps the laws on any text that skipped the kind', () => {
    // Each case takes a quarter of the odd values, so that a few cases see all of them in bounded time.
    for (const [turn, { params, kind }] of cases.entries()) {
      const quarter = ODD.filter((_, at) => at % 4 === turn % 4);
      const raw = { ...caseOf(definition, params, undefined, quarter), kind };
      for (const law of LAWS_OF_ANYTHING) expect(law.check(raw), `${titleOf(raw)}: ${law.name}`).toEqual([]);
    }
  });

  it('keeps the laws on generated text', () => {
    const text = fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(text, fc.nat(cases.length - 1), (texts, index) => {
        const chosen = cases[index] ?? cases[0];
        if (chosen === undefined) return;
        const wellFormed = texts.filter(one => one !== '' && !/\p{Surrogate}/u.test(one));
        const one = { ...caseOf(definition, chosen.params, undefined, wellFormed), kind: chosen.kind };
        for (const law of LAWS_OF_ANYTHING) expect(law.check(one), `${titleOf(one)}: ${law.name}`).toEqual([]);
      }),
      { numRuns: 60, seed: 35273 },
    );
  });
});

describe('the generators of values', () => {
  it.each([...GENERATED_KINDS])('make values that $name accepts', kind => {
    const valid = kind.examples.filter(example => example.normal !== undefined).length;
    expect(valuesOf(kind, 60, 7).length).toBeGreaterThan(valid + 20);
  });
});
