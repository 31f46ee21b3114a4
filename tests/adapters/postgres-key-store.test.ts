import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PostgresOptions } from '../../src/adapters/postgres.js';
import { createPostgresKeyStore, openPostgresKeyStore } from '../../src/adapters/postgres-key-store.js';
import { Secret } from '../../src/core/secret.js';
import { fakeKey, keyStoreContract } from '../keys/key-store-contract.js';
import { freePort } from '../testkit/free-port.js';
import { type PostgresServer, startPostgres } from '../testkit/postgres.js';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

function optionsFor(database: string, user = server.user, password = server.password): PostgresOptions {
  return { host: '127.0.0.1', port: server.port, database, user, password: Secret.fromText(password) };
}

async function freshStore(): Promise<PostgresOptions> {
  const options = optionsFor(await server.createDatabase());
  await createPostgresKeyStore(options, false);
  return options;
}

describe('contract', () => {
  keyStoreContract(async () => {
    const options = await freshStore();
    return { open: () => openPostgresKeyStore(options) };
  });
});

describe('PostgreSQL', () => {
  it('KEY_STORE_MISSING without the schema, and makes none', async () => {
    const database = await server.createDatabase();
    await expect(openPostgresKeyStore(optionsFor(database))).rejects.toMatchObject({ code: 'KEY_STORE_MISSING' });
    expect(server.sql(database, "SELECT count(*) FROM pg_namespace WHERE nspname = 'veil_keys'")).toBe('0');
  });

  it('makes the schema once, also when many do so at the same time, and keeps its keys', async () => {
    const options = optionsFor(await server.createDatabase());
    await Promise.all(Array.from({ length: 4 }, () => createPostgresKeyStore(options, false)));
    const store = await openPostgresKeyStore(options);
    await store.addPrimary(fakeKey('d', 1));
    await createPostgresKeyStore(options, false);
    expect(await store.list()).toHaveLength(1);
    await store.close();
    await expect(createPostgresKeyStore(options, true)).rejects.toMatchObject({ code: 'KEY_EXISTS' });
  });

  it('KEY_STORE_NEWER for a schema of a newer version, which stays as it is', async () => {
    const options = await freshStore();
    server.sql(options.database, 'UPDATE veil_keys.store SET schema_version = 2');
    await expect(openPostgresKeyStore(options)).rejects.toMatchObject({ code: 'KEY_STORE_NEWER' });
    await expect(createPostgresKeyStore(options, false)).rejects.toMatchObject({ code: 'KEY_STORE_NEWER' });
    expect(server.sql(options.database, 'SELECT schema_version FROM veil_keys.store')).toBe('2');
  });

  it('KEY_STORE_CORRUPT for a row that was edited by hand', async () => {
    const options = await freshStore();
    const store = await openPostgresKeyStore(options);
    await store.addPrimary(fakeKey('d', 1));
    server.sql(options.database, "UPDATE veil_keys.domain_key SET suite = 'rot13'");
    await expect(store.list()).rejects.toMatchObject({ code: 'KEY_STORE_CORRUPT' });
    await store.close();
  });

  it('KEY_STORE_DOWN with a wrong password, and says nothing of it', async () => {
    const wrong = optionsFor(await server.createDatabase(), server.user, 'sesame-7719');
    const error: unknown = await openPostgresKeyStore(wrong).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'KEY_STORE_DOWN', detail: { cause: { code: '28P01' } } });
    expect(JSON.stringify(error) + String(error)).not.toContain('sesame');
  });

  it('KEY_STORE_DOWN when nobody listens', async () => {
    const options = { ...optionsFor('none'), port: await freePort() };
    await expect(openPostgresKeyStore(options)).rejects.toMatchObject({ code: 'KEY_STORE_DOWN', category: 'key' });
  });

  it('KEY_STORE_DOWN when a statement waits longer than its limit', async () => {
    const options = { ...(await freshStore()), statementTimeoutMs: 200 };
    const [store, blocker] = await Promise.all([openPostgresKeyStore(options), openPostgresKeyStore(options)]);
    server.sql(
      options.database,
      'ALTER TABLE veil_keys.domain_key ADD CONSTRAINT slow CHECK (pg_sleep(1) IS NOT NULL)',
    );
    await expect(store.addPrimary(fakeKey('d', 1))).rejects.toMatchObject({ code: 'KEY_STORE_DOWN' });
    await Promise.all([store.close(), blocker.close()]);
  });

  it('seals what the server says: its detail quotes the row', async () => {
    const options = await freshStore();
    const store = await openPostgresKeyStore(options);
    const key = fakeKey('d', 1);
    await store.addPrimary(key);
    const error: unknown = await store.addPrimary({ ...key, domain: 'e' }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'KEY_CONFLICT', detail: { cause: { code: '23505' } } });
    expect(JSON.stringify(error) + String(error)).not.toContain(key.keyId);
    await store.close();
  });

  it('works again after the server ended its connections', async () => {
    const options = await freshStore();
    const store = await openPostgresKeyStore(options);
    const end =
      'SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = ';
    server.sql(options.database, `${end}'${options.database}'`);
    await expect.poll(() => store.list().catch(() => 'down'), { timeout: 10_000 }).toEqual([]);
    await store.close();
  });

  it('lets the worker role read and nothing more', async () => {
    const options = await freshStore();
    server.sql(options.database, "CREATE ROLE veil_worker LOGIN PASSWORD 'worker'");
    await createPostgresKeyStore(options, false);
    const owner = await openPostgresKeyStore(options);
    for (const epoch of [1, 2]) await owner.addPrimary(fakeKey('d', epoch));
    const worker = await openPostgresKeyStore(optionsFor(options.database, 'veil_worker', 'worker'));
    expect(await worker.list()).toEqual(await owner.list());
    await expect(worker.addPrimary(fakeKey('d', 3))).rejects.toMatchObject({ detail: { cause: { code: '42501' } } });
    await expect(worker.setState('d', 1, 'destroyed')).rejects.toMatchObject({ detail: { cause: { code: '42501' } } });
    await Promise.all([worker.close(), owner.close()]);
  });

  it('never falls back to plain text when TLS is asked for: this server has none', async () => {
    const caFile = join(mkdtempSync(join(tmpdir(), 'veil-ca-')), 'ca.pem');
    writeFileSync(caFile, rootCertificates[0] ?? '');
    const options = { ...(await freshStore()), caFile };
    await expect(openPostgresKeyStore(options)).rejects.toMatchObject({ code: 'KEY_STORE_DOWN' });
    rmSync(dirname(caFile), { recursive: true });
    await expect(openPostgresKeyStore(options)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});
