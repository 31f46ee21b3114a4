import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeKeys, openKeys } from '../../src/adapters/deployed-keys.js';
import { Secret } from '../../src/core/secret.js';
import type { StoredKey } from '../../src/keys/ports.js';
import type { KeyStoreDeployment } from '../../src/policy/deployment.js';
import { type PostgresServer, startPostgres } from '../testkit/postgres.js';
import { type RunningProgram, startProgram } from '../testkit/program.js';

const LIMIT_MS = 180_000;
let dir: string;
let server: PostgresServer;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'veil-processes-'));
  server = await startPostgres();
});
afterAll(async () => {
  await server?.stop();
  rmSync(dir, { recursive: true, force: true });
});

interface Place {
  readonly ring: string;
  /** For this process. */
  readonly store: KeyStoreDeployment;
  /** The same as JSON, for another process. */
  readonly told: Readonly<Record<string, unknown>>;
}

async function sqlitePlace(): Promise<Place> {
  const at = mkdtempSync(join(dir, 'sqlite-'));
  const store = { type: 'sqlite', file: join(at, 'keys.sqlite') } as const;
  return { ring: join(at, 'keyring.json'), store, told: store };
}

async function postgresPlace(): Promise<Place> {
  const at = mkdtempSync(join(dir, 'postgres-'));
  const { port, user, password } = server;
  const where = { type: 'postgres', host: '127.0.0.1', port, user, caFile: undefined } as const;
  const database = await server.createDatabase();
  const store = { ...where, database, password: { secret: Secret.fromText(password) } };
  return { ring: join(at, 'keyring.json'), store, told: { ...where, database, password } };
}

const deployed = ({ ring, store }: Place) => ({
  provider: { type: 'file' as const, file: ring, passphrase: undefined },
  store,
});

function start(place: Place, rounds: number): RunningProgram {
  const task = JSON.stringify({ ring: place.ring, store: place.told, domain: 'd', rounds });
  return startProgram('tests/keys/rotating-process.ts', [task], { cwd: dir, input: undefined });
}

const isReady = (program: RunningProgram) =>
  Promise.race([
    new Promise(resolve => program.process.stdout?.once('data', resolve)),
    program.ended.then(({ stderr }) => Promise.reject(new Error(`ended early: ${stderr}`))),
  ]);

/** The keys after whatever happened, and proof that they open. What a killed process did not get to make is made first. */
async function storedKeys(place: Place) {
  await makeKeys(deployed(place), false);
  const keys = await openKeys(deployed(place));
  const stored = await keys.store.list('d');
  if (stored.length > 0) (await keys.ring(['d'])).close();
  await keys.close();
  return stored;
}

describe.each([
  ['SQLite', sqlitePlace],
  ['PostgreSQL', postgresPlace],
] as const)('processes on %s', (_, makePlace) => {
  it('make one first key together and rotate to one primary', { timeout: LIMIT_MS }, async () => {
    const place = await makePlace();
    const programs = Array.from({ length: 4 }, () => start(place, 5));
    await Promise.all(programs.map(isReady));
    for (const { process } of programs) process.stdin?.end('go\n');
    const ended = await Promise.all(programs.map(({ ended: end }) => end));
    expect(ended.map(({ status }) => status)).toEqual([0, 0, 0, 0]);
    const stored = await storedKeys(place);
    expectOnePrimary(stored);
    // Each process saw at least its own five rotations happen; together they made no more than all of theirs.
    expect(stored.length).toBeGreaterThanOrEqual(6);
    expect(stored.length).toBeLessThanOrEqual(21);
    for (const { stdout } of ended) {
      const last: unknown = JSON.parse(stdout.split('\n')[1] ?? '');
      expect(stored.map(({ epoch, keyId }) => ({ epoch, keyId }))).toContainEqual(last);
    }
  });

  it('leave keys that open when they are killed at any moment', { timeout: LIMIT_MS }, async () => {
    for (const delay of [0, 5, 10, 20, 40, 80, 160]) {
      const place = await makePlace();
      for (let kills = 0; kills < 2; kills += 1) await killAfter(place, () => pause(delay));
      expectOnePrimary(await storedKeys(place));
    }
  });

  it('leave keys that open when they are killed in the middle of rotating', { timeout: LIMIT_MS }, async () => {
    const place = await makePlace();
    for (let kills = 1; kills <= 3; kills += 1) {
      const before = (await storedKeys(place)).length;
      const count = async () => (await storedKeys(place)).length;
      await killAfter(place, () => expect.poll(count, { timeout: 30_000 }).toBeGreaterThan(before + 3));
      expectOnePrimary(await storedKeys(place));
    }
  });
});

async function killAfter(place: Place, moment: () => Promise<unknown>): Promise<void> {
  const program = start(place, 10_000);
  try {
    await isReady(program);
    program.process.stdin?.write('go\n');
    await moment();
  } finally {
    program.process.kill('SIGKILL');
    await program.ended;
  }
}

function expectOnePrimary(stored: readonly StoredKey[]): void {
  expect(stored.filter(key => key.state === 'primary')).toHaveLength(stored.length > 0 ? 1 : 0);
  expect(stored.map(key => key.epoch)).toEqual(stored.map((_, index) => index + 1));
}
