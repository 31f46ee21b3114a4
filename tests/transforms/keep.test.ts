import { describe, expect, it } from 'vitest';
import { KINDS } from '../../src/kinds/index.js';
import { keep } from '../../transforms/keep.js';
import { run } from '../testkit/apply-transform.js';

describe('keep', () => {
  it('gives the value as it is', () => {
    const texts = ['', 'a"b\\c', '张三\r\n', '1.50'];
    expect(
      run(
        keep,
        {},
        texts.map(text => ({ text })),
      ).map(({ text }) => text),
    ).toEqual(texts);
    expect(keep.spec.way).toBe('copy');
  });

  it('is refused for direct identifiers and sensitive kinds, and warns of quasi-identifiers', () => {
    const severities = (kind: string): readonly string[] =>
      (keep.spec.lint?.({}, KINDS.get(kind)) ?? []).map(({ severity }) => severity);
    expect(severities('cn-mobile')).toEqual(['wrong']);
    expect(severities('coordinate')).toEqual(['wrong']);
    expect(severities('age')).toEqual(['weak']);
    expect(keep.spec.lint?.({}, undefined)).toEqual([]);
  });
});
