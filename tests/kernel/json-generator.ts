/** Seeded random numbers (mulberry32): the same seed gives the same documents on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 to `below` - 1. */
  below(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[this.below(from.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }
}

const NAMES = ['a', 'b', 'c', 'id', 'name', 'phone', 'items', '姓名', 'a longer name', '', 'x"y', '\\', 'é'];
const TEXTS = [
  '',
  'x',
  'plain text',
  '张三',
  '"quoted"',
  'a\\b',
  'tab\there',
  'line\nbreak',
  '😀',
  'é\u2028',
  '/',
  '\u0001',
  '13800138000',
];
const NUMBERS = [
  '0',
  '-0',
  '1',
  '-12.5',
  '110101199003078515',
  '1e5',
  '1.0E+10',
  '-2.50e-3',
  '0.1',
  '9007199254740993',
];
const SPACES = ['', '', '', ' ', '\n  ', '\t', '\r\n'];

/** JSON text of a string with randomly chosen escapes. */
function spelled(text: string, random: Random): string {
  const style = random.below(8);
  if (style > 1) return JSON.stringify(text);
  let out = '"';
  for (const unit of text.split('')) {
    const isPlain = style === 0 && random.below(2) === 0 && JSON.stringify(unit).length === 3;
    out += isPlain && !/[\ud800-\udfff]/.test(unit) ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  }
  return `${out}"`;
}

/** A random JSON text: an object with nested values, escapes, CJK, surrogate pairs, wide numbers and odd white space. */
export function randomObject(random: Random, depth = 4): string {
  const pretty = random.below(4) === 0;
  const space = (): string => (pretty ? random.pick(SPACES) : '');
  const value = (left: number): string => {
    const kind = random.below(left > 0 ? 9 : 6);
    if (kind < 3) return spelled(random.pick(TEXTS), random);
    if (kind === 3) return random.pick(NUMBERS);
    if (kind < 6) return random.pick(['true', 'false', 'null', '1', '"v"']);
    return kind < 8 ? object(left - 1) : array(left - 1);
  };
  const array = (left: number): string => {
    const items = Array.from({ length: random.below(4) }, () => `${space()}${value(left)}${space()}`);
    return `[${items.join(',')}${items.length === 0 ? space() : ''}]`;
  };
  const object = (left: number): string => {
    const names = new Set(Array.from({ length: random.below(6) }, () => random.pick(NAMES)));
    const members = [...names].map(
      name => `${space()}${spelled(name, random)}${space()}:${space()}${value(left)}${space()}`,
    );
    return `{${members.join(',')}${members.length === 0 ? space() : ''}}`;
  };
  return `${space()}${object(depth)}${space()}`;
}

/** Rule words over the generator's names: no rule lies inside another. */
export function randomRules(random: Random): Record<string, 'copy' | 'capture' | 'omit'> {
  const rules: Record<string, 'copy' | 'capture' | 'omit'> = {};
  const grow = (prefix: string, left: number): void => {
    const steps = new Set(Array.from({ length: 1 + random.below(4) }, () => randomStep(prefix, random)));
    for (const step of steps) {
      const path = step === '[]' ? `${prefix}[]` : prefix === '' ? step : `${prefix}.${step}`;
      if (left > 0 && random.below(5) < 2) grow(path, left - 1);
      else rules[path] = random.pick(['copy', 'copy', 'capture', 'capture', 'omit'] as const);
    }
  };
  grow('', 3);
  return rules;
}

function randomStep(prefix: string, random: Random): string {
  const kind = random.below(8);
  if (kind === 0) return '*';
  if (kind < 3 && prefix !== '') return '[]';
  return JSON.stringify(random.pick(NAMES));
}

/** Breaks a text in one place: a byte changed, removed, doubled, or the end cut off. */
export function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length);
  const odd = [0x22, 0x5c, 0x2c, 0x7b, 0x5d, 0x30, 0x2d, 0x65, 0x00, 0x1f, 0x80, 0xc0, 0xed, 0xf5, 0x20, 0x75, 0x64];
  const copy = [...bytes];
  const kind = random.below(5);
  if (kind === 0) copy[at] = random.pick(odd);
  else if (kind === 1) copy.splice(at, 1);
  else if (kind === 2) copy.splice(at, 0, bytes[at] ?? 0);
  else if (kind === 3) copy.splice(at, 0, random.pick(odd));
  else copy.length = at;
  return Uint8Array.from(copy);
}
