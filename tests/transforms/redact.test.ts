import { describe, expect, it } from 'vitest';
import { KINDS } from '../../src/kinds/index.js';
import { redact } from '../../transforms/redact.js';
import { run } from '../testkit/apply-transform.js';

describe('redact', () => {
  it.each([...KINDS.values()])('writes the constant of $name', kind => {
    const rows = [{ text: 'a' }, { text: 'b' }, { text: '' }];
    expect(run(redact, { kind }, rows).map(({ text }) => text)).toEqual(rows.map(() => kind.redacted));
  });

  it('writes the given text, or *** without a kind', () => {
    expect(run(redact, { params: { with: '“已删除”' }, kind: KINDS.get('email') }, [{ text: 'a' }])[0]?.text).toBe(
      '“已删除”',
    );
    expect(run(redact, {}, [{ text: 'a' }])[0]?.text).toBe('***');
  });
});
