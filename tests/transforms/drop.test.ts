import { describe, expect, it } from 'vitest';
import { Shape } from '../../src/core/token.js';
import { drop } from '../../transforms/drop.js';
import { run } from '../testkit/apply-transform.js';

describe('drop', () => {
  it('leaves every field out and keeps the record', () => {
    const results = run(drop, {}, [{ text: '张三' }, { text: '' }]);
    expect(results.map(({ shape, dropped }) => [shape, dropped])).toEqual([
      [Shape.OMIT, false],
      [Shape.OMIT, false],
    ]);
    expect(drop.spec.way).toBe('omit');
  });
});
