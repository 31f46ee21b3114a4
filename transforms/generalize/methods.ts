import { utf8 } from '../../src/core/bytes.js';
import { packedDate } from '../../src/core/calendar.js';
import { VeilError } from '../../src/core/errors.js';
import type { Kind } from '../../src/kinds/kind.js';
import type { Parameters } from '../../src/transform/spec.js';
import { WrittenDate } from '../parts/written-date.js';
import { generalizeAges } from './ages.js';
import { generalizeToGeohash, generalizeToGrid } from './coordinates.js';
import { DATE_LEVELS, type DatePlace, generalizeDates, ID_CARD_BIRTH, WHOLE_VALUE } from './dates.js';
import type { Generalizer } from './generalizer.js';
import { generalizeIpv4, generalizeIpv6 } from './networks.js';
import { generalizeNumbers } from './numbers.js';
import { generalizeRegions } from './regions.js';

/** One value of `to`: what it accepts and how it is made. */
export interface Method {
  /** Kinds it accepts; `-` stands for a rule without a kind. */
  readonly kinds: readonly string[];
  /** Parameters it needs, and those it can use besides. Any other is a mistake. */
  readonly needs: readonly string[];
  readonly uses: readonly string[];
  readonly make: (params: Parameters, kind: Kind | undefined) => Generalizer;
}

const BANDS = ['step', 'ranges', 'bottom', 'top'];
const BORN = ['-', 'birth-date', 'cn-id-card'];
const NUMBERS = ['-', 'number', 'age'];
/** A postal code names no city for sure. */
const PLACED = ['region-code', 'cn-id-card', 'address-cn'];
const placeOf = (kind: Kind | undefined): DatePlace => (kind?.name === 'cn-id-card' ? ID_CARD_BIRTH : WHOLE_VALUE);

const dates: [string, Method][] = DATE_LEVELS.map(level => [
  level,
  {
    kinds: level === 'day' ? ['-', 'date-time'] : [...BORN, 'date-time'],
    needs: [],
    uses: ['utcOffset'],
    make: (params, kind) => generalizeDates(level, placeOf(kind), Number(params.utcOffset ?? 0) * 60),
  },
]);

const regions: [string, Method][] = (['province', 'city'] as const).map(level => [
  level,
  {
    kinds: level === 'city' ? PLACED : [...PLACED, 'postcode'],
    needs: [],
    uses: [],
    make: (_params, kind) => generalizeRegions(level, kind?.name ?? ''),
  },
]);

/** The values of `to`. */
export const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ...dates,
  ['range', { kinds: NUMBERS, needs: [], uses: BANDS, make: generalizeNumbers }],
  [
    'age',
    {
      kinds: BORN,
      needs: ['at'],
      uses: BANDS,
      make: (params, kind) => generalizeAges(params, referenceOf(params.at) ?? 0, placeOf(kind)),
    },
  ],
  [
    'prefix',
    {
      kinds: ['ipv4', 'ipv6'],
      needs: ['prefix'],
      uses: [],
      make: (params, kind) => (kind?.name === 'ipv6' ? generalizeIpv6 : generalizeIpv4)(Number(params.prefix)),
    },
  ],
  [
    'grid',
    { kinds: ['coordinate'], needs: ['degrees'], uses: [], make: params => generalizeToGrid(Number(params.degrees)) },
  ],
  [
    'geohash',
    {
      kinds: ['coordinate'],
      needs: ['length'],
      uses: ['order'],
      make: params => generalizeToGeohash(Number(params.length), params.order === 'longitude-first'),
    },
  ],
  ...regions,
]);

/** The packed date that the text `yyyy-mm-dd` names, or undefined when there is none. */
export function referenceOf(at: Parameters[string]): number | undefined {
  const bytes = utf8(typeof at === 'string' ? at : '');
  const date = new WrittenDate();
  return date.read(bytes, 0, bytes.length) && date.isDateOnly(bytes.length) ? packedDate(date.day) : undefined;
}

/** The method of a rule. Throws RULE_KIND when it does not exist or does not accept the kind. */
export function methodOf(params: Parameters, kind: Kind | undefined, where: string): Method {
  const method = METHODS.get(String(params.to));
  if (method?.kinds.includes(kind?.name ?? '-') !== true) throw new VeilError('RULE_KIND', { where });
  return method;
}
