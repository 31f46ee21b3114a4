import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.js';
import { hashName } from '../../src/kernel/name-hash.js';
import { Fault } from '../../src/kernel/span-table.js';
import { createJsonKernel } from '../../src/kernel/typescript/json-kernel.js';
import { Random, randomObject, randomRules } from './json-generator.js';
import { itself, planOf, run, runText } from './scan-harness.js';

const fault = (code: number): string => `fault ${code}`;

describe('limits', () => {
  it('nesting beyond the limit is a fault, however deep, wherever it lies', () => {
    const nested = (depth: number): string => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
    for (const words of [{}, { a: 'copy' }, { a: 'capture' }, { 'a[]': 'copy' }] as const) {
      expect(runText(words, nested(64))).not.toContain('fault');
      expect(runText(words, nested(65))).toBe(fault(Fault.DEPTH));
      expect(runText(words, nested(10_000))).toBe(fault(Fault.DEPTH));
      expect(runText(words, `${'{"a":'.repeat(100_000)}`)).toBe(fault(Fault.DEPTH));
    }
  });

  it('10000 open arrays need no call stack when the limit allows them', () => {
    const text = `{"a":${'['.repeat(9_999)}1${']'.repeat(9_999)}}`;
    expect(runText({ a: 'capture' }, text, undefined, { maxDepth: 10_000 })).toBe(text);
  });

  it('members and elements are counted together, at all levels', () => {
    const text = '{"a":[1,2,3],"b":{"c":1}}';
    expect(runText({ a: 'copy' }, text, undefined, { maxMembers: 6 })).toBe('{"a":[1,2,3]}');
    expect(runText({ a: 'copy' }, text, undefined, { maxMembers: 5 })).toBe(fault(Fault.TOO_MANY));
  });

  it('many names are many names: no false duplicates, and a late duplicate is found', () => {
    const names = Array.from({ length: 30_000 }, (_, k) => `"k${k}":${k}`);
    expect(runText({ k29999: 'copy' }, `{${names.join(',')}}`)).toBe('{"k29999":29999}');
    expect(runText({}, `{${names.join(',')},"k15000":1}`)).toBe(fault(Fault.DUPLICATE));
  });

  it('names made to collide are refused before they cost quadratic time', () => {
    const names = collidingNames(600).map(name => `"${name}":1`);
    expect(runText({}, `{${names.join(',')}}`)).toBe(fault(Fault.TOO_MANY));
  });
});

const LETTERS = utf8('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');

/** Distinct names that want the same place in a table of up to 4096 names. */
function collidingNames(count: number): string[] {
  const names: string[] = [];
  const name = new Uint8Array(4);
  for (let k = 0; names.length < count; k++) {
    for (let at = 0; at < 4; at++) name[at] = LETTERS[(k >> (6 * at)) & 63] ?? 0;
    if ((hashName(name, 0, 4) & 0xfff) === 0) names.push(Buffer.from(name).toString());
  }
  return names;
}

describe('text', () => {
  it('must be UTF-8 everywhere, also where it is skipped or copied', () => {
    const bad = [
      [0xff],
      [0xc0, 0x80],
      [0xe0, 0x80, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xe5, 0xbc],
      [0x80],
    ];
    for (const words of [{}, { a: 'copy' }, { a: 'capture' }] as const)
      for (const bytes of bad) {
        const value = [...utf8('{"a":"'), ...bytes, ...utf8('"}')];
        const name = [...utf8('{"b'), ...bytes, ...utf8('":1}')];
        const { faults } = run(createJsonKernel(planOf(words)), [Uint8Array.from(value), Uint8Array.from(name)]);
        expect(faults).toEqual([Fault.UTF8, Fault.UTF8]);
      }
  });

  it('with half a surrogate pair is refused in names and captured values only', () => {
    const refused = fault(Fault.UTF8);
    expect(runText({ a: 'copy' }, '{"a":"\\ud800","b":"\\udc00\\ud800"}')).toBe('{"a":"\\ud800"}');
    expect(runText({ a: 'capture' }, '{"a":"\\ud83d\\ude00"}')).toBe('{"a":"😀"}');
    expect(runText({ a: 'capture' }, '{"a":"\\ud800"}')).toBe(refused);
    expect(runText({ a: 'capture' }, '{"a":"\\ude00\\ud83d"}')).toBe(refused);
    expect(runText({ a: 'capture' }, '{"a":{"x":["\\ud800x"]}}')).toBe(refused);
    expect(runText({ a: 'copy', 'a.b': 'look' }, '{"a":{"b":"\\ud800"}}')).toBe(refused);
    expect(runText({}, '{"\\ud800":1}')).toBe(refused);
  });

  it('outside strings is ASCII: no byte order mark, no other white space', () => {
    for (const text of ['\ufeff{}', '{}\u00a0', '{\v}', '{}\u0000', '', ' ', '{} {}', '{}}'])
      expect(runText({}, text)).toBe(fault(Fault.SYNTAX));
    for (const text of ['[]', '1', '"x"', 'null', ' [ { } ] ']) expect(runText({}, text)).toBe(fault(Fault.NOT_OBJECT));
    for (const text of ['[', '1.', '"x', 'nul']) expect(runText({}, text)).toBe(fault(Fault.SYNTAX));
  });
});

describe('laws', () => {
  it('a batch of n gives what n batches of one give', () => {
    const random = new Random(5);
    for (let round = 0; round < 40; round++) {
      const kernel = createJsonKernel(planOf(randomRules(random)));
      const texts = Array.from({ length: 25 }, () => utf8(randomObject(random)));
      texts[random.below(25)] = utf8('{"broken":');
      const together = run(kernel, texts);
      const alone = texts.map(text => run(kernel, [text]));
      expect(together.out).toEqual(alone.map(({ out }) => out[0]));
      expect(together.faults).toEqual(alone.map(({ faults }) => faults[0]));
      expect(together.spans.map(({ text }) => text)).toEqual(
        alone.flatMap(({ spans }) => spans.map(({ text }) => text)),
      );
    }
  });

  it('no name or value that the plan does not list is ever in the output', () => {
    const canary = fc.constantFrom('canary', 'can"ary', '\u0001canary', '张canary');
    const secret = fc.letrec(tie => ({
      value: fc.oneof(
        { depthSize: 'small' },
        canary,
        fc.dictionary(canary, tie('value'), { maxKeys: 3 }),
        fc.array(tie('value'), { maxLength: 3 }),
      ),
    })).value;
    const spaced = fc.constantFrom(undefined, 1, '\t');
    const property = fc.property(secret, secret, secret, spaced, (before, inside, after, space) => {
      const document = {
        hidden: before,
        kept: { hidden: inside, id: 'ok', also: after },
        list: [{ no: inside }, { x: 'ok' }],
        taken: 'ok',
        more: after,
      };
      const out = runText(
        { 'kept.id': 'copy', 'list[].x': 'copy', taken: 'capture', 'more.none': 'copy' },
        JSON.stringify(document, null, space),
        itself,
      );
      expect(out).not.toContain('canary');
      const { more, ...rest } = JSON.parse(out) as Record<string, unknown>;
      expect(rest).toEqual({ kept: { id: 'ok' }, list: [{}, { x: 'ok' }], taken: 'ok' });
      expect([undefined, '{}']).toContain(more === undefined ? undefined : JSON.stringify(more));
    });
    fc.assert(property, { numRuns: 1000 });
  });
});
