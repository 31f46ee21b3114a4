import { describe, expect, test } from 'vitest';
import { bodyOf, jsonRecord, openTestPipeline } from '../testkit/pipeline.js';

const ORDERS = `
version: 1
name: orders
purpose: order-analytics
source: { topic: raw, format: json }
sink: { topic: clean }
quarantine: { topic: refused }
subject: user.id
key: user.id
unlisted: drop
fields:
  $key: { is: account-id, do: pseudonymize, domain: customers }
  order_id: { do: keep, because: order-analytics }
  user.id: { is: account-id, do: pseudonymize, domain: customers }
  user.mobile: { is: cn-mobile, do: pseudonymize, domain: phones }
  user.backup: { is: cn-mobile, do: pseudonymize, domain: phones }
  user.name: { is: person-name, do: mask }
  user.email: { is: email, do: hash }
  user.card: { is: cn-id-card, do: encrypt }
  user.birthday: { is: birth-date, do: generalize, to: year }
  items[].sku: { do: keep, because: order-analytics }
  note: { do: drop }
`;

const order = {
  order_id: 'o-1',
  user: {
    id: 'u1001',
    mobile: '13800138000',
    backup: '+86 138-0013-8000',
    name: '欧阳娜娜',
    email: 'Someone@Example.com',
    card: '11010519491231002X',
    birthday: '1990-05-17',
    hidden: 'secret-canary',
  },
  items: [{ sku: 'A', price: 1, gift: 'secret-canary' }, { sku: 'B' }],
  note: 'secret-canary',
  unknown: { deep: ['secret-canary'] },
};

describe('one record', () => {
  const pipeline = openTestPipeline(ORDERS);

  test('forwards what the policy names and nothing else', () => {
    const [outcome] = pipeline.process([jsonRecord(order)]);
    const body = bodyOf(outcome);
    expect(JSON.stringify(body)).not.toContain('secret-canary');
    expect(Object.keys(body)).toEqual(['order_id', 'user', 'items']);
    const user = body.user as Record<string, unknown>;
    expect(user.id).toMatch(/^p1-1-[0-9a-f]{32}$/);
    expect(user.mobile).toMatch(/^p1-1-[0-9a-f]{32}$/);
    expect(user.email).toMatch(/^h1-1-[0-9a-f]{32}$/);
    expect(user.card).toMatch(/^e1-[0-9a-f]{8}-1-[\w-]+$/);
    expect(user.name).not.toContain('娜娜');
    expect(String(user.birthday)).toContain('1990');
    expect(body.items).toEqual([{ sku: 'A' }, { sku: 'B' }]);
  });

  test('gives one pseudonym to one value however it is written, and the key follows the field', () => {
    const [outcome] = pipeline.process([jsonRecord(order)]);
    const user = bodyOf(outcome).user as Record<string, unknown>;
    expect(user.backup).toBe(user.mobile);
    expect(outcome?.kind === 'forward' && new TextDecoder().decode(outcome.key ?? undefined)).toBe(user.id);
  });

  test('counts every record once', () => {
    const { counters } = pipeline;
    expect(counters.in).toBe(counters.forwarded + counters.dropped + counters.quarantined);
    expect(pipeline.unlisted.get('unknown')).toBeGreaterThan(0);
  });
});

describe('records that fail', () => {
  const refused: [string, unknown, string, string][] = [
    ['broken JSON', '{"user":', 'JSON_SYNTAX', ''],
    ['duplicate member', '{"order_id":1,"order_id":2}', 'JSON_DUPLICATE_KEY', ''],
    ['an array at the top', '[]', 'JSON_NOT_OBJECT', ''],
    ['a number for a name', { ...order, user: { ...order.user, name: 5 } }, 'VALUE_TYPE', 'user.name'],
    ['an object for a mobile', { ...order, user: { ...order.user, mobile: {} } }, 'VALUE_TYPE', 'user.mobile'],
    ['an empty mobile', { ...order, user: { ...order.user, mobile: '' } }, 'VALUE_EMPTY', 'user.mobile'],
    ['a wrong mobile', { ...order, user: { ...order.user, mobile: '12345' } }, 'VALUE_INVALID', 'user.mobile'],
    ['no key', { ...order, user: {} }, 'KEY_MISSING', 'user.id'],
  ];

  test.each(refused)('%s', (_, value, code, path) => {
    const [outcome] = openTestPipeline(ORDERS).process([jsonRecord(value)]);
    expect(outcome).toMatchObject({ kind: 'quarantine', code, path });
  });

  test('null stays null', () => {
    const [outcome] = openTestPipeline(ORDERS).process([
      jsonRecord({ ...order, user: { ...order.user, email: null } }),
    ]);
    expect((bodyOf(outcome).user as Record<string, unknown>).email).toBeNull();
  });

  test('a bad record does not touch its neighbours', () => {
    const outcomes = openTestPipeline(ORDERS).process([jsonRecord(order), jsonRecord('{'), jsonRecord(order)]);
    expect(outcomes.map(outcome => outcome.kind)).toEqual(['forward', 'quarantine', 'forward']);
    expect(outcomes[0]?.kind === 'forward' && outcomes[2]?.kind === 'forward').toBe(true);
  });
});

describe('keys, headers and tombstones', () => {
  test('a tombstone goes out under the same key as its record', () => {
    const pipeline = openTestPipeline(ORDERS);
    const key = new TextEncoder().encode('u1001');
    const [record, tombstone] = pipeline.process([
      jsonRecord(order, { key }),
      { key, value: null, headers: [], timestamp: 7 },
    ]);
    if (record?.kind !== 'forward' || tombstone?.kind !== 'forward') throw new Error('both are forwarded');
    expect(tombstone.value).toBeNull();
    expect(tombstone.timestamp).toBe(7);
    expect(Buffer.from(tombstone.key ?? [])).toEqual(Buffer.from(record.key ?? []));
  });

  test('without a rule for the key a tombstone is quarantined, and source keys and headers never go out', () => {
    const pipeline = openTestPipeline(ORDERS.replace(/ {2}\$key.*\n/, ''));
    const key = new TextEncoder().encode('u1001');
    const headers = [{ name: 'trace', value: new TextEncoder().encode('secret-canary') }];
    const [tombstone, record] = pipeline.process([
      { key, value: null, headers, timestamp: 0 },
      jsonRecord(order, { key, headers }),
    ]);
    expect(tombstone).toMatchObject({ kind: 'quarantine', code: 'TOMBSTONE_KEY' });
    expect(record).toMatchObject({ kind: 'forward', headers: [] });
  });

  test('a header that a rule names goes out as the rule says', () => {
    const pipeline = openTestPipeline(`${ORDERS}  $headers.trace: { do: keep, because: order-analytics }\n`);
    const headers = ['trace', 'other'].map(name => ({ name, value: new TextEncoder().encode('t-1') }));
    const [record] = pipeline.process([jsonRecord(order, { headers })]);
    expect(record).toMatchObject({ kind: 'forward' });
    expect(record?.kind === 'forward' && record.headers.map(header => header.name)).toEqual(['trace']);
  });

  test('a key that is not UTF-8 is refused', () => {
    const [outcome] = openTestPipeline(ORDERS).process([jsonRecord(order, { key: new Uint8Array([0xff]) })]);
    expect(outcome).toMatchObject({ kind: 'quarantine', code: 'VALUE_TYPE', path: '$key' });
  });
});

describe('limits', () => {
  test('too many failures stop the job', () => {
    const pipeline = openTestPipeline(ORDERS);
    const bad = Array.from({ length: 600 }, () => jsonRecord('{'));
    expect(() => pipeline.process(bad)).toThrow(/FAILURE_RATE/);
  });

  test('a batch of n is n batches of one', () => {
    const records = Array.from({ length: 50 }, (_, i) => jsonRecord({ ...order, order_id: `o-${i}` }));
    const pipeline = openTestPipeline(ORDERS.replace('do: encrypt', 'do: redact'));
    const together = pipeline.process(records).map(bodyOf);
    const apart = records.flatMap(record => pipeline.process([record]).map(bodyOf));
    expect(together).toEqual(apart);
  });
});
