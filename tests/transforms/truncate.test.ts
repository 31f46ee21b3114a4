import { describe, expect, it } from 'vitest';
import { KINDS } from '../../src/kinds/index.js';
import { truncate } from '../../transforms/truncate.js';
import { run } from '../testkit/apply-transform.js';

const cut = (text: string, characters: number): string | undefined => {
  const [result] = run(truncate, { params: { characters } }, [{ text }]);
  return result?.text ?? result?.code;
};

describe('truncate', () => {
  it.each([
    ['abcdef', 3, 'abc'],
    ['abc', 3, 'VALUE_RANGE'],
    ['ab', 3, 'VALUE_RANGE'],
    ['汉字测试', 2, '汉字'],
    ['汉字', 2, 'VALUE_RANGE'],
    ['e\u0301a', 1, 'e\u0301'],
    ['e\u0301', 1, 'VALUE_RANGE'],
    ['abce\u0301', 3, 'abc'],
    ['abe\u0301d', 3, 'abe\u0301'],
    ['👨‍👩‍👧‍👦🇨🇳x', 2, '👨‍👩‍👧‍👦🇨🇳'],
    ['🇨🇳🇨🇳', 1, '🇨🇳'],
    ['a\r\nb', 2, 'a\r\n'],
    ['שלום', 2, 'של'],
  ])('%j to %i characters is %j', (text, characters, expected) => {
    expect(cut(text, characters)).toBe(expected);
  });

  it('may not show more of a direct identifier than its mask', () => {
    const lint = truncate.spec.lint;
    expect(lint?.({ characters: 8 }, KINDS.get('cn-mobile'))).toMatchObject([{ severity: 'wrong' }]);
    expect(lint?.({ characters: 7 }, KINDS.get('cn-mobile'))).toEqual([]);
    expect(lint?.({ characters: 1 }, KINDS.get('secret'))).toMatchObject([{ severity: 'wrong' }]);
    expect(lint?.({ characters: 8 }, undefined)).toEqual([]);
  });

  it('lets nothing through without a length', () => {
    expect(run(truncate, {}, [{ text: 'abc' }])[0]?.text).toBeUndefined();
  });
});
