import { REGION_NAMES } from './data/regions.js';

const PROVINCES = new Map<string, string>();
const CITIES = new Map<string, string>();

for (const line of REGION_NAMES.trim().split('\n')) {
  const [head = '', ...cities] = line.split(' ');
  const province = head.slice(0, 2);
  PROVINCES.set(province, head.slice(2));
  for (const city of cities) CITIES.set(province + city.slice(0, 2), city.slice(2));
}
// Residence permits of people from Taiwan begin with 83 (permits of Hong Kong and Macao with 81 and 82).
PROVINCES.set('83', '台湾省');

/** Prefectures of these codes are districts of the municipality itself. */
const MUNICIPALITIES: ReadonlySet<string> = new Set(['11', '12', '31', '50']);

/** Two-digit codes of provinces, in order. */
export const PROVINCE_CODES: readonly string[] = [...PROVINCES.keys()].sort();

/** Name of the province of a GB/T 2260 code (its first two digits count), or undefined when there is none. */
export function provinceOf(code: string): string | undefined {
  return PROVINCES.get(code.slice(0, 2));
}

/**
 * Name of the prefecture-level city of a GB/T 2260 code (its first four digits count); a municipality is its own city. Undefined
 * when the code has none: counties directly under a province, Hong Kong, Macao, Taiwan, unknown codes.
 */
export function cityOf(code: string): string | undefined {
  return MUNICIPALITIES.has(code.slice(0, 2)) ? provinceOf(code) : CITIES.get(code.slice(0, 4));
}

/** How people shorten a province's name. */
const PROVINCE_SUFFIX = /(?:壮族|回族|维吾尔)?自治区$|特别行政区$|省$|市$/;

const provinceNames: readonly (readonly [name: string, code: string])[] = PROVINCE_CODES.flatMap(code => {
  const name = PROVINCES.get(code) ?? '';
  return [[name, code] as const, [name.replace(PROVINCE_SUFFIX, ''), code] as const];
});
const cityNames: readonly (readonly [name: string, code: string])[] = [...CITIES].map(([code, name]) => [name, code]);

/** Greatest length of what `regionPrefix` returns. */
export const REGION_PREFIX_MAX =
  Math.max(...[...PROVINCES.values()].map(name => name.length)) + Math.max(...cityNames.map(([name]) => name.length));

/**
 * The province and prefecture-level city that an address begins with (`广东省深圳市`, `北京市`, `深圳市`), as it is written there;
 * empty when it begins with neither. A district or street is never part of it.
 */
export function regionPrefix(address: string): string {
  const [province = '', code = ''] = longest(provinceNames, address, '');
  const [city = ''] = longest(cityNames, address.slice(province.length), code);
  return province + city;
}

/**
 * GB/T 2260 code of the region that an address begins with: four digits for a prefecture-level city, two for a province, empty
 * when it begins with neither.
 */
export function regionCode(address: string): string {
  const [province = '', code = ''] = longest(provinceNames, address, '');
  const [, city = ''] = longest(cityNames, address.slice(province.length), code);
  return city === '' ? code : city;
}

function longest(
  names: readonly (readonly [string, string])[],
  text: string,
  prefix: string,
): readonly [string, string] | readonly [] {
  let best: readonly [string, string] | readonly [] = [];
  for (const entry of names) {
    if (entry[0].length > (best[0]?.length ?? 0) && entry[1].startsWith(prefix) && text.startsWith(entry[0]))
      best = entry;
  }
  return best;
}
