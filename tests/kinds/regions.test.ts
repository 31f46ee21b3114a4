import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { provinceCodeOfPostcode } from '../../src/kinds/postcode.js';
import { cityOf, PROVINCE_CODES, provinceOf, REGION_PREFIX_MAX, regionPrefix } from '../../src/kinds/regions.js';
import { vectorPath } from '../testkit/vectors.js';

const root = resolve(import.meta.dirname, '../..');

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
