import { utf8 } from '../../src/core/bytes.js';
import type { SourceRecord } from '../../src/core/outcome.js';
import type { Kind } from '../../src/kinds/kind.js';
import { valuesOf } from '../testkit/values.js';

/** Values that no rule lets out, at every place where a record can hold one. */
export const PLACED = {
  unlisted: '13900007711',
  nested: '欧阳锦瑟弦',
  element: 'nested.canary@example.com',
  name: '11010519491231002X',
  innerName: 'canary-member-name-8842',
  key: 'canary-key-66120937',
  headerName: 'canary-header-name',
  headerValue: '广东省深圳市南山区科技园路九号',
  subject: 'user-canary-55120',
} as const;

/** The limits that the failing records break. */
export const LIMITS = { valueBytes: 600, recordBytes: 2500, depth: 16, failureRate: 1 } as const;

/** A canary for a field of a kind: a valid value long enough not to be found by chance. */
export function fieldCanaries(kind: Kind | undefined): readonly string[] {
  const isTelling = (value: string): boolean =>
    utf8(value).length >= 9 && !Object.values<string>(PLACED).includes(value);
  return valuesOf(kind, 80, 31).filter(isTelling).slice(-1);
}

/** A body that holds every placed canary, with `f` as written in JSON. */
function bodyWith(f: string, more = ''): string {
  const { unlisted, nested, element, name, innerName, subject } = PLACED;
  const rest = JSON.stringify({ unlisted, tree: { nested, list: [element, { [innerName]: 1 }] }, [name]: 2 }).slice(
    1,
    -1,
  );
  return `{"who":"${subject}","f":${f},${more}${rest}}`;
}

function recordOf(value: Uint8Array | null, changes: Partial<SourceRecord> = {}): SourceRecord {
  const headers = [
    { name: PLACED.headerName, value: utf8(PLACED.headerValue) },
    { name: 'kept', value: utf8('plain') },
  ];
  const at = { source: 'in', partition: 0, offset: 1 };
  return { key: utf8(PLACED.key), value, headers, timestamp: 0, at, ...changes };
}

/** Records that a policy forwards, unless the kind refuses the value. */
export function wholeRecords(canary: string): readonly SourceRecord[] {
  const text = JSON.stringify(canary);
  const escaped = [...canary].map(char =>
    char.length > 1 ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return [text, `"${escaped.join('')}"`, 'null'].map(f => recordOf(utf8(bodyWith(f))));
}

/** The same with damage of every sort. */
export function damagedRecords(canary: string): readonly SourceRecord[] {
  const text = JSON.stringify(canary);
  const good = bodyWith(text);
  const long = JSON.stringify(`${canary} `.repeat(Math.ceil(LIMITS.valueBytes / canary.length) + 1));
  const bodies = [
    good.slice(0, -4),
    good.replace('"f":', '"f"'),
    `${good}${good}`,
    bodyWith(`{"inner":${text}}`),
    bodyWith(`[${text},{"x":${text}}]`),
    bodyWith('13900007711'),
    bodyWith('139000077110000000000000000000e5'),
    bodyWith(`"${canary}\\ud800"`),
    bodyWith(`"!! ${canary} \\u0000"`),
    bodyWith('""'),
    bodyWith('true'),
    bodyWith(long),
    bodyWith(text, `"big":${JSON.stringify(canary.repeat(Math.ceil(LIMITS.recordBytes / canary.length)))},`),
    bodyWith(text, `"f":${text},`),
    bodyWith(text, `"deep":${'['.repeat(40)}${text}${']'.repeat(40)},`),
    `[${text}]`,
    text,
    `{${text}:${text}}`,
    `{"who":${text},"f":{${text}:1},${text}:{${text}:[${text}]}}`,
    canary,
    '',
  ];
  const invalidUtf8 = Buffer.concat([utf8(good.slice(0, -2)), Uint8Array.of(0xff), utf8('"}')]);
  return [
    ...bodies.map(body => recordOf(utf8(body))),
    recordOf(new Uint8Array(invalidUtf8)),
    recordOf(null),
    recordOf(null, { key: null }),
    recordOf(utf8(good), { key: Buffer.concat([utf8(canary), Uint8Array.of(0xc3)]) }),
    recordOf(utf8(good), { headers: [{ name: 'kept', value: Uint8Array.of(0xff, ...utf8(canary)) }] }),
    recordOf(utf8(good), { headers: Array.from({ length: 1001 }, () => ({ name: canary, value: utf8(canary) })) }),
  ];
}
