import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.js';
import type { Forward, Header } from '../../src/core/outcome.js';
import { OutputMapper, type OutputRoute } from '../../src/pipeline/kafka-output.js';
import type { KafkaRecord, OutgoingRecord } from '../../src/pipeline/kafka-port.js';
import { vectorPath } from '../testkit/vectors.js';

const ROUTE: OutputRoute = {
  sink: 'out',
  sinkPartitions: 7,
  sinkMaxBytes: 1_000,
  quarantine: 'refused',
  quarantinePartitions: 2,
  quarantineMaxBytes: 1_000,
  partition: 'by-key',
  lineage: true,
  policy: 'orders',
  policyHash: 'c0ffee',
  headerValues: 'text',
};

const SOURCE: KafkaRecord = {
  key: utf8('13800138000'),
  value: utf8('{"phone":"13800138000"}'),
  headers: [],
  timestamp: 1_700_000_000_000,
  at: { source: 'raw', partition: 5, offset: 42 },
};

const forward = (parts: Partial<Forward> = {}): Forward => ({
  kind: 'forward',
  key: utf8('k'),
  value: utf8('v'),
  headers: [],
  timestamp: SOURCE.timestamp,
  ...parts,
});

function mapped(
  outcome: Parameters<OutputMapper['map']>[0],
  route: Partial<OutputRoute> = {},
): OutgoingRecord | undefined {
  return new OutputMapper({ ...ROUTE, ...route }).map(outcome, SOURCE);
}

function objectionTo(parts: Partial<Forward>, route: Partial<OutputRoute> = {}): string | undefined {
  const mapper = new OutputMapper({ ...ROUTE, ...route });
  const record = mapper.map(forward(parts), SOURCE);
  return record === undefined ? 'nothing to write' : mapper.objection(record);
}

describe('outcomes as records', () => {
  it('goes to the partition that the Java client would choose for the transformed key', () => {
    const packs = JSON.parse(readFileSync(vectorPath('kafka-murmur2', 'vectors.json'), 'utf8')) as Record<
      string,
      Record<string, number>
    >;
    const hashes = Object.entries(packs['java(ApacheKafka UtilsTest)'] ?? {});
    expect(hashes.length).toBeGreaterThan(3);
    for (const [key, hash] of hashes)
      expect(mapped(forward({ key: utf8(key) }))?.partition).toBe((hash & 0x7fffffff) % ROUTE.sinkPartitions);
  });

  it('without a key stays with its source partition; "same" keeps the partition whatever the key', () => {
    expect(mapped(forward({ key: null }))?.partition).toBe(5);
    expect(mapped(forward({ key: null }), { sinkPartitions: 3 })?.partition).toBe(2);
    expect(mapped(forward(), { partition: 'same' })?.partition).toBe(5);
  });

  it('adds the lineage header behind the others, or not at all', () => {
    const kept: Header = { name: 'kept', value: utf8('x') };
    expect(mapped(forward({ headers: [kept] }))?.headers).toEqual([
      kept,
      { name: 'veil-source', value: utf8('raw/5/42') },
    ]);
    expect(mapped(forward({ headers: [kept] }), { lineage: false })?.headers).toEqual([kept]);
  });

  it('a tombstone stays one', () => {
    expect(mapped(forward({ value: null }))?.value).toBe(null);
  });

  it('a dropped record is not written', () => {
    expect(mapped({ kind: 'drop', code: 'SAMPLED_OUT' })).toBe(undefined);
  });

  it('a quarantined record holds the seal and constant words, and nothing of the original', () => {
    const record = mapped({ kind: 'quarantine', code: 'VALUE_INVALID', path: 'user.姓名', sealed: utf8('sealed') });
    expect(record).toMatchObject({
      topic: 'refused',
      partition: 1,
      key: null,
      value: utf8('sealed'),
      timestamp: SOURCE.timestamp,
    });
    expect(record?.headers.map(({ name, value }) => `${name}=${Buffer.from(value ?? []).toString()}`)).toEqual([
      'veil-code=VALUE_INVALID',
      'veil-path=user.姓名',
      'veil-source=raw/5/42',
      'veil-policy=orders@c0ffee',
    ]);
  });

  it('a sealed record that the quarantine cannot hold stops the job', () => {
    const sealed = new Uint8Array(2_000);
    const outcome = { kind: 'quarantine', code: 'VALUE_INVALID', path: '', sealed } as const;
    expect(() => mapped(outcome)).toThrowError(
      expect.objectContaining({ code: 'QUARANTINE_TOO_SMALL', exitStatus: 4 }),
    );
  });
});

describe('objections', () => {
  it.each<[string, Partial<Forward>, string | undefined]>([
    ['none', {}, undefined],
    ['a value that is too large', { value: new Uint8Array(1_000) }, 'OUTPUT_TOO_LARGE'],
    ['a key that is too large', { key: new Uint8Array(1_000) }, 'OUTPUT_TOO_LARGE'],
    [
      'headers that are too large',
      { headers: [{ name: 'h', value: new Uint8Array(1_000).fill(97) }] },
      'OUTPUT_TOO_LARGE',
    ],
    ['a header in Chinese', { headers: [{ name: 'h', value: utf8('北京') }] }, undefined],
    ['an empty header', { headers: [{ name: 'h', value: new Uint8Array() }] }, undefined],
    ['a null header', { headers: [{ name: 'h', value: null }] }, 'HEADER_NOT_TEXT'],
    ['a header with NUL', { headers: [{ name: 'h', value: utf8('a\0b') }] }, 'HEADER_NOT_TEXT'],
    ['a header that is not UTF-8', { headers: [{ name: 'h', value: Uint8Array.of(0xff) }] }, 'HEADER_NOT_TEXT'],
  ])('%s', (_name, parts, code) => {
    expect(objectionTo(parts)).toBe(code);
  });

  it('a data plane that writes bytes takes any header', () => {
    expect(objectionTo({ headers: [{ name: 'h', value: null }] }, { headerValues: 'bytes' })).toBe(undefined);
  });
});
