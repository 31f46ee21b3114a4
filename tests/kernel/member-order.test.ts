import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.js';
import { Fault } from '../../src/kernel/span-table.js';
import { createJsonKernel } from '../../src/kernel/typescript/json-kernel.js';
import { Random } from './json-generator.js';
import { planOf, type RuleWords, run } from './scan-harness.js';

const WORDS: RuleWords = { a: 'copy', b: 'capture', 'o.x': 'copy', 'l[].y': 'copy' };
const USUAL = '{"a":1,"b":2,"u":3,"o":{"x":4,"v":5},"l":[{"y":6,"w":7},{"y":8,"w":9}],"13800138000":0}';
const KEPT = '{"a":1,"b":2,"o":{"x":4},"l":[{"y":6},{"y":8}]}';

/** Outputs (or faults) of records that come after `USUAL` has been seen often. */
function afterUsual(...texts: readonly string[]): (string | number)[] {
  const kernel = createJsonKernel(planOf(WORDS));
  run(
    kernel,
    Array.from({ length: 5 }, () => utf8(USUAL)),
  );
  const { out, faults } = run(kernel, texts.map(utf8));
  return out.map((text, r) => text ?? faults[r] ?? -1);
}

describe('records after others with the same order of members', () => {
  it('give the same as the first one', () => {
    expect(afterUsual(USUAL, USUAL)).toEqual([KEPT, KEPT]);
  });

  it('may leave members out, add some, or come in another order', () => {
    expect(afterUsual('{"b":2,"u":3}', '{"a":1,"n":0,"b":2}', '{"l":[{"w":1,"y":2},{"y":3}],"a":1}', '{}')).toEqual([
      '{"b":2}',
      '{"a":1,"b":2}',
      '{"l":[{"y":2},{"y":3}],"a":1}',
      '{}',
    ]);
  });

  it('may have names that only begin like the expected ones, or are written with escapes', () => {
    expect(afterUsual('{"ab":1,"b":2}', '{"":1,"a":2}', '{"\\u0061":1,"b":2}', '{"a\\"":1,"b":2}')).toEqual([
      '{"b":2}',
      '{"a":2}',
      '{"a":1,"b":2}',
      '{"b":2}',
    ]);
    expect(afterUsual('{"a', '{"a"', '{"a":1,"b')).toEqual([Fault.SYNTAX, Fault.SYNTAX, Fault.SYNTAX]);
  });

  it('are refused for a duplicate of an expected name, wherever the order was left', () => {
    const duplicates = [
      '{"a":1,"a":2}',
      '{"a":1,"b":2,"u":3,"a":4}',
      '{"a":1,"b":2,"\\u0062":3}',
      '{"a":1,"o":{"x":1,"x":2}}',
      '{"a":1,"b":2,"u":3,"o":{"x":4,"v":5,"v":6}}',
      '{"a":1,"b":2,"u":3,"o":{"x":4},"l":[{"y":6,"w":7,"y":1}]}',
      '{"a":1,"b":2,"u":3,"o":{"x":4,"v":5},"u":1}',
      `${USUAL.slice(0, -1)},"b":1}`,
      `${USUAL.slice(0, -1)},"13800138000":1}`,
    ];
    expect(afterUsual(...duplicates)).toEqual(duplicates.map(() => Fault.DUPLICATE));
  });

  it('count unlisted fields just as before', () => {
    const kernel = createJsonKernel(planOf(WORDS));
    run(
      kernel,
      Array.from({ length: 7 }, () => utf8(USUAL)),
    );
    expect(Object.fromEntries(kernel.unlisted)).toEqual({ u: 7, 'o.v': 7, 'l[].w': 14, '*': 7 });
  });

  it('with ever-changing orders and many members give what a fresh kernel gives', () => {
    const random = new Random(11);
    const names = Array.from({ length: 90 }, (_, k) => `m${k}`);
    const plan = planOf(Object.fromEntries(names.filter((_, k) => k % 3 === 0).map(name => [name, 'copy' as const])));
    const kernel = createJsonKernel(plan);
    for (let round = 0; round < 60; round++) {
      const from = random.below(3) === 0 ? random.below(names.length) : 0;
      const order = [...names.slice(from), ...names.slice(0, from)].slice(0, 1 + random.below(90));
      if (random.below(4) === 0) order.push(random.pick(order));
      const text = utf8(`{${order.map((name, k) => `"${name}":${k}`).join(',')}}`);
      const fresh = run(createJsonKernel(plan), [text]);
      const known = run(kernel, [text]);
      expect([known.out, known.faults]).toEqual([fresh.out, fresh.faults]);
      expect(known.faults[0]).toBe(new Set(order).size === order.length ? Fault.NONE : Fault.DUPLICATE);
    }
  });
});
