import { kindNamed } from '../../src/kinds/index.js';
import type { Kind } from '../../src/kinds/kind.js';
import { normalForm, seeded } from './apply-transform.js';

/** Draws of one generator. */
interface Draw {
  /** An integer of min .. max, both included. */
  int(min: number, max: number): number;
  digits(count: number): string;
  one<T>(list: readonly [T, ...T[]]): T;
}

type Generator = (draw: Draw) => string;

const two = (value: number): string => String(value).padStart(2, '0');
const date: Generator = ({ int }) => `${int(1930, 2020)}-${two(int(1, 12))}-${two(int(1, 28))}`;
const FAMILY = ['王', '李', '张', '刘', '欧阳', '司马', '赵', '陈'] as const;
const GIVEN = ['伟', '芳', '秀英', '子轩', '建国', '丽', '敏', '磊'] as const;
const CITIES = ['广东省深圳市南山区', '北京市海淀区', '浙江省杭州市西湖区', '四川省成都市武侯区'] as const;
const word: Generator = ({ int, one }) =>
  Array.from({ length: int(4, 9) }, () => one(['a', 'b', 'k', 'm', 'r', 's', 't', 'u', 'x', 'z'])).join('');

/** GB 11643: the check character of 17 digits. */
function withCardCheck(body: string): string {
  const sum = [...body].reduce((total, digit, at) => total + Number(digit) * (2 ** (17 - at) % 11), 0);
  return body + ('10X98765432'[sum % 11] ?? '');
}

/** Luhn: the check digit that makes the sum a multiple of ten. */
function withLuhn(body: string): string {
  const sum = [...body].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return body + String((10 - (sum % 10)) % 10);
}

/** Well-formed values by kind; other kinds are tested with their own examples. */
const GENERATORS: Readonly<Record<string, Generator>> = {
  'person-name': ({ one }) => one(FAMILY) + one(GIVEN),
  'cn-mobile': ({ int, digits }) => `1${int(3, 9)}${digits(9)}`,
  phone: ({ int, digits }) => `+861${int(3, 9)}${digits(9)}`,
  email: draw => `${word(draw)}.${word(draw)}@${draw.one(['example.com', 'example.cn', 'mail.example.org'])}`,
  'cn-id-card': draw =>
    withCardCheck(`${draw.one(['110105', '440305', '330106'])}${date(draw).replaceAll('-', '')}${draw.digits(3)}`),
  'bank-card': ({ digits }) => withLuhn(`622202${digits(12)}`),
  'address-cn': ({ one, int }) => `${one(CITIES)}科技园路${int(1, 999)}号${int(1, 30)}栋${int(100, 2999)}室`,
  ipv4: ({ int }) => `${int(1, 223)}.${int(0, 255)}.${int(0, 255)}.${int(1, 254)}`,
  ipv6: ({ int }) => `2001:db8:${int(1, 65535).toString(16)}::${int(1, 65535).toString(16)}`,
  mac: ({ int }) => `02:00:${Array.from({ length: 4 }, () => int(0, 255).toString(16).padStart(2, '0')).join(':')}`,
  imei: ({ digits }) => withLuhn(`35${digits(12)}`),
  'account-id': ({ digits, one }) => one(['user-', '']) + digits(8),
  'birth-date': date,
  'date-time': draw => `${date(draw)}T${two(draw.int(0, 23))}:${two(draw.int(0, 59))}:${two(draw.int(0, 59))}+08:00`,
  coordinate: ({ int, digits }) => `${int(18, 53)}.${digits(5)}1,${int(74, 134)}.${digits(5)}1`,
  number: ({ int }) => String(int(0, 100_000) / 100),
  age: ({ int }) => String(int(0, 110)),
  'free-text': ({ one, int }) => `${one(['请放门口', '送到前台', '周末再送'])}，谢谢！订单 ${int(1000, 9_999_999)}`,
  secret: draw => `${word(draw)}-${draw.digits(6)}-${word(draw)}`,
};

/** What stands in fields without a kind. */
const WITHOUT_KIND: readonly Generator[] = [
  date,
  draw => `${date(draw)}T${two(draw.int(0, 23))}:15:00Z`,
  ({ int }) => String(int(-50, 200)),
  ({ int }) => `${int(0, 99)}.${int(1, 9)}`,
  draw => `${word(draw)} ${word(draw)}`,
  ({ one, int }) =>
    `${one(['é', 'क्षि', '👨‍👩‍👧‍👦', '🇨🇳', 'שלום', '汉字'])}${int(0, 999_999)}${one(['e\u0301', '👍🏽', '字'])}`,
];

/**
 * `count` values of a kind as they may stand in records, always the same for a seed: generated ones for the kinds above and the kind's own
 * valid examples. Values that the kind refuses are left out.
 */
export function valuesOf(kind: Kind | undefined, count: number, seed: number): readonly string[] {
  const next = seeded(seed);
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  const draw: Draw = {
    int,
    digits: size => Array.from({ length: size }, () => String(int(0, 9))).join(''),
    one: list => list[int(0, list.length - 1)] ?? list[0],
  };
  const examples = kind?.examples.filter(example => example.normal !== undefined).map(example => example.in) ?? [];
  const generators = kind === undefined ? WITHOUT_KIND : [GENERATORS[kind.name]];
  const generated = Array.from({ length: count }, (_, at) => generators[at % generators.length]?.(draw));
  const all = [...examples, ...generated.filter(value => value !== undefined)];
  return [...new Set(all)].filter(value => normalForm(kind, value) !== undefined);
}

/** Names of the kinds that have a generator: a test holds them to produce valid values only. */
export const GENERATED_KINDS: readonly Kind[] = Object.keys(GENERATORS)
  .map(kindNamed)
  .filter(kind => kind !== undefined);
