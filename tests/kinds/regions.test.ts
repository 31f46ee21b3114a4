import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textOf, utf8 } from '../../src/core/bytes.js';
import { REGION_NAMES } from '../../src/kinds/data/regions.js';
import { provinceCodeOfPostcode } from '../../src/kinds/postcode.js';
import {
  cityOf,
  PROVINCE_CODES,
  provinceOf,
  REGION_PREFIX_MAX,
  regionAt,
  regionCode,
} from '../../src/kinds/regions.js';
import { vectorPath } from '../testkit/vectors.js';

const root = resolve(import.meta.dirname, '../..');

/** What `regionAt` cuts off, with bytes of another region around the address that it must not read. */
function regionPrefix(address: string): string {
  const before = utf8('广东省');
  const bytes = utf8(`广东省${address}深圳市`);
  const { end } = regionAt(bytes, before.length, before.length + utf8(address).length);
  return textOf(bytes, before.length, end);
}

/** All names with their codes, cities in the order of their codes, as the generated table has them. */
const PROVINCES: readonly (readonly [string, string])[] = PROVINCE_CODES.map(code => [provinceOf(code) ?? '', code]);
const CITIES: readonly (readonly [string, string])[] = REGION_NAMES.trim()
  .split('\n')
  .flatMap(line => {
    const [head = '', ...cities] = line.split(' ');
    return cities.map(city => [city.slice(2), head.slice(0, 2) + city.slice(0, 2)] as const);
  });

/** The rule of `regionAt` by trying every name: the longest counts, of equal ones the last offered. */
function naiveRegion(address: string): readonly [prefix: string, code: string] {
  const suffix = /(?:壮族|回族|维吾尔)?自治区$|特别行政区$|省$|市$/;
  const offers: [string, string][] = CITIES.map(([city, code]) => [city, code]);
  for (const [name, code] of PROVINCES) {
    for (const written of [name, name.replace(suffix, '')]) {
      offers.push([written, code]);
      for (const [city, cityCode] of CITIES) if (cityCode.startsWith(code)) offers.push([written + city, cityCode]);
    }
  }
  const standing = offers.filter(([name]) => address.startsWith(name));
  return standing.reduce((best, offer) => (offer[0].length >= best[0].length ? offer : best), ['', '']);
}

function rows(path: string, separator: string): readonly (readonly string[])[] {
  const lines = readFileSync(path, 'utf8').trim().split('\n').slice(1);
  return lines.map(line => line.replaceAll('"', '').trim().split(separator));
}

describe('generated data', () => {
  it.each(['generate-regions.mjs', 'generate-phone-metadata.mjs'])('%s has nothing new to write', script => {
    vectorPath('gb2260', 'mca');
    const said = execFileSync(process.execPath, [resolve(root, 'scripts', script), '--check'], { encoding: 'utf8' });
    expect(said).toContain('up to date');
  });
});

describe('regions', () => {
  const areas = rows(vectorPath('cn-divisions', 'dist', 'areas.csv'), ',');
  const cities = new Map(
    rows(vectorPath('cn-divisions', 'dist', 'cities.csv'), ',').map(([code = '', name = '']) => [code, name]),
  );

  it(`knows province and city of all ${areas.length} counties of today (cn-divisions)`, () => {
    for (const [code = '', , cityCode = '', provinceCode = ''] of areas) {
      expect(provinceOf(code)).toBeDefined();
      expect(provinceOf(code)).toBe(provinceOf(provinceCode));
      const name = cities.get(cityCode) ?? '';
      if (/市辖区|^县$/.test(name)) expect(cityOf(code)).toBe(provinceOf(code));
      else expect(cityOf(code)).toBe(/直辖县级/.test(name) ? undefined : name);
    }
  });

  const codes = ['198012', '199012', '200012', '201012', '201904'].flatMap(revision =>
    rows(vectorPath('gb2260', 'mca', `${revision}.tsv`), '\t').map(([, , code = '']) => code),
  );
  it(`knows the province of all ${codes.length} codes since 1980 (gb2260)`, () => {
    for (const code of codes) expect(provinceOf(code), code).toBeDefined();
  });

  it('answers for revoked, special and unknown codes', () => {
    expect(cityOf('510200')).toBe('重庆市');
    expect(cityOf('132201')).toBe('邢台地区');
    expect(cityOf('110105')).toBe('北京市');
    expect(cityOf('810000')).toBeUndefined();
    expect(provinceOf('830000')).toBe('台湾省');
    expect(provinceOf('99')).toBeUndefined();
    expect(PROVINCE_CODES).toHaveLength(35);
  });

  it('cuts an address after the city, as it is written', () => {
    expect(regionPrefix('广东省深圳市南山区')).toBe('广东省深圳市');
    expect(regionPrefix('深圳市南山区')).toBe('深圳市');
    expect(regionPrefix('广西南宁市青秀区')).toBe('广西南宁市');
    expect(regionPrefix('新疆维吾尔自治区克孜勒苏柯尔克孜自治州阿图什市')).toBe(
      '新疆维吾尔自治区克孜勒苏柯尔克孜自治州',
    );
    expect(regionPrefix('广东省石家庄市')).toBe('广东省');
    expect(regionPrefix('某路1号')).toBe('');
    expect(REGION_PREFIX_MAX).toBeLessThan(24);
  });

  it('takes a city that begins like a province for the city', () => {
    expect(regionPrefix('海南藏族自治州共和县')).toBe('海南藏族自治州');
    expect(regionPrefix('青海省海南藏族自治州共和县')).toBe('青海省海南藏族自治州');
    expect(regionPrefix('海南三亚市')).toBe('海南三亚市');
    expect(regionPrefix('吉林市昌邑区')).toBe('吉林市');
    expect(regionPrefix('吉林吉林市昌邑区')).toBe('吉林吉林市');
    expect(['海南藏族自治州共和县', '吉林市昌邑区', '吉林省', '重庆市渝中区', '某路1号'].map(regionCode)).toEqual([
      '6325',
      '2202',
      '22',
      '50',
      '',
    ]);
    // Hainan was a part of Guangdong until 1988.
    expect(regionCode('海口市龙华区')).toBe('4601');
  });

  it('finds what trying every name finds', () => {
    const names = fc.constantFrom(...PROVINCES, ...CITIES).map(([name]) => name);
    const short = names.map(name => name.slice(0, 2));
    const addresses = fc.array(fc.oneof(names, short, fc.constantFrom('市', '区', '1', '路', '𠮷', '')), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(addresses, parts => {
        const address = parts.join('');
        expect([regionPrefix(address), regionCode(address)]).toEqual(naiveRegion(address));
      }),
      { numRuns: 500 },
    );
  });

  it('maps a postal code of every province to it', () => {
    const capitals: readonly (readonly [string, string])[] = [
      ['100000', '11'],
      ['300000', '12'],
      ['050000', '13'],
      ['030000', '14'],
      ['010000', '15'],
      ['110000', '21'],
      ['130000', '22'],
      ['150000', '23'],
      ['200000', '31'],
      ['210000', '32'],
      ['310000', '33'],
      ['230000', '34'],
      ['350000', '35'],
      ['330000', '36'],
      ['250000', '37'],
      ['450000', '41'],
      ['430000', '42'],
      ['410000', '43'],
      ['510000', '44'],
      ['530000', '45'],
      ['570000', '46'],
      ['400000', '50'],
      ['610000', '51'],
      ['550000', '52'],
      ['650000', '53'],
      ['850000', '54'],
      ['710000', '61'],
      ['730000', '62'],
      ['810000', '63'],
      ['750000', '64'],
      ['830000', '65'],
      ['999077', '81'],
      ['999078', '82'],
    ];
    for (const [postcode, province] of capitals) expect(provinceCodeOfPostcode(postcode), postcode).toBe(province);
    expect(provinceCodeOfPostcode('990000')).toBeUndefined();
  });
});
