import { describe, expect, it } from 'vitest';
import { Shape } from '../../src/core/token.js';
import { transformNamed } from '../../transforms/index.js';
import { sample } from '../../transforms/sample.js';
import { type Rule, run } from '../testkit/apply-transform.js';

const SUBJECTS = Array.from({ length: 5000 }, (_, at) => ({ text: `subject-${at}` }));
const cohort = (rate: number, scope: Rule['scope'] = {}): ReadonlySet<number> =>
  new Set(run(sample, { params: { rate }, scope }, SUBJECTS).flatMap(({ dropped }, at) => (dropped ? [] : [at])));

describe('sample', () => {
  it('keeps about the asked share, and all at a rate of 1', () => {
    for (const rate of [0.05, 0.5, 0.9])
      expect(Math.abs(cohort(rate).size / SUBJECTS.length - rate)).toBeLessThan(0.03);
    expect(cohort(1).size).toBe(SUBJECTS.length);
  });

  it('nests: a smaller cohort lies inside a larger one', () => {
    const larger = cohort(0.1);
    expect([...cohort(0.05)].filter(at => !larger.has(at))).toEqual([]);
  });

  it('keeps the same subjects in every run and others in another domain or epoch', () => {
    const here = cohort(0.1);
    expect(cohort(0.1)).toEqual(here);
    for (const scope of [{ domain: 'other' }, { epoch: 2 }]) {
      const common = [...cohort(0.1, scope)].filter(at => here.has(at)).length;
      expect(common).toBeLessThan(SUBJECTS.length * 0.02);
    }
  });

  it('leaves the record out with a code and never writes the subject', () => {
    const [kept] = run(sample, { params: { rate: 1 } }, [{ text: 'a' }]);
    expect(kept).toMatchObject({ shape: Shape.OMIT, dropped: false });
    const [left] = run(sample, { params: { rate: 1e-9 } }, [{ text: 'a' }]);
    expect(left).toMatchObject({ dropped: true, code: 'SAMPLED_OUT', text: undefined });
  });

  it('refuses a rate of 0 and keeps nobody when there is no rate', () => {
    const made = transformNamed('sample');
    expect(() => made && run(made, { params: { rate: 0 } }, [])).toThrow(/^POLICY_BOUNDS/);
    expect(run(sample, {}, [{ text: 'a' }])[0]?.dropped).toBe(true);
  });
});
