import { Faker, zh_CN } from '@faker-js/faker';
import { SeededNumbers } from './seeded-numbers.js';

/** One generated person. No field is taken from a real person; the checksums are valid. */
export interface Person {
  readonly id: string;
  readonly mobile: string;
  readonly name: string;
  readonly id_card: string;
  readonly email: string;
  /** YYYY-MM-DD, the same day as in `id_card`. */
  readonly birthday: string;
}

/** One generated address. */
export interface Address {
  readonly province: string;
  readonly city: string;
  readonly street: string;
}

/** Region codes (GB/T 2260) with their province and city. */
const REGIONS = [
  ['110101', '北京市', '北京市', '东城区'],
  ['120101', '天津市', '天津市', '和平区'],
  ['130102', '河北省', '石家庄市', '长安区'],
  ['210102', '辽宁省', '沈阳市', '和平区'],
  ['230103', '黑龙江省', '哈尔滨市', '南岗区'],
  ['310101', '上海市', '上海市', '黄浦区'],
  ['320106', '江苏省', '南京市', '鼓楼区'],
  ['330106', '浙江省', '杭州市', '西湖区'],
  ['340104', '安徽省', '合肥市', '蜀山区'],
  ['350203', '福建省', '厦门市', '思明区'],
  ['370202', '山东省', '青岛市', '市南区'],
  ['410105', '河南省', '郑州市', '金水区'],
  ['420106', '湖北省', '武汉市', '武昌区'],
  ['430102', '湖南省', '长沙市', '芙蓉区'],
  ['440106', '广东省', '广州市', '天河区'],
  ['440305', '广东省', '深圳市', '南山区'],
  ['500103', '重庆市', '重庆市', '渝中区'],
  ['510107', '四川省', '成都市', '武侯区'],
  ['530102', '云南省', '昆明市', '五华区'],
  ['610113', '陕西省', '西安市', '雁塔区'],
] as const;

const MOBILE_PREFIXES = [
  '134',
  '135',
  '138',
  '139',
  '150',
  '152',
  '158',
  '177',
  '182',
  '186',
  '188',
  '189',
  '198',
] as const;

/** Pools that the library fills once: it takes 70 us a name, which is too slow for every record. */
interface Pools {
  readonly surnames: readonly string[];
  readonly givenNames: readonly string[];
  readonly streets: readonly string[];
}

function fillPools(seed: number): Pools {
  const faker = new Faker({ locale: zh_CN, seed });
  const many = (count: number, make: () => string): string[] => Array.from({ length: count }, make);
  return {
    surnames: many(120, () => faker.person.lastName()),
    givenNames: many(400, () => faker.person.firstName()),
    streets: many(200, () => faker.location.street()),
  };
}

/** Makes people and addresses; the same seed and number always give the same one. */
export class People {
  readonly #pools: Pools;
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
    this.#pools = fillPools(seed);
  }

  /** Person number `n`. */
  person(n: number): Person {
    const numbers = new SeededNumbers(this.#seed, n);
    const birthday = isoDay(numbers.below(20_000));
    const region = numbers.pick(REGIONS);
    const body = `${region[0]}${birthday.replaceAll('-', '')}${digits(numbers.below(1000), 3)}`;
    return {
      id: `U${digits(10_000_000 + n, 8)}`,
      mobile: numbers.pick(MOBILE_PREFIXES) + digits(numbers.below(100_000_000), 8),
      name: numbers.pick(this.#pools.surnames) + numbers.pick(this.#pools.givenNames),
      id_card: body + checkDigit(body),
      email: `user.${digits(n, 6)}.${numbers.below(1000)}@example.com`,
      birthday,
    };
  }

  /** Address number `n`. */
  address(n: number): Address {
    const numbers = new SeededNumbers(this.#seed + 1, n);
    const [, province, city, district] = numbers.pick(REGIONS);
    const house = `${1 + numbers.below(300)}号${1 + numbers.below(20)}栋${1 + numbers.below(30)}0${1 + numbers.below(6)}室`;
    return { province, city, street: `${district}${numbers.pick(this.#pools.streets)}${house}` };
  }
}

/** Decimal digits with leading zeros. */
export function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}

function isoDay(daysAfter1950: number): string {
  return new Date(Date.UTC(1950, 0, 1) + daysAfter1950 * 86_400_000).toISOString().slice(0, 10);
}

/** GB 11643-1999, 4.2: weights 2^(18-i) mod 11 over the first 17 digits. */
function checkDigit(body: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += Number(body[i]) * (2 ** (17 - i) % 11);
  return '10X98765432'.charAt(sum % 11);
}
