import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSqliteKeyStore, openSqliteKeyStore } from '../../src/adapters/sqlite-key-store.js';
import { fakeKey, keyStoreContract } from '../keys/key-store-contract.js';

let dir: string;
let path: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'veil-keys-'));
  path = join(dir, 'keys.sqlite');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('contract', () => {
  keyStoreContract(async () => {
    createSqliteKeyStore(path, false);
    return { open: async () => openSqliteKeyStore(path) };
  });
});

/** Expects a refusal that leaves the file as it is. */
function expectRefusal(code: string): void {
  const before = readFileSync(path);
  expect(() => openSqliteKeyStore(path)).toThrow(expect.objectContaining({ code }));
  expect(readFileSync(path).equals(before)).toBe(true);
}

async function filledStore(): Promise<void> {
  createSqliteKeyStore(path, false);
  const store = openSqliteKeyStore(path);
  for (let epoch = 1; epoch <= 100; epoch += 1) await store.addPrimary(fakeKey('d', epoch));
  await store.close();
}

describe('SQLite file', () => {
  it('is made for its owner only and leaves nothing else behind', async () => {
    await filledStore();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir)).toEqual(['keys.sqlite']);
  });

  it('never overwrites a file', async () => {
    await filledStore();
    const before = readFileSync(path);
    expect(() => createSqliteKeyStore(path, true)).toThrow(expect.objectContaining({ code: 'FILE_EXISTS' }));
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(dir)).toEqual(['keys.sqlite']);
  });

  it('keeps its mark as a test store', async () => {
    createSqliteKeyStore(path, true);
    const store = openSqliteKeyStore(path);
    expect(store.isTest).toBe(true);
    await store.close();
  });

  it('holds no trace of a destroyed key', async () => {
    createSqliteKeyStore(path, false);
    const store = openSqliteKeyStore(path);
    const needle = Buffer.from('wrapped bytes that must not stay!');
    await store.addPrimary(fakeKey('d', 1, new Uint8Array(needle)));
    await store.addPrimary(fakeKey('d', 2));
    const traces = () => readdirSync(dir).filter(name => readFileSync(join(dir, name)).includes(needle));
    expect(traces()).not.toEqual([]);
    await store.setState('d', 1, 'destroyed');
    expect(traces()).toEqual([]);
    await store.close();
  });

  it('opens a copy without its write-ahead log', async () => {
    await filledStore();
    copyFileSync(path, join(dir, 'copy.sqlite'));
    chmodSync(join(dir, 'copy.sqlite'), 0o600);
    const store = openSqliteKeyStore(join(dir, 'copy.sqlite'));
    expect(await store.list()).toHaveLength(100);
    await store.close();
  });
});

describe('refusals', () => {
  it('KEY_STORE_MISSING without a file, and makes none', () => {
    expect(() => openSqliteKeyStore(path)).toThrow(expect.objectContaining({ code: 'KEY_STORE_MISSING' }));
    expect(readdirSync(dir)).toEqual([]);
  });

  it('KEY_STORE_CORRUPT for an empty file', () => {
    writeFileSync(path, '', { mode: 0o600 });
    expectRefusal('KEY_STORE_CORRUPT');
  });

  it.each([1, 2, 3])('KEY_STORE_CORRUPT for a file that lost its last %i quarters', async quarters => {
    await filledStore();
    const { size } = statSync(path);
    truncateSync(path, size - Math.floor((size * quarters) / 4));
    expectRefusal('KEY_STORE_CORRUPT');
  });

  it('KEY_STORE_CORRUPT for an altered page', async () => {
    await filledStore();
    const bytes = readFileSync(path);
    bytes.fill(0xff, 4096, 4096 + 64);
    writeFileSync(path, bytes);
    expectRefusal('KEY_STORE_CORRUPT');
  });

  it('KEY_STORE_CORRUPT for a row that was edited by hand', async () => {
    await filledStore();
    alter("UPDATE domain_key SET key_id = 'zzz' WHERE epoch = 50");
    const store = openSqliteKeyStore(path);
    await expect(store.list('d')).rejects.toMatchObject({ code: 'KEY_STORE_CORRUPT' });
    await store.close();
  });

  it('KEY_STORE_NEWER for the store of a newer version', async () => {
    await filledStore();
    alter('UPDATE store SET schema_version = 2');
    expectRefusal('KEY_STORE_NEWER');
  });

  it('KEY_STORE_FOREIGN for another SQLite database, which stays as it is', () => {
    const other = new Database(path);
    other.exec('CREATE TABLE accounts (id INTEGER)');
    other.close();
    chmodSync(path, 0o600);
    expectRefusal('KEY_STORE_FOREIGN');
  });

  it('KEY_STORE_FOREIGN for a text file and for a directory', () => {
    writeFileSync(path, 'name,phone\n'.repeat(100), { mode: 0o600 });
    expectRefusal('KEY_STORE_FOREIGN');
    expect(() => openSqliteKeyStore(dir)).toThrow(expect.objectContaining({ code: 'KEY_STORE_FOREIGN' }));
  });

  it.each([0o644, 0o640, 0o606, 0o620])('FILE_PERMISSIONS for mode 0%s', async mode => {
    await filledStore();
    chmodSync(path, mode);
    expectRefusal('FILE_PERMISSIONS');
  });
});

function alter(sql: string): void {
  const database = new Database(path);
  database.exec(sql);
  database.close();
}
