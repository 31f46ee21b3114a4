import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Shape } from '../../src/core/token.js';
import { KINDS } from '../../src/kinds/index.js';
import type { Parameters } from '../../src/transform/spec.js';
import { generalize } from '../../transforms/generalize.js';
import { transformNamed } from '../../transforms/index.js';
import { inputOf, run } from '../testkit/apply-transform.js';

/** Text of the result, or the code it was refused with. */
function to(params: Parameters, kindName: string | undefined, written: string): string | undefined {
  const kind = kindName === undefined ? undefined : KINDS.get(kindName);
  const text = inputOf(generalize, kind, written);
  const [result] = run(generalize, { params, kind }, [{ text: text ?? 'the kind refuses it' }]);
  return result?.text ?? result?.code;
}

const findings = (params: Parameters, kindName?: string): readonly string[] =>
  (generalize.spec.lint?.(params, kindName === undefined ? undefined : KINDS.get(kindName)) ?? []).map(
    ({ severity }) => severity,
  );

describe('generalize dates', () => {
  it.each([
    ['year', '2024-02-29', '2024'],
    ['quarter', '2024-03-31', '2024-Q1'],
    ['quarter', '2024-04-01', '2024-Q2'],
    ['quarter', '2024/12/31', '2024-Q4'],
    ['month', '20240229', '2024-02'],
    ['week', '2024-12-30', '2025-W01'],
    ['week', '2023-01-01', '2022-W52'],
    ['day', '20240229235959', '2024-02-29'],
    ['day', '1704164645', '2024-01-02'],
    ['day', '2024-02-29', 'VALUE_RANGE'],
    ['year', '2023-02-29', 'VALUE_INVALID'],
    ['year', '1990', 'VALUE_INVALID'],
  ])('to %s: %s is %s', (level, written, expected) => {
    expect(to({ to: level }, undefined, written)).toBe(expected);
  });

  it('takes the written day unless the time is in UTC and an offset is given', () => {
    const late = '2024-12-31T20:00:00';
    expect(to({ to: 'year', utcOffset: 8 }, undefined, `${late}-05:00`)).toBe('2024');
    expect(to({ to: 'year', utcOffset: 8 }, undefined, `${late}Z`)).toBe('2025');
    expect(to({ to: 'year' }, undefined, `${late}Z`)).toBe('2024');
    expect(to({ to: 'day', utcOffset: -5 }, undefined, '2024-03-01T04:59:59Z')).toBe('2024-02-29');
    expect(to({ to: 'year', utcOffset: 8 }, undefined, '1735675200')).toBe('2025');
  });

  it('reads the birth date of identity cards', () => {
    expect(to({ to: 'month' }, 'cn-id-card', '110105491231002')).toBe('1949-12');
    expect(findings({ to: 'day' }, 'cn-id-card')).toEqual(['wrong']);
    expect(findings({ to: 'day' }, 'birth-date')).toEqual(['wrong']);
  });
});

describe('generalize ages', () => {
  // 周岁: full on the day after the birthday.
  it.each([
    ['2008-07-11', '2014-07-11', '5'],
    ['2008-07-11', '2014-07-12', '6'],
    ['2010-05-17', '2024-05-17', '13'],
    ['2010-05-17', '2024-05-18', '14'],
    ['2000-02-29', '2023-02-28', '22'],
    ['2000-02-29', '2023-03-01', '23'],
    ['2024-05-17', '2024-05-17', '0'],
    ['2024-05-18', '2024-05-17', 'VALUE_RANGE'],
    ['1900-01-01', '2060-01-01', 'VALUE_RANGE'],
  ])('born %s, on %s: %s', (born, at, age) => {
    expect(to({ to: 'age', at }, 'birth-date', born)).toBe(age);
  });

  it('is a JSON number, or a band', () => {
    const rule = { params: { to: 'age', at: '2024-05-17' }, kind: KINDS.get('birth-date') };
    expect(run(generalize, rule, [{ text: '1990-05-17' }])[0]?.shape).toBe(Shape.NUMBER);
    const bands = { to: 'age', at: '2024-05-17', ranges: [0, 14, 18, 60], top: 60 };
    expect(to(bands, 'birth-date', '2010-05-17')).toBe('[0,14)');
    expect(to(bands, 'birth-date', '1930-01-01')).toBe('>=60');
    expect(to(bands, 'cn-id-card', '11010519491231002X')).toBe('>=60');
  });
});

describe('generalize numbers', () => {
  it.each([
    [{ step: 10 }, '37', '[30,40)'],
    [{ step: 10 }, '40', '[40,50)'],
    [{ step: 10 }, '-1', '[-10,0)'],
    [{ step: 10 }, '-0', '[0,10)'],
    [{ step: 10 }, '3.7e1', '[30,40)'],
    [{ step: 0.1 }, '0.3', '[0.3,0.4)'],
    [{ step: 0.1 }, '0.7', '[0.7,0.8)'],
    [{ step: 2.5 }, '7.4999', '[5,7.5)'],
    [{ step: 1000 }, '123456789012345', '[123456789012000,123456789013000)'],
    [{ step: 10, bottom: 20, top: 90 }, '19.99', '<20'],
    [{ step: 10, bottom: 20, top: 90 }, '20', '[20,30)'],
    [{ step: 10, bottom: 20, top: 90 }, '90', '>=90'],
    [{ ranges: [0, 18, 65] }, '17.999', '[0,18)'],
    [{ ranges: [0, 18, 65] }, '18', '[18,65)'],
    [{ ranges: [0, 18, 65] }, '65', 'VALUE_RANGE'],
    [{ ranges: [0, 18, 65], top: 65 }, '65', '>=65'],
    [{ ranges: [0, 18, 65] }, '-1', 'VALUE_RANGE'],
    [{ step: 10 }, '1e999', 'VALUE_RANGE'],
    [{ step: 1e-6 }, '1e300', 'VALUE_RANGE'],
    [{ step: 10 }, '01', 'VALUE_INVALID'],
    [{ step: 10 }, '+1', 'VALUE_INVALID'],
    [{ step: 10 }, '1.', 'VALUE_INVALID'],
    [{ step: 10 }, '.5', 'VALUE_INVALID'],
    [{ step: 10 }, '-', 'VALUE_INVALID'],
    [{ step: 10 }, '1,5', 'VALUE_INVALID'],
    [{ step: 10 }, 'NaN', 'VALUE_INVALID'],
    [{ step: 10 }, '0x10', 'VALUE_INVALID'],
  ])('%j: %s is %s', (params, written, expected) => {
    expect(to({ to: 'range', ...params }, undefined, written)).toBe(expected);
  });

  it('puts every number into the one cell that holds it', () => {
    const step = fc.constantFrom(0.01, 0.1, 0.3, 1, 2.5, 7, 1000);
    fc.assert(
      fc.property(step, fc.double({ min: -1e6, max: 1e6, noNaN: true }), (width, value) => {
        const [, lower, upper] =
          /^\[(.+),(.+)\)$/.exec(to({ to: 'range', step: width }, undefined, String(value)) ?? '') ?? [];
        expect(Number(lower)).toBeLessThanOrEqual(value);
        expect(Number(upper)).toBeGreaterThan(value);
        expect(Number(upper) - Number(lower)).toBeCloseTo(width, 9);
      }),
      { numRuns: 500, seed: 10 },
    );
  });

  it.each<[Parameters, string | undefined, readonly string[]]>([
    [{ to: 'range', ranges: [18, 0] }, undefined, ['wrong']],
    [{ to: 'range', ranges: [0, 0] }, undefined, ['wrong']],
    [{ to: 'range', ranges: [0] }, undefined, ['wrong']],
    [{ to: 'range', ranges: [0, 18], top: 20 }, undefined, ['wrong']],
    [{ to: 'range' }, undefined, ['wrong', 'weak']],
    [{ to: 'range', step: 10, ranges: [0, 10], bottom: 0, top: 10 }, undefined, ['wrong']],
    [{ to: 'range', step: 10, bottom: 5, top: 90 }, undefined, ['wrong']],
    [{ to: 'range', step: 10, bottom: 90, top: 20 }, undefined, ['wrong']],
    [{ to: 'range', step: 10 }, undefined, ['weak']],
    [{ to: 'range', step: 10, bottom: 20, top: 90 }, undefined, []],
    [{ to: 'range', step: 10, bottom: 20, top: 90, prefix: 8 }, undefined, ['wrong']],
    [{ to: 'range', step: 10, bottom: 20, top: 90 }, 'cn-mobile', ['wrong']],
    [{ to: 'age', bottom: 0, top: 90 }, 'birth-date', ['wrong']],
    [{ to: 'age', at: '2024-02-30', bottom: 0, top: 90 }, 'birth-date', ['wrong']],
    [{}, undefined, ['wrong']],
  ])('lint of %j for %s: %j', (params, kind, expected) => {
    expect(findings(params, kind)).toEqual(expected);
  });

  it('cannot be made with parameters that lint refuses', () => {
    const made = transformNamed('generalize');
    expect(() => made && run(made, { params: { to: 'range' } }, [])).toThrow(/^POLICY_BOUNDS/);
  });
});

describe('generalize networks', () => {
  it.each([
    [24, '203.0.113.57', '203.0.113.0/24'],
    [16, '203.0.113.57', '203.0.0.0/16'],
    [1, '203.0.113.57', '128.0.0.0/1'],
    [31, '255.255.255.255', '255.255.255.254/31'],
    [20, '10.20.255.1', '10.20.240.0/20'],
    [24, '::ffff:192.0.2.1', '192.0.2.0/24'],
  ])('IPv4 /%i: %s is %s', (prefix, written, expected) => {
    expect(to({ to: 'prefix', prefix }, 'ipv4', written)).toBe(expected);
  });

  // Text forms of RFC 5952, section 4.
  it.each([
    [48, '2001:db8:1:2::9', '2001:db8:1::/48'],
    [64, '2001:DB8:0:0:1:0:0:1', '2001:db8::/64'],
    [56, '2001:db8:1:2ff::9', '2001:db8:1:200::/56'],
    [127, '2001:db8::ff:ffff', '2001:db8::ff:fffe/127'],
    [33, 'ffff:ffff:ffff::1', 'ffff:ffff:8000::/33'],
    [80, '1:0:0:2:3:4:5:6', '1:0:0:2:3::/80'],
    [1, '::1', '::/1'],
  ])('IPv6 /%i: %s is %s', (prefix, written, expected) => {
    expect(to({ to: 'prefix', prefix }, 'ipv6', written)).toBe(expected);
  });

  it('warns of small networks and refuses whole addresses', () => {
    expect(findings({ to: 'prefix', prefix: 32 }, 'ipv4')).toEqual(['wrong']);
    expect(findings({ to: 'prefix', prefix: 40 }, 'ipv4')).toEqual(['wrong']);
    expect(findings({ to: 'prefix', prefix: 28 }, 'ipv4')).toEqual(['weak']);
    expect(findings({ to: 'prefix', prefix: 24 }, 'ipv4')).toEqual([]);
    expect(findings({ to: 'prefix', prefix: 128 }, 'ipv6')).toEqual(['wrong']);
    expect(findings({ to: 'prefix', prefix: 64 }, 'ipv6')).toEqual(['weak']);
    expect(findings({ to: 'prefix' }, 'ipv6')).toEqual(['wrong']);
  });
});

describe('generalize places', () => {
  it('puts coordinates into grid cells in the order they were written', () => {
    expect(to({ to: 'grid', degrees: 0.1 }, 'coordinate', '39.9042°N，116.4074°E')).toBe('[39.9,40)x[116.4,116.5)');
    expect(to({ to: 'grid', degrees: 0.1 }, 'coordinate', '116.4074,39.9042')).toBe('[116.4,116.5)x[39.9,40)');
    expect(to({ to: 'grid', degrees: 0.25 }, 'coordinate', '33.8688S')).toBe('[-34,-33.75)');
    expect(findings({ to: 'grid', degrees: 0.005 }, 'coordinate')).toEqual(['weak']);
  });

  it('makes the geohash of Niemeyer', () => {
    expect(to({ to: 'geohash', length: 8 }, 'coordinate', '57.64911,10.40744')).toBe('u4pruydq');
    expect(to({ to: 'geohash', length: 5 }, 'coordinate', '42.605,-5.603')).toBe('ezs42');
    expect(to({ to: 'geohash', length: 5, order: 'longitude-first' }, 'coordinate', '10.40744,57.64911')).toBe('u4pru');
    expect(to({ to: 'geohash', length: 5 }, 'coordinate', '116.4074,39.9042')).toBe('VALUE_INVALID');
    expect(to({ to: 'geohash', length: 5 }, 'coordinate', '39.9')).toBe('VALUE_INVALID');
  });

  it.each([
    ['province', 'cn-id-card', '11010519491231002X', '北京市'],
    ['city', 'cn-id-card', '11010519491231002X', '北京市'],
    ['province', 'address-cn', '广东省深圳市南山区科技园1号', '广东省'],
    ['city', 'address-cn', '广东省深圳市南山区科技园1号', '广东省深圳市'],
    ['city', 'address-cn', '深圳市南山区科技园1号', '广东省深圳市'],
    ['city', 'address-cn', '北京市海淀区马连洼街道289号', '北京市'],
    ['city', 'address-cn', '马连洼街道289号张三家', 'VALUE_INVALID'],
    ['city', 'address-cn', '广东省深圳市', 'VALUE_RANGE'],
    ['province', 'postcode', '518000', '广东省'],
    ['province', 'region-code', '440305', '广东省'],
    ['city', 'region-code', '440305', '广东省深圳市'],
    ['city', 'region-code', '440000', '广东省'],
  ])('to %s of %s %s is %s', (level, kind, written, expected) => {
    expect(to({ to: level }, kind, written)).toBe(expected);
  });

  it('does not promise a city from a postal code', () => {
    expect(findings({ to: 'city' }, 'postcode')).toEqual(['wrong']);
  });
});
