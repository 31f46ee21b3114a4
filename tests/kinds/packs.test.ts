import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cardParts } from '../../src/kinds/cn-id-card.js';
import { kindNamed } from '../../src/kinds/index.js';
import type { Kind } from '../../src/kinds/kind.js';
import { FULL_MASK } from '../../src/kinds/normal/mask.js';
import { maskedForm, normalForm } from '../../src/kinds/normal/text.js';
import { vectorPath } from '../testkit/vectors.js';

/** Says in CI's log how many known answers of a pack were checked. */
function ran(pack: string, cases: number): void {
  process.stdout.write(`  ${pack}: ${cases} cases ran\n`);
  expect(cases).toBeGreaterThan(0);
}

function pack<T>(...path: readonly [string, ...string[]]): T {
  return JSON.parse(readFileSync(vectorPath(...path), 'utf8')) as T;
}

function kind(name: string): Kind {
  const found = kindNamed(name);
  if (found === undefined) throw new Error(`no kind ${name}`);
  return found;
}

/** What `mask` gives for a raw value: `refused` when it is not a value of the kind. */
function masked(name: string, raw: string): string {
  const normal = normalForm(kind(name), raw);
  return normal === undefined ? 'refused' : maskedForm(kind(name), normal);
}

interface Hutool {
  readonly typed: readonly { readonly type: string; readonly in: string; readonly out: string }[];
  readonly functions: readonly {
    readonly fn: string;
    readonly args: readonly (string | number | null)[];
    readonly out: string | null;
  }[];
}

/** Hutool's types as our kinds. */
const HUTOOL_KINDS: Readonly<Record<string, string>> = {
  USER_ID: 'account-id',
  CLEAR_TO_EMPTY: 'secret',
  CHINESE_NAME: 'person-name',
  ID_CARD: 'cn-id-card',
  FIXED_PHONE: 'phone',
  MOBILE_PHONE: 'cn-mobile',
  ADDRESS: 'address-cn',
  EMAIL: 'email',
  PASSWORD: 'secret',
  BANK_CARD: 'bank-card',
  IPV4: 'ipv4',
  IPV6: 'ipv6',
  chineseName: 'person-name',
  idCardNum: 'cn-id-card',
  fixedPhone: 'phone',
  mobilePhone: 'cn-mobile',
  address: 'address-cn',
  email: 'email',
  password: 'secret',
  carLicense: 'plate',
  bankCard: 'bank-card',
};

/**
 * Where our mask differs from another library's, by design. Theirs show a district, a whole mail domain, the issuer of a card, the
 * area code of a telephone; or mask a value without checking that it is one.
 */
const MASKS_BY_DESIGN: Readonly<Record<string, string>> = {
  '100': FULL_MASK,
  '51343620000320711X': '5****************X',
  '09157518479': '+86******8479',
  北京市海淀区马连洼街道289号: '北京市******',
  'duandazhi-jack@gmail.com.cn': 'd***@***',
  'duandazhi@126.com': 'd***@126.com',
  'duandazhi@gmail.com.cn': 'd***@***',
  '1234567890': FULL_MASK,
  '11011111222233333256': 'refused',
  '6227880100100105123': 'refused',
  '1234 2222 3333 4444 6789 9': 'refused',
  '1234 2222 3333 4444 6789 91': 'refused',
  '1234 2222 3333 4444 6789': 'refused',
  '1234 2222 3333 4444 678': 'refused',
  苏D40000: '苏D*****',
  陕A12345D: '陕A******',
  京A123: 'refused',
  '11010519491231002X': '1****************X',
  '6217000010002105024': '***************5024',
  'tester@example.com': 't***@***',
  '20220517': FULL_MASK,
  '120.882222': FULL_MASK,
  '127.0.0.1': '127.*.*.*',
  中国上海市徐汇区888号: '上海市******',
  E12345678: 'E******78',
  张三丰: '张**',
  '123456190001011234': 'refused',
  '12345@qq.com': '1***@qq.com',
  '123456@gmail.com': '1***@gmail.com',
  '18888888888': '188****8888',
  '1234888888888888884321': 'refused',
};

function expectMask(name: string, raw: string, theirs: string): void {
  const ours = masked(name, raw);
  expect(ours, raw).toBe(MASKS_BY_DESIGN[raw] ?? theirs);
  expect(ours).not.toBe(raw);
}

describe('masks of other libraries', () => {
  it('hutool', () => {
    const { typed, functions } = pack<Hutool>('hutool', 'desensitized.json');
    for (const { type, in: raw, out } of typed) expectMask(HUTOOL_KINDS[type] ?? '', raw, out);
    for (const { fn, args, out } of functions) {
      // Absent and empty values never reach a kind (VALUE_EMPTY); here an empty one is no value of any.
      if (args[0]) expectMask(HUTOOL_KINDS[fn] ?? '', String(args[0]), out ?? '');
      else expect(masked(HUTOOL_KINDS[fn] ?? '', '')).toBe('refused');
    }
    ran('hutool masks', typed.length + functions.length);
  });

  it('houbb-sensitive', () => {
    const { scan, annotation } = pack<{
      readonly scan: readonly (readonly [string, string, string])[];
      readonly annotation: Readonly<Record<string, readonly (readonly [string, string])[]>>;
    }>('houbb-sensitive', 'vectors.json');
    const names: Readonly<Record<string, string>> = {
      phone: 'cn-mobile',
      idcard: 'cn-id-card',
      bankcard: 'bank-card',
      email: 'email',
      name: 'person-name',
      birthday: 'birth-date',
      gps: 'coordinate',
      ipv4: 'ipv4',
      address: 'address-cn',
      passport: 'passport',
      idCard: 'cn-id-card',
      cardId: 'bank-card',
    };
    for (const [raw, theirs, type] of scan) expectMask(names[type] ?? '', raw, theirs);
    for (const [type, cases] of Object.entries(annotation)) {
      for (const [raw, theirs] of cases) expectMask(names[type] ?? '', raw, theirs);
    }
    ran('houbb-sensitive', scan.length + Object.values(annotation).flat().length);
  });

  it('shardingsphere-mask: what it lets through in clear is refused or shows nothing here', () => {
    const groups = pack<Record<string, unknown>>('shardingsphere-mask', 'vectors.json');
    let cases = 0;
    for (const group of Object.values(groups)) {
      for (const entry of Array.isArray(group) ? group : []) {
        for (const [raw] of (entry as { cases?: readonly (readonly [string | null, string | null])[] }).cases ?? []) {
          cases += 1;
          for (const name of ['account-id', 'free-text', 'secret', 'cn-mobile', 'person-name', 'device-id']) {
            const ours = masked(name, raw ?? '');
            // Of an id of eight or more one character is shown; of a name of letters the first.
            expect(['refused', FULL_MASK, `${raw?.charAt(0)}*****`, `${raw?.charAt(0).toUpperCase()}***`]).toContain(
              ours,
            );
            expect(ours).not.toBe(raw);
          }
        }
      }
    }
    ran('shardingsphere-mask', cases);
  });
});

/** Values that another library calls valid or invalid and we do not, with the reason. */
const VALIDITY_BY_DESIGN: Readonly<Record<string, string>> = {
  '92138389438': 'no mobile number of mainland China begins with 9',
  '+8692138389438': 'no mobile number of mainland China begins with 9',
  '008692138389438': 'no mobile number of mainland China begins with 9',
  '98199649964': 'no mobile number of mainland China begins with 9',
  '+8698099649964': 'no mobile number of mainland China begins with 9',
  '008698099649964': 'no mobile number of mainland China begins with 9',
  '+86-13838389438': 'separators are part of how people write a number',
  '0086-13811211114': 'separators are part of how people write a number',
  '0086-138-1121-1114': 'separators are part of how people write a number',
  '020-9999999': 'numbers of Guangzhou have eight digits',
  '0209999999': 'numbers of Guangzhou have eight digits',
  '2721465526338453': 'check digit and length hold; ranges of issuers change too often to be validity',
  '2220175103860763': 'check digit and length hold; ranges of issuers change too often to be validity',
  '3568680000414120': 'sixteen digits are an IMEISV (3GPP TS 23.003 6.2.2)',
  '3520990017614823': 'sixteen digits are an IMEISV (3GPP TS 23.003 6.2.2)',
  K0123456: 'a document number of another issuer (ICAO Doc 9303)',
  GA1234567: 'a document number of another issuer (ICAO Doc 9303)',
  EI1234567: 'a document number of another issuer (ICAO Doc 9303)',
  GO1234567: 'a document number of another issuer (ICAO Doc 9303)',
};

interface Validity {
  readonly valid?: readonly string[];
  readonly invalid?: readonly string[];
}

function checkValidity(name: string, cases: Validity): number {
  for (const [list, theirs] of [
    [cases.valid ?? [], true],
    [cases.invalid ?? [], false],
  ] as const) {
    for (const raw of list) {
      const ours = normalForm(kind(name), raw) !== undefined;
      expect(ours, `${name} ${raw}`).toBe(raw in VALIDITY_BY_DESIGN ? !theirs : theirs);
    }
  }
  return (cases.valid?.length ?? 0) + (cases.invalid?.length ?? 0);
}

describe('validity', () => {
  it('validatorjs', () => {
    const groups = pack<Readonly<Record<string, Validity>>>('validatorjs', 'zh-CN.json');
    const names: Readonly<Record<string, string>> = {
      identityCard: 'cn-id-card',
      mobilePhone: 'cn-mobile',
      creditCard: 'bank-card',
      imei: 'imei',
      passportCN: 'passport',
      postalCN: 'postcode',
    };
    let cases = 0;
    for (const [group, values] of Object.entries(groups)) cases += checkValidity(names[group] ?? '', values);
    ran('validatorjs', cases);
  });

  it('hutool: identity cards, telephones, credit codes', () => {
    const cards = pack<
      Validity & {
        readonly convert15to18: readonly (readonly [string, string])[];
        readonly birth: readonly (readonly [string, string])[];
        readonly gender: readonly (readonly [string, number])[];
      }
    >('hutool', 'idcard.json');
    let cases = checkValidity('cn-id-card', cards);
    for (const [old, current] of cards.convert15to18) expect(normalForm(kind('cn-id-card'), old)).toBe(current);
    for (const [raw, date] of cards.birth) {
      expect(cardParts(normalForm(kind('cn-id-card'), raw) ?? '').birthDate.replaceAll('-', '')).toBe(date);
    }
    for (const [raw, sex] of cards.gender) expect(cardParts(raw).sex).toBe(sex === 1 ? 'male' : 'female');
    cases += cards.convert15to18.length + cards.birth.length + cards.gender.length;

    const phones = pack<{
      readonly tel: readonly string[];
      readonly notTel: readonly string[];
      readonly tel400: readonly string[];
    }>('hutool', 'phone.json');
    // Grouping by a space is a spelling, and a mobile number is a telephone number: `phone` accepts both.
    const accepted = new Set(['010 12345678', '13619887123']);
    cases += checkValidity('phone', { valid: [...phones.tel, ...phones.tel400] });
    for (const raw of phones.notTel) expect(normalForm(kind('phone'), raw) !== undefined, raw).toBe(accepted.has(raw));

    const codes = pack<Validity>('hutool', 'uscc.json');
    cases += checkValidity('uscc', codes);
    ran('hutool validity', cases + phones.notTel.length);
  });

  it('libphonenumber-cn: example numbers of CN, HK, MO and TW', () => {
    const xml = readFileSync(vectorPath('libphonenumber-cn', 'territories-CN-HK-MO-TW.xml'), 'utf8');
    let cases = 0;
    for (const [, code = '', body = ''] of xml.matchAll(
      /<territory id="\w+" countryCode="(\d+)"(.*?)<\/territory>/gs,
    )) {
      for (const [, type = '', example = ''] of body.matchAll(/<(fixedLine|mobile)>.*?<exampleNumber>(\d+)</gs)) {
        expect(normalForm(kind('phone'), `+${code} ${example}`), example).toBe(`+${code}${example}`);
        if (code === '86' && type === 'mobile') expect(normalForm(kind('cn-mobile'), example)).toBe(example);
        cases += 1;
      }
    }
    const carriers = readFileSync(vectorPath('libphonenumber-cn', 'carrier-zh-86.txt'), 'utf8');
    for (const [, prefix = ''] of carriers.matchAll(/^86(1\d+)\|/gm)) {
      expect(normalForm(kind('cn-mobile'), prefix.padEnd(11, '0')), prefix).toBeDefined();
      cases += 1;
    }
    for (const shortCode of ['110', '120', '10086', '95588'])
      expect(normalForm(kind('phone'), shortCode)).toBeUndefined();
    ran('libphonenumber-cn', cases);
  });

  it('gb2260: a card of any code since 1980 is valid', () => {
    let cases = 0;
    for (const revision of ['198012', '199012', '201904']) {
      const lines = readFileSync(vectorPath('gb2260', 'mca', `${revision}.tsv`), 'utf8')
        .trim()
        .split('\n')
        .slice(1);
      for (const line of lines) {
        const code = line.split('\t')[2] ?? '';
        const card = normalForm(kind('cn-id-card'), `${code}491231002`);
        expect(cardParts(card ?? '').region).toBe(code);
        expect(normalForm(kind('region-code'), code)).toBe(code);
        cases += 1;
      }
    }
    ran('gb2260 cards', cases);
  });
});
