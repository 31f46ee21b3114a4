import { utf8 } from '../core/bytes.js';
import { REGION_NAMES } from './data/regions.js';
import { HanTrie } from './normal/han.js';

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

// Roots of the tries of names; the cities of a province lie under its own code.
const ANY_PROVINCE = 0;
const ANY_CITY = 1;

const provinceNames: readonly (readonly [name: string, code: string])[] = PROVINCE_CODES.flatMap(code => {
  const name = PROVINCES.get(code) ?? '';
  return [[name, code] as const, [name.replace(PROVINCE_SUFFIX, ''), code] as const];
});

const names = new HanTrie(100, [...provinceNames, ...CITIES, ...CITIES].join('').length);
for (const [name, code] of provinceNames) names.add(ANY_PROVINCE, name, Number(code));
// Codes in order: where a city moved to another province (海口市), its last code counts.
for (const [code, name] of CITIES) {
  names.add(ANY_CITY, name, Number(code));
  names.add(Number(code.slice(0, 2)), name, Number(code));
}

/** Greatest number of characters of a `RegionMatch`. */
export const REGION_PREFIX_MAX =
  Math.max(...[...PROVINCES.values()].map(name => name.length)) +
  Math.max(...[...CITIES.values()].map(name => name.length));

/** The region that an address begins with. */
export interface RegionMatch {
  /** Where its name ends; where the address begins when there is none. */
  readonly end: number;
  /** GB/T 2260 code: four digits for a prefecture-level city, two for a province, 0 when there is none. */
  readonly code: number;
}

const match = { end: 0, code: 0 };

/**
 * The province and prefecture-level city that the address `bytes[start .. end)` begins with (`广东省深圳市`, `北京市`, `深圳市`), as
 * they are written there. A district or street is never part of it. The longest reading counts, so `海南藏族自治州` and `吉林市` are
 * cities and not provinces with something behind them. The object is reused by the next call.
 */
export function regionAt(bytes: Uint8Array, start: number, end: number): RegionMatch {
  const province = names.longest(ANY_PROVINCE, bytes, start, end);
  const provinceCode = names.value;
  const city = provinceCode === 0 ? start : names.longest(provinceCode, bytes, province, end);
  match.end = Math.max(province, city);
  match.code = names.value === 0 ? provinceCode : names.value;
  const alone = names.longest(ANY_CITY, bytes, start, end);
  if (alone > match.end) {
    match.end = alone;
    match.code = names.value;
  }
  return match;
}

/** The code of `regionAt` as text; empty when the address begins with no region. */
export function regionCode(address: string): string {
  const bytes = utf8(address);
  const { code } = regionAt(bytes, 0, bytes.length);
  return code === 0 ? '' : String(code);
}
