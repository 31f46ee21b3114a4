import { textOf, utf8 } from '../../src/core/bytes.js';
import { cardParts } from '../../src/kinds/cn-id-card.js';
import { provinceCodeOfPostcode } from '../../src/kinds/postcode.js';
import { cityOf, provinceOf, regionCode } from '../../src/kinds/regions.js';
import type { Generalizer } from './generalizer.js';

/** What a region can be reduced to. */
export type RegionLevel = 'province' | 'city';

/** Enough of an address to hold every pair of a province's and a city's name. */
const PREFIX_CHARACTERS = 64;

/** GB/T 2260 code of a normal form, by kind; empty when it names no region. */
const CODES: Readonly<Record<string, (normal: string) => string>> = {
  'region-code': code => code,
  'cn-id-card': card => cardParts(card).region,
  'address-cn': address => regionCode(address.slice(0, PREFIX_CHARACTERS)),
  postcode: postcode => provinceCodeOfPostcode(postcode) ?? '',
};

/**
 * Region codes, identity card numbers, postal codes and addresses (by the names they begin with) to `广东省` or `广东省深圳市`. Only
 * names of the table are written, never a piece of the value; where the city is not known, the province stands alone. No known
 * region: VALUE_INVALID; an address that is no finer than the result: VALUE_RANGE.
 */
export function generalizeRegions(level: RegionLevel, kind: string): Generalizer {
  const codeOf = CODES[kind] ?? (() => '');
  return {
    write(bytes, start, end, row, out) {
      const value = textOf(bytes, start, end);
      const name = regionName(level, codeOf(value));
      if (name === undefined) {
        out.invalid(row, 'VALUE_INVALID');
      } else if (name === value) {
        out.invalid(row, 'VALUE_RANGE');
      } else {
        const text = utf8(name);
        out.copyText(row, text, 0, text.length);
      }
    },
  };
}

function regionName(level: RegionLevel, code: string): string | undefined {
  const province = provinceOf(code);
  const city = level === 'city' ? cityOf(code) : undefined;
  return province === undefined || city === undefined || city === province ? province : province + city;
}
