import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedBroker } from '../testkit/broker.js';
import { freshRoute, produce, readAll, type TestRoute } from '../testkit/kafka.js';
import { type Ended, runTypeScript, startProgram } from '../testkit/program.js';

let bootstrap: string;
let dir: string;

beforeAll(async () => {
  bootstrap = await sharedBroker();
  dir = await mkdtemp(join(tmpdir(), 'veil-run-'));
  expect((await veil('keys init --domain customers --domain phones')).status).toBe(0);
  expect(
    (
      await runTypeScript(
        'src/desk/main.ts',
        ['keygen', '--no-passphrase', '--key', 'desk.key', '--public', 'keys/desk.pub'],
        { cwd: dir, input: '' },
      )
    ).status,
  ).toBe(0);
}, 120_000);

afterAll(() => rm(dir, { recursive: true, force: true }));

const veil = (line: string): Promise<Ended> =>
  runTypeScript('src/cli/main.ts', line.split(' '), { cwd: dir, input: '' });

/** Writes policy and deployment of a route; returns the command line's arguments. */
async function deploy(route: TestRoute, instanceId: string, more = ''): Promise<string> {
  const policy = `version: 1
name: ${route.policy}
purpose: analytics
source: { topic: ${route.source}, format: json }
sink: { topic: ${route.sink} }
quarantine: { topic: ${route.quarantine} }
key: user.id
fields:
  n:           { do: keep, because: the test counts }
  user.id:     { is: account-id, do: pseudonymize, domain: customers }
  user.mobile: { is: cn-mobile, do: pseudonymize, domain: phones }
  $key:        { is: account-id, do: pseudonymize, domain: customers }
`;
  const config = `version: 1
kafka:
  brokers: ["${bootstrap}"]
  instanceId: ${instanceId}
  properties: { session.timeout.ms: 6000 }
${more}`;
  await writeFile(join(dir, `${route.policy}.yaml`), policy);
  await writeFile(join(dir, `${route.policy}.veil.yaml`), config);
  return `${route.policy}.yaml --config ${route.policy}.veil.yaml`;
}

const COUNT = 600;
const PEOPLE = 20;

/** Every 50th record has a mobile number that is none. */
function events(): { value: string | null; key: string; partition: number }[] {
  return Array.from({ length: COUNT }, (_, n) => {
    const person = n % PEOPLE;
    const mobile = n % 50 === 49 ? 'none' : `138001380${String(person).padStart(2, '0')}`;
    const value = JSON.stringify({ n, user: { id: `u-${person}`, mobile, name: '李雷' }, secret: 'x' });
    return { value, key: `u-${person}`, partition: person % 2 };
  });
}

describe('veil run', { timeout: 90_000 }, () => {
  test('a topic through a policy: doctor is green, records are de-identified, failures are sealed', async () => {
    const route = await freshRoute(bootstrap, 2);
    const args = await deploy(route, 'cli-1');
    await produce(bootstrap, route.source, [...events(), { value: null, key: 'u-3', partition: 1 }]);
    const checked = await veil(`doctor ${args} --json`);
    expect(checked.status, checked.stderr + checked.stdout).toBe(0);
    const ran = await veil(`run ${args} --until-drained --json`);
    expect(ran.status, ran.stderr).toBe(1);
    const { policies } = JSON.parse(ran.stdout) as { policies: { records: unknown; keys: string[] }[] };
    expect(policies[0]?.records).toEqual({ in: COUNT + 1, forwarded: COUNT + 1 - 12, dropped: 0, quarantined: 12 });
    expect(policies[0]?.keys).toHaveLength(2);
    const out = await readAll(bootstrap, route.sink);
    const ids = new Map<string, Set<string>>();
    for (const { key, text } of out) {
      if (text === null) continue;
      const { n, user, ...rest } = JSON.parse(text) as { n: number; user: { id: string; mobile: string } };
      expect(rest).toEqual({});
      expect(Object.keys(user)).toEqual(['id', 'mobile']);
      expect(user.id).toBe(key);
      const person = `u-${n % PEOPLE}`;
      ids.set(person, (ids.get(person) ?? new Set()).add(user.id));
    }
    expect(ids.size).toBe(PEOPLE);
    for (const tokens of ids.values()) expect(tokens.size).toBe(1);
    const tombstone = out.find(({ text }) => text === null);
    expect(tombstone?.key).toBe([...(ids.get('u-3') ?? [])][0]);
    const quarantined = await readAll(bootstrap, route.quarantine);
    expect(quarantined).toHaveLength(12);
    for (const { key, value, headers } of quarantined) {
      expect(key).toBe(null);
      expect(headers.slice(0, 2)).toEqual([
        ['veil-code', 'VALUE_INVALID'],
        ['veil-path', 'user.mobile'],
      ]);
      expect(Buffer.from(value ?? []).includes('u-')).toBe(false);
    }
    const said = ran.stderr + ran.stdout;
    for (const leak of ['13800138', '李雷', 'u-1']) expect(said).not.toContain(leak);
  });

  test('serves metrics and readiness while it runs, and ends on SIGTERM', async () => {
    const route = await freshRoute(bootstrap, 2);
    const args = await deploy(route, 'cli-2', 'metrics: { port: 0 }\n');
    await produce(bootstrap, route.source, events());
    const program = startProgram('src/cli/main.ts', ['run', ...args.split(' ')], { cwd: dir, input: '' });
    const port = await new Promise<number>((resolve, reject) => {
      void program.ended.then(({ stderr }) => reject(new Error(stderr)));
      program.process.stderr?.on('data', (chunk: Buffer) => {
        const found = /"port":(\d+)/.exec(chunk.toString());
        if (found !== null) resolve(Number(found[1]));
      });
    });
    const metrics = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    let text = await metrics();
    while (!text.includes(`veil_records_total{policy="${route.policy}",outcome="forward"} 588`)) text = await metrics();
    expect(text).toContain(`veil_records_total{policy="${route.policy}",outcome="quarantine"} 12`);
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    program.process.kill('SIGTERM');
    const { status, stdout } = await program.ended;
    expect(status).toBe(0);
    expect(stdout).toContain('588 forwarded, 0 dropped, 12 quarantined');
  });

  test('refuses to start when a topic is absent, and doctor says what to do', async () => {
    const route = { ...(await freshRoute(bootstrap, 1)), sink: 'absent.topic' };
    const args = await deploy(route, 'cli-3');
    const ran = await veil(`run ${args} --until-drained`);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('TOPIC_MISSING');
    const checked = await veil(`doctor ${args}`);
    expect(checked.status).toBe(2);
    expect(checked.stdout).toMatch(
      /failed .*topics {2}TOPIC_MISSING {2}absent: absent\.topic; kafka-topics\.sh --create --topic absent\.topic/,
    );
  });

  test('too many failures stop the job with exit status 4 and publish nothing of the batch', async () => {
    const route = await freshRoute(bootstrap, 1);
    const args = await deploy(route, 'cli-4', 'limits: { failureWindow: 100, failureRate: 0.1 }\n');
    await produce(
      bootstrap,
      route.source,
      Array.from({ length: 200 }, () => ({ value: '{', key: 'k' })),
    );
    const ran = await veil(`run ${args} --until-drained`);
    expect(ran.status).toBe(4);
    expect(ran.stderr).toContain('FAILURE_RATE');
    expect(await readAll(bootstrap, route.quarantine)).toEqual([]);
  });
});
