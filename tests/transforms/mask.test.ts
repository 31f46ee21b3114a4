import { describe, expect, it } from 'vitest';
import { KINDS } from '../../src/kinds/index.js';
import { transformNamed } from '../../transforms/index.js';
import { mask } from '../../transforms/mask.js';
import { run } from '../testkit/apply-transform.js';

describe('mask', () => {
  it.each([...KINDS.values()])('writes the display mask of $name', kind => {
    const examples = kind.examples.filter(({ normal, masked }) => normal !== undefined && masked !== undefined);
    const results = run(
      mask,
      { kind },
      examples.map(({ normal }) => ({ text: normal ?? '' })),
    );
    expect(results.map(({ text }) => text)).toEqual(examples.map(({ masked }) => masked));
  });

  it('is refused for secrets and without a kind', () => {
    const made = transformNamed('mask');
    expect(() => made && run(made, { kind: KINDS.get('secret') }, [])).toThrow(/^POLICY_BOUNDS/);
    expect(() => run(mask, {}, [])).toThrow(/^RULE_KIND_MISSING/);
  });
});
