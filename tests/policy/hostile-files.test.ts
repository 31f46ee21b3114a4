import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.js';
import { CODES } from '../../src/core/codes.js';
import { loadPolicy } from '../../src/policy/load.js';
import { loadDeployment } from '../../src/policy/load-deployment.js';
import { loadTests } from '../../src/policy/test-file.js';
import { policyText } from './policy-text.js';

const WORDS = [
  ...[
    'version',
    'name',
    'purpose',
    'source',
    'sink',
    'fields',
    'topic',
    'file',
    'do',
    'is',
    'keep',
    'hash',
    'because',
    'subject',
  ],
  ...[
    'email',
    '1',
    '1.5',
    'true',
    'null',
    '~',
    '${X}',
    '${',
    '$key',
    '$headers.a',
    'a.b',
    'a[].b',
    'a.*',
    '"a',
    "'",
    '__proto__',
  ],
  ...[
    ':',
    ': ',
    '- ',
    ', ',
    '{ ',
    ' }',
    '[',
    ']',
    '\n',
    '\n  ',
    '\n    ',
    '\t',
    '#',
    '&a ',
    '*a',
    '<<: ',
    '!t ',
    '---\n',
    '|',
    '>',
    '? ',
    '\u0000',
    '中',
    '😀',
  ],
];
const CANARY = 'canary-of-the-environment';
const yamlish = fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }).map(words => words.join(''));

/** Loads bytes as every kind of file; findings must have a place, be of category config and repeat nothing of the environment. */
function check(bytes: Uint8Array): void {
  for (const load of [loadPolicy, loadDeployment, loadTests]) {
    const { diagnostics } = load('f.yaml', bytes, { X: CANARY });
    const wrong = diagnostics.filter(
      ({ line, col, code, message, fix }) =>
        line < 1 || col < 1 || CODES[code].category !== 'config' || `${message} ${fix}`.includes(CANARY),
    );
    expect([diagnostics.length <= 500, wrong]).toEqual([true, []]);
  }
}

describe('no text makes a loader throw', () => {
  it('text made of words of the language', () => {
    fc.assert(
      fc.property(yamlish, text => check(utf8(text))),
      { numRuns: 500 },
    );
  });

  it('a valid policy with one part replaced', () => {
    const valid = policyText(
      '  id: { is: email, do: pseudonymize, domain: d }\n  a[].b: { do: keep, because: x }',
      'subject: id',
    );
    fc.assert(
      fc.property(fc.nat(valid.length), fc.nat(12), fc.constantFrom(...WORDS), (at, length, word) => {
        check(utf8(valid.slice(0, at) + word + valid.slice(at + length)));
      }),
      { numRuns: 500 },
    );
  });

  it('any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), check), { numRuns: 200 });
  });
});

describe('bombs are refused', () => {
  const codes = (text: string): string[] => [
    ...new Set(loadPolicy('f.yaml', utf8(text), {}).diagnostics.map(({ code }) => code)),
  ];

  it('aliases that grow exponentially', () => {
    const levels = Array.from(
      { length: 20 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`,
    );
    expect(codes(`l0: &l0 lol\n${levels.join('\n')}`)).toContain('POLICY_ALIAS');
  });

  it.each([
    ['more than 1 MiB', `# ${'x'.repeat(1024 * 1024)}`, 'POLICY_TOO_LARGE'],
    ['brackets', '['.repeat(100_000), 'POLICY_SYNTAX'],
    ['braces', '{'.repeat(100_000), 'POLICY_SYNTAX'],
    ['dashes', '- '.repeat(100_000), 'POLICY_SYNTAX'],
    ['maps in maps', '{a: '.repeat(20_000), 'POLICY_SYNTAX'],
    ['deep blocks', Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), 'POLICY_SYNTAX'],
  ])('%s', (_what, text, code) => {
    expect(codes(text)).toContain(code);
  });

  it('many keys give few findings', () => {
    const text = Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n');
    const { diagnostics } = loadPolicy('f.yaml', utf8(text), {});
    expect(diagnostics.filter(({ code }) => code === 'POLICY_UNKNOWN_WORD')).toHaveLength(50);
  });

  it('text that is not UTF-8', () => {
    expect(loadPolicy('f.yaml', Uint8Array.of(0x61, 0x3a, 0x20, 0xff), {}).diagnostics.map(({ code }) => code)).toEqual(
      ['POLICY_SYNTAX'],
    );
  });
});
