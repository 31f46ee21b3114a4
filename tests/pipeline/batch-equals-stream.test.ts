import { describe, expect, it } from 'vitest';
import { EventGenerator, ORDER_COLUMNS, orderCsvRow } from '../../scripts/generate-events.js';
import { utf8 } from '../../src/core/bytes.js';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import type { Outcome } from '../../src/core/outcome.js';
import { matchCsvColumns } from '../../src/kernel/csv-columns.js';
import { csvDialect } from '../../src/kernel/csv-dialect.js';
import { readCsvHeader, writeCsvHeader } from '../../src/kernel/typescript/csv-header.js';
import { createCsvKernel } from '../../src/kernel/typescript/csv-kernel.js';
import { throwawayKeys } from '../../src/keys/throwaway-keys.js';
import { loadPolicy } from '../../src/policy/load.js';
import { compilePlan } from '../../src/policy/plan.js';
import { bodyOf, jsonRecord, openTestPipeline } from '../testkit/pipeline.js';

const EVENTS = 20_000;
const BATCH = 1000;
const POLICY = `
version: 1
name: orders
purpose: test
source: { topic: raw, format: json }
sink: { topic: clean }
quarantine: { topic: refused }
subject: user.id
fields:
  order_id: { do: keep, because: test }
  created_at: { do: shift-date, maxDays: 30, domain: visits }
  user.id: { is: account-id, do: pseudonymize, domain: people }
  user.mobile: { is: cn-mobile, do: pseudonymize, domain: phones, form: same }
  user.name: { is: person-name, do: mask }
  user.id_card: { is: cn-id-card, do: pseudonymize, domain: cards }
  user.email: { is: email, do: hash }
  user.birthday: { is: birth-date, do: generalize, to: year }
  address.city: { do: hash }
`;
const FIELDS = [
  'order_id',
  'created_at',
  'user.id',
  'user.mobile',
  'user.name',
  'user.id_card',
  'user.email',
  'user.birthday',
  'address.city',
];

/** The same key material for every pipeline that asks. */
const FIXED = { bytes: (size: number) => new Uint8Array(size).fill(7) };

/** Opens the CSV side of the policy as a replay does: the same domains, the CSV kernel. */
function openCsvPipeline() {
  const yaml = POLICY.replace('topic: raw, format: json', 'file: in.csv, format: csv');
  const { policy } = loadPolicy('policy.yaml', utf8(yaml), {});
  if (policy === undefined) throw new Error('the policy is refused');
  const dialect = csvDialect();
  const plan = compilePlan(policy, DEFAULT_LIMITS);
  const { columns } = matchCsvColumns(ORDER_COLUMNS, plan.scan);
  const written = readCsvHeader(writeCsvHeader(columns, dialect), dialect);
  const kernel = createCsvKernel(plan.scan, columns, dialect);
  return { pipeline: openTestPipeline(yaml, { kernel, keys: throwawayKeys(FIXED) }), written, dialect };
}

function jsonFields(outcome: Outcome): string[] {
  const body = bodyOf(outcome);
  return FIELDS.map(path => {
    const value = path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], body);
    return String(value);
  });
}

describe('batch equals stream', () => {
  it(`for ${EVENTS} events: CSV rows get the values that JSON records get`, { timeout: 60_000 }, () => {
    const generator = new EventGenerator({ seed: 11, people: 500 });
    const stream = openTestPipeline(POLICY, { keys: throwawayKeys(FIXED) });
    const { pipeline: batch, written, dialect } = openCsvPipeline();
    const values = new Set<string>();
    for (let from = 0; from < EVENTS; from += BATCH) {
      const orders = Array.from({ length: BATCH }, (_, n) => generator.order(from + n));
      const streamed = stream.process(orders.map(order => jsonRecord(order))).map(jsonFields);
      const rows = batch.process(orders.map(order => jsonRecord(orderCsvRow(order))));
      const batched = rows.map(outcome => {
        if (outcome.kind !== 'forward' || outcome.value === null) throw new Error('not forwarded');
        const cells = readCsvHeader(outcome.value, dialect);
        return FIELDS.map(path => cells[written.indexOf(path)] ?? '');
      });
      expect(batched).toEqual(streamed);
      for (const [, , token = ''] of batched) values.add(token);
    }
    expect(values.size).toBeGreaterThan(400);
    expect(stream.counters).toMatchObject({ in: EVENTS, forwarded: EVENTS });
    expect(batch.counters).toMatchObject({ in: EVENTS, forwarded: EVENTS });
    expect([...values][0]).toMatch(/^p1-1-[0-9a-f]{32}$/);
  });
});
