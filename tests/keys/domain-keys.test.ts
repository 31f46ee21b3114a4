import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileKeyRing, openFileKeyRing } from '../../src/adapters/file-key-ring.js';
import { createSqliteKeyStore, openSqliteKeyStore } from '../../src/adapters/sqlite-key-store.js';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from '../../src/adapters/system.js';
import { fromHex, utf8 } from '../../src/core/bytes.js';
import { Secret } from '../../src/core/secret.js';
import { domainsMissing, importTestKey, initDomain, type KeyAccess, rotateDomain } from '../../src/keys/domain-keys.js';
import { openKeyRing } from '../../src/keys/key-ring.js';
import type { KeyRing, KeySuite } from '../../src/keys/ports.js';
import { unwrapKey } from '../../src/keys/unwrap-key.js';

let dir: string;
let keys: KeyAccess;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'veil-domain-'));
  keys = await access('keys.sqlite', 'keyring.json', false);
});
afterEach(async () => {
  await keys.store.close();
  rmSync(dir, { recursive: true, force: true });
});

async function access(store: string, ring: string, isTest: boolean): Promise<KeyAccess> {
  const [storePath, ringPath] = [join(dir, store), join(dir, ring)];
  const making = { random: SYSTEM_RANDOM, clock: SYSTEM_CLOCK };
  createSqliteKeyStore(storePath, isTest);
  await createFileKeyRing(ringPath, undefined, making);
  const provider = await openFileKeyRing(ringPath, undefined, SYSTEM_RANDOM);
  return { store: openSqliteKeyStore(storePath), provider, ...making };
}

const ringOf = (domains: readonly string[], from = keys) =>
  openKeyRing(from.store, from.provider, domains, SYSTEM_RANDOM);

/** The pseudonym tag of one value under a rule's keys, as hex. */
function tagOf(ring: KeyRing, domain: string, kind = 'email', transform = 'pseudonymize', path = ''): string {
  const value = utf8('zhang@example.cn');
  const tags = new Uint8Array(16);
  const prf = ring.ruleKeys({ domain, transform, kind, path }).prf('tag');
  prf.evaluate(value, Uint32Array.of(0), Uint32Array.of(value.length), 1, tags);
  return Buffer.from(tags).toString('hex');
}

describe('domain keys', () => {
  it('init makes one primary and leaves it when it is there', async () => {
    const first = await initDomain(keys, 'customers', 'intl-cmac');
    const again = await initDomain(keys, 'customers', 'intl-cmac');
    expect(first.created).toBe(true);
    expect(again).toEqual({ key: first.key, created: false });
    expect(first.key).toMatchObject({ epoch: 1, state: 'primary', kekId: keys.provider.kekId });
  });

  it('init refuses another suite for a domain that has one', async () => {
    await initDomain(keys, 'customers', 'intl-cmac');
    await expect(initDomain(keys, 'customers', 'intl-hmac')).rejects.toMatchObject({ code: 'CONFIG_CONFLICT' });
  });

  it.each(['', '.hidden', 'a b', 'a/b', 'x'.repeat(64), '客户', 'a\0b'])('refuses the name %j', async name => {
    await expect(initDomain(keys, name, 'intl-cmac')).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('rotate begins a new epoch with another key of the same suite', async () => {
    await initDomain(keys, 'customers', 'intl-hmac');
    const { key } = await rotateDomain(keys, 'customers');
    expect(key).toMatchObject({ epoch: 2, suite: 'intl-hmac', state: 'primary' });
    const [old, now] = await Promise.all((await keys.store.list()).map(one => unwrapKey(keys.provider, one, false)));
    expect(old?.use(bytes => Buffer.from(bytes).toString('hex'))).not.toBe(
      now?.use(bytes => Buffer.from(bytes).toString('hex')),
    );
  });

  it('rotate refuses a domain without a key', () =>
    expect(rotateDomain(keys, 'none')).rejects.toMatchObject({ code: 'KEY_DOMAIN_UNKNOWN' }));

  it('rotate takes the key of a process that was faster', async () => {
    await initDomain(keys, 'customers', 'intl-cmac');
    const faster: KeyAccess['store'] = {
      isTest: false,
      list: domain => keys.store.list(domain),
      setState: () => Promise.reject(new Error('not used')),
      close: () => keys.store.close(),
      addPrimary: async key => {
        await rotateDomain(keys, 'customers');
        await keys.store.addPrimary(key);
      },
    };
    const { key, created } = await rotateDomain({ ...keys, store: faster }, 'customers');
    expect(created).toBe(false);
    expect(key).toEqual((await keys.store.list('customers')).find(one => one.state === 'primary'));
    expect(key.epoch).toBe(2);
  });

  it('names the domains that have no primary', async () => {
    await initDomain(keys, 'b', 'intl-cmac');
    expect(await domainsMissing(keys.store, ['c', 'b', 'a', 'c'])).toEqual(['c', 'a']);
  });
});

describe('a lost key-encryption key', () => {
  it('opens nothing, wraps nothing more, and changes nothing', async () => {
    await initDomain(keys, 'customers', 'intl-cmac');
    const other = await access('other.sqlite', 'other.json', false);
    await other.store.close();
    const wrong = { ...keys, provider: other.provider };
    const before = await keys.store.list();
    const refused = { code: 'KEY_UNWRAP', where: expect.stringContaining('customers/1/') };
    await expect(ringOf(['customers'], wrong)).rejects.toMatchObject(refused);
    await expect(rotateDomain(wrong, 'customers')).rejects.toMatchObject(refused);
    await expect(initDomain(wrong, 'another', 'intl-cmac')).rejects.toMatchObject(refused);
    expect(await keys.store.list()).toEqual(before);
  });
});

describe('wrapped keys', () => {
  it.each([
    ['domain', "UPDATE domain_key SET domain = 'z' WHERE domain = 'a'"],
    ['key id', "UPDATE domain_key SET key_id = '00000000' WHERE domain = 'a'"],
    ['suite', "UPDATE domain_key SET suite = 'intl-hmac' WHERE domain = 'a'"],
    ['wrapped bytes', "UPDATE domain_key SET wrapped = (SELECT wrapped FROM domain_key WHERE domain = 'b')"],
    ['mark', 'UPDATE store SET is_test = 1'],
  ])('do not open when the %s in the store is another one', async (_, sql) => {
    for (const domain of ['a', 'b']) await initDomain(keys, domain, 'intl-cmac');
    await keys.store.close();
    const database = new Database(join(dir, 'keys.sqlite'));
    database.exec(sql);
    database.close();
    keys = { ...keys, store: openSqliteKeyStore(join(dir, 'keys.sqlite')) };
    const altered = (await keys.store.list()).map(key => key.domain);
    await expect(ringOf(altered)).rejects.toMatchObject({ code: 'KEY_UNWRAP' });
  });

  it('KEY_DESTROYED for a key that was destroyed', async () => {
    await initDomain(keys, 'a', 'intl-cmac');
    await rotateDomain(keys, 'a');
    await keys.store.setState('a', 1, 'destroyed');
    const [destroyed] = await keys.store.list('a');
    if (destroyed === undefined) throw new Error('no key');
    await expect(unwrapKey(keys.provider, destroyed, false)).rejects.toMatchObject({ code: 'KEY_DESTROYED' });
  });
});

describe('key ring', () => {
  it('names every domain without a key and how to make it', async () => {
    await initDomain(keys, 'a', 'intl-cmac');
    const error: unknown = await ringOf(['c', 'a', 'b']).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'KEY_DOMAIN_UNKNOWN', exitStatus: 2 });
    expect(String(error)).toContain('domain c, domain b');
    expect(String(error)).toContain('veil keys init --domain c --domain b');
  });

  it('gives the same keys each time, and other keys for another domain, transform, kind, path or epoch', async () => {
    for (const domain of ['a', 'b']) await initDomain(keys, domain, 'intl-cmac');
    const ring = await ringOf(['a', 'b']);
    const tags = [
      tagOf(ring, 'a'),
      tagOf(ring, 'b'),
      tagOf(ring, 'a', 'cn-mobile'),
      tagOf(ring, 'a', 'email', 'hash'),
      tagOf(ring, 'a', 'email', 'hash', 'user.email'),
    ];
    expect(tagOf(await ringOf(['a']), 'a')).toBe(tags[0]);
    await rotateDomain(keys, 'a');
    const rotated = await ringOf(['a']);
    tags.push(tagOf(rotated, 'a'));
    expect(new Set(tags).size).toBe(tags.length);
    expect(rotated.inUse).toEqual([expect.stringMatching(/^a\/2\/[0-9a-f]{8}$/)]);
    expect(rotated.ruleKeys({ domain: 'a', transform: 't', kind: '-', path: '' }).epoch).toBe(2);
  });

  it('gives nothing for domains it did not open, nor after it was closed', async () => {
    for (const domain of ['a', 'b']) await initDomain(keys, domain, 'intl-cmac');
    const ring = await ringOf(['a']);
    expect(() => tagOf(ring, 'b')).toThrow(expect.objectContaining({ code: 'KEY_DOMAIN_UNKNOWN' }));
    ring.close();
    expect(() => tagOf(ring, 'a')).toThrow(expect.objectContaining({ code: 'KEY_DOMAIN_UNKNOWN' }));
  });

  it('asks neither store nor provider again once it is open', async () => {
    await initDomain(keys, 'a', 'intl-cmac');
    const ring = await ringOf(['a']);
    await keys.provider.close();
    expect(tagOf(ring, 'a')).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('import of known keys', () => {
  const known = () => new Secret(fromHex('00112233445566778899aabbccddeeff'.repeat(2)) ?? new Uint8Array());

  it('works in a test store: the same raw key gives the same tokens everywhere', async () => {
    const tags: string[] = [];
    for (const [store, suite] of [
      ['one', 'intl-cmac'],
      ['two', 'intl-cmac'],
      ['three', 'intl-hmac'],
    ] as const) {
      const test = await access(`${store}.sqlite`, `${store}.json`, true);
      const key = await importTestKey(test, 'a', suite satisfies KeySuite, known());
      expect(key).toMatchObject({ epoch: 1, state: 'primary' });
      tags.push(tagOf(await ringOf(['a'], test), 'a'));
      await expect(importTestKey(test, 'a', suite, known())).rejects.toMatchObject({ code: 'KEY_EXISTS' });
      await test.store.close();
    }
    expect(tags[0]).toBe(tags[1]);
    expect(tags[0]).not.toBe(tags[2]);
  });

  it('is refused by a real store with the safety exit', async () => {
    const refused = { code: 'KEY_STORE_TEST', exitStatus: 4 };
    await expect(importTestKey(keys, 'a', 'intl-cmac', known())).rejects.toMatchObject(refused);
    expect(await keys.store.list()).toEqual([]);
  });

  it('refuses keys of another length', async () => {
    const test = await access('t.sqlite', 't.json', true);
    const short = new Secret(new Uint8Array(16));
    await expect(importTestKey(test, 'a', 'intl-cmac', short)).rejects.toMatchObject({ code: 'USAGE' });
    await test.store.close();
  });
});
