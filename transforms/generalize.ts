import type { Parameter, TransformDefinition } from '../src/transform/spec.js';
import { lintGeneralize } from './generalize/lint.js';
import { METHODS, methodOf } from './generalize/methods.js';

const MAX_NUMBER = 1e12;

const PARAMETERS: Readonly<Record<string, Parameter>> = {
  to: { type: 'choice', values: [...METHODS.keys()], required: true, about: 'what the value is reduced to' },
  step: {
    type: 'number',
    min: 1e-6,
    max: MAX_NUMBER,
    unit: 'unit of the value',
    about: 'width of the cells (range, age)',
  },
  ranges: {
    type: 'numbers',
    min: -MAX_NUMBER,
    max: MAX_NUMBER,
    maxItems: 1000,
    unit: 'unit of the value',
    about: 'ascending limits of the cells (range, age); the last one is not included',
  },
  bottom: {
    type: 'number',
    min: -MAX_NUMBER,
    max: MAX_NUMBER,
    unit: 'unit of the value',
    about: 'smaller values are written as <bottom (range, age)',
  },
  top: {
    type: 'number',
    min: -MAX_NUMBER,
    max: MAX_NUMBER,
    unit: 'unit of the value',
    about: 'this and greater values are written as >=top (range, age)',
  },
  at: {
    type: 'text',
    maxLength: 10,
    pattern: '^\\d{4}-\\d{2}-\\d{2}$',
    about: 'the date on which the age is taken (age)',
  },
  utcOffset: {
    type: 'number',
    min: -12,
    max: 14,
    unit: 'hours',
    about:
      'zone in which a time written in UTC (Z, or a count since 1970) becomes a calendar day; 0 when left out (dates)',
  },
  prefix: { type: 'integer', min: 1, max: 128, unit: 'bits', about: 'length of the network prefix (prefix)' },
  degrees: { type: 'number', min: 0.001, max: 45, unit: 'degrees', about: 'width of the grid (grid)' },
  length: { type: 'integer', min: 1, max: 8, unit: 'characters', about: 'length of the geohash (geohash)' },
  order: {
    type: 'choice',
    values: ['latitude-first', 'longitude-first'],
    about: 'how pairs of coordinates are written; latitude-first when left out (geohash)',
  },
};

/**
 * generalize: the value is replaced by the cell it lies in: dates by year, quarter, month, ISO week or day, numbers by steps or
 * ranges with bottom and top coding, birth dates by age, IP addresses by network, coordinates by grid cell or geohash, identity
 * cards and addresses by province or city.
 * When not to use it: as the only protection of a record; cells of several fields together single people out (k-anonymity).
 * What an attacker still learns: the cell.
 */
export const generalize: TransformDefinition = {
  spec: {
    name: 'generalize',
    summary: 'the cell in which the value lies: a year, a range, a network, a province',
    family: 'generalization',
    way: 'column',
    reversible: 'no',
    deterministic: 'always',
    keyed: false,
    linking: 'none',
    input: 'normal',
    needsKind: false,
    kinds: [...new Set([...METHODS.values()].flatMap(method => method.kinds))].filter(name => name !== '-'),
    subtree: false,
    output: 'string or number',
    parameters: PARAMETERS,
    analystCan: 'count, group and compare by cell',
    attackerLearns: 'the cell; several generalized fields together may single a person out',
    whenNotToUse: 'as the only protection of a record that holds several such fields',
    examples: [
      { kind: 'birth-date', params: { to: 'year' }, in: '1990-05-17', out: '1990' },
      { params: { to: 'quarter' }, in: '2024-05-17', out: '2024-Q2' },
      { params: { to: 'month' }, in: '2024-02-29T23:59:59Z', out: '2024-02' },
      { params: { to: 'week' }, in: '2021-01-03', out: '2020-W53' },
      { params: { to: 'day' }, in: '2024-05-17T08:30:00+08:00', out: '2024-05-17' },
      { params: { to: 'day', utcOffset: 8 }, in: '2024-05-17T16:00:00Z', out: '2024-05-18' },
      { params: { to: 'day' }, in: '2024-05-17', code: 'VALUE_RANGE' },
      { params: { to: 'range', step: 10, bottom: 20, top: 90 }, in: 37, out: '[30,40)' },
      { params: { to: 'range', step: 10, bottom: 20, top: 90 }, in: '93', out: '>=90' },
      { params: { to: 'range', ranges: [0, 18, 65] }, in: 70, code: 'VALUE_RANGE' },
      { kind: 'birth-date', params: { to: 'age', at: '2024-05-17' }, in: '1990-05-17', out: 33 },
      { kind: 'birth-date', params: { to: 'age', at: '2024-05-17', step: 5 }, in: '1990-05-16', out: '[30,35)' },
      { kind: 'ipv4', params: { to: 'prefix', prefix: 24 }, in: '203.0.113.57', out: '203.0.113.0/24' },
      { kind: 'ipv6', params: { to: 'prefix', prefix: 48 }, in: '2001:db8:1:2::9', out: '2001:db8:1::/48' },
      {
        kind: 'coordinate',
        params: { to: 'grid', degrees: 0.1 },
        in: '39.9087,116.3975',
        out: '[39.9,40)x[116.3,116.4)',
      },
      { kind: 'coordinate', params: { to: 'geohash', length: 5 }, in: '57.64911,10.40744', out: 'u4pru' },
      { kind: 'coordinate', params: { to: 'grid', degrees: 0.1 }, in: '39.9087', out: '[39.9,40)' },
      { kind: 'number', params: { to: 'range', step: 0.1, bottom: 0, top: 1 }, in: 0.3, out: '[0.3,0.4)' },
      { kind: 'age', params: { to: 'range', step: 10, bottom: 10, top: 90 }, in: '28岁', out: '[20,30)' },
      { kind: 'date-time', params: { to: 'month' }, in: 1704164645123, out: '2024-01' },
      { kind: 'address-cn', params: { to: 'city' }, in: '广东省 深圳市 南山区，科技园１号', out: '广东省深圳市' },
      { kind: 'postcode', params: { to: 'province' }, in: '518000', out: '广东省' },
      { kind: 'region-code', params: { to: 'city' }, in: '440305', out: '广东省深圳市' },
      { kind: 'cn-id-card', params: { to: 'province' }, in: '11010519491231002X', out: '北京市' },
      { kind: 'cn-id-card', params: { to: 'year' }, in: '11010519491231002X', out: '1949' },
    ],
    lint: lintGeneralize,
  },
  create(params, context) {
    const generalizer = methodOf(params, context.kind, context.path.text).make(params, context.kind);
    return {
      apply(column, out) {
        for (let row = 0; row < column.count; row++) {
          generalizer.write(column.bytes, column.starts[row] ?? 0, column.ends[row] ?? 0, row, out);
        }
      },
    };
  },
};
