import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedBroker } from '../testkit/broker.js';
import { freshRoute, produce, readAll, type TestRecord, type TestRoute } from '../testkit/kafka.js';
import { type Ended, runTypeScript } from '../testkit/program.js';

const LIMIT_MS = 180_000;
const MOBILE = '13800138000';
/** Recent: the broker deletes records whose time is older than the topic's retention. */
const NOW = Date.now();
let dir: string;
let route: TestRoute;

const program = (entry: string, line: string): Promise<Ended> =>
  runTypeScript(`src/${entry}/main.ts`, line.split(' '), { cwd: dir, input: '' });

/** Not one of them can pass: a number that is none, no JSON, nothing at all, and bytes that are no text. */
const REFUSED: readonly TestRecord[] = [
  {
    key: '键-1',
    value: `{"mobile":"${MOBILE}0"}`,
    timestamp: NOW + 5,
    headers: [{ 追踪: 'a b' }, { t: '' }],
  },
  { key: null, value: `{"mobile":${MOBILE}`, partition: 1, timestamp: NOW + 2 },
  { key: MOBILE, value: null, partition: 1, timestamp: NOW + 3 },
  { key: 'k', value: Uint8Array.of(0xff, 0x00, 0x7f), timestamp: NOW + 4, headers: [{ t: '1' }, { t: '2' }] },
];

beforeAll(async () => {
  const bootstrap = await sharedBroker();
  dir = await mkdtemp(join(tmpdir(), 'veil-open-topic-'));
  route = await freshRoute(bootstrap, 2);
  const policy = `version: 1
name: ${route.policy}
purpose: analytics
source: { topic: ${route.source} }
sink: { topic: ${route.sink} }
quarantine: { topic: ${route.quarantine} }
fields:
  mobile: { is: cn-mobile, do: mask }
`;
  await writeFile(join(dir, 'p.yaml'), policy);
  await writeFile(
    join(dir, 'veil.yaml'),
    `kafka: { brokers: ["${bootstrap}"], properties: { session.timeout.ms: 6000 } }\n`,
  );
  expect((await program('cli', 'keys init --domain unused')).status).toBe(0);
  const keygen = 'keygen --no-passphrase --key desk.key --public keys/desk.pub';
  expect((await program('desk', keygen)).status).toBe(0);
  await produce(bootstrap, route.source, [...REFUSED, { key: 'k', value: `{"mobile":"${MOBILE}"}` }]);
  const ran = await program('cli', 'run p.yaml --until-drained');
  expect(ran.status, ran.stderr).toBe(1);
}, LIMIT_MS);

afterAll(() => rm(dir, { recursive: true, force: true }));

describe('veil-desk open-quarantine --topic', { timeout: LIMIT_MS }, () => {
  const verb = 'open-quarantine --config veil.yaml --key desk.key';

  test('opens what veil run sealed to exactly the original key, value, headers and time', async () => {
    const { status, stdout, stderr } = await program(
      'desk',
      `${verb} --topic ${route.quarantine} --out originals.jsonl`,
    );
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '4 records opened\n', stderr: '' });
    const lines = (await readFile(join(dir, 'originals.jsonl'), 'utf8')).trim().split('\n');
    const opened = lines
      .map(line => JSON.parse(line) as { timestamp: number })
      .sort((a, b) => b.timestamp - a.timestamp);
    const policyHash = expect.stringMatching(/^[0-9a-f]{64}$/);
    const said = (partition: number, offset: number, code: string, path: string) => ({
      code,
      path,
      policy: route.policy,
      policyHash,
      source: route.source,
      partition,
      offset,
    });
    expect(opened).toEqual([
      {
        ...said(0, 0, 'VALUE_INVALID', 'mobile'),
        timestamp: NOW + 5,
        key: '键-1',
        value: `{"mobile":"${MOBILE}0"}`,
        headers: [
          { name: '追踪', value: 'a b' },
          { name: 't', value: '' },
        ],
      },
      {
        ...said(0, 1, 'JSON_SYNTAX', ''),
        timestamp: NOW + 4,
        key: 'k',
        valueBase64: '/wB/',
        headers: [
          { name: 't', value: '1' },
          { name: 't', value: '2' },
        ],
      },
      { ...said(1, 1, 'TOMBSTONE_KEY', ''), timestamp: NOW + 3, key: MOBILE, value: null, headers: [] },
      { ...said(1, 0, 'JSON_SYNTAX', ''), timestamp: NOW + 2, key: null, value: `{"mobile":${MOBILE}`, headers: [] },
    ]);
    expect((await stat(join(dir, 'originals.jsonl'))).mode & 0o777).toBe(0o600);
  });

  test('counts records that were altered, moved or never sealed, and names no value', async () => {
    const [first] = await readAll(route.bootstrap, route.quarantine);
    if (first?.value == null) throw new Error('no quarantined record');
    const headers = first.headers.map(([name, value]) => ({ [name]: value }));
    const altered = headers.map(header => ('veil-code' in header ? { 'veil-code': 'VALUE_EMPTY' } : header));
    const foreign = await freshRoute(route.bootstrap, 1);
    await produce(route.bootstrap, foreign.quarantine, [
      { value: first.value, headers },
      { value: first.value, headers: altered },
      { value: first.value, headers: headers.slice(1) },
      { value: first.value, headers: [...headers, { 'veil-path': 'mobile' }] },
      { value: null, headers },
      { value: MOBILE },
    ]);
    const ended = await program('desk', `${verb} --topic ${foreign.quarantine} --out some.jsonl --json`);
    expect(ended.stdout + ended.stderr).not.toContain(MOBILE);
    expect({ status: ended.status, said: JSON.parse(ended.stdout) }).toEqual({
      status: 1,
      said: { opened: 1, refused: { SEAL_REFUSED: 1, TOKEN_MALFORMED: 4 } },
    });
  });

  test('says what is missing', async () => {
    const absent = await program('desk', `${verb} --topic absent.topic --out none.jsonl`);
    expect(absent).toMatchObject({ status: 2, stderr: expect.stringContaining('TOPIC_MISSING') });
    const both = await program('desk', `${verb} --topic a --in b --out none.jsonl`);
    expect(both).toMatchObject({ status: 2, stderr: expect.stringContaining('USAGE') });
    const neither = await program('desk', `${verb} --out none.jsonl`);
    expect(neither).toMatchObject({ status: 2, stderr: expect.stringContaining('USAGE') });
    expect(existsSync(join(dir, 'none.jsonl'))).toBe(false);
  });
});
