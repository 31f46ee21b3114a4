import { afterEach, beforeEach, expect, it } from 'vitest';
import type { KeyStore, StoredKey } from '../../src/keys/ports.js';

/** A place where stores of one kind are made and opened. */
export interface StorePlace {
  open(): Promise<KeyStore>;
}

let serial = 0;

/** A made-up stored key: the bytes are not a real wrapped key. */
export function fakeKey(domain: string, epoch: number, wrapped: Uint8Array = new Uint8Array(48).fill(0xa5)): StoredKey {
  serial += 1;
  const keyId = (0x1000_0000 + serial).toString(16);
  return {
    domain,
    epoch,
    keyId,
    suite: 'intl-cmac',
    state: 'primary',
    kekId: 'k-00000001',
    wrapped,
    createdAt: 1_700_000_000_000,
  };
}

/** What every key store does. `make` gives a fresh, empty, real (not test) store for each test. */
export function keyStoreContract(make: () => Promise<StorePlace>): void {
  let place: StorePlace;
  let store: KeyStore;

  beforeEach(async () => {
    place = await make();
    store = await place.open();
  });
  afterEach(() => store.close());

  const states = async (domain: string) => (await store.list(domain)).map(key => `${key.epoch}:${key.state}`);

  it('begins empty and real', async () => {
    expect(await store.list()).toEqual([]);
    expect(store.isTest).toBe(false);
  });

  it('gives back what was stored, also to another connection', async () => {
    const keys = [fakeKey('b', 1), fakeKey('A', 1), fakeKey('a.b-c_d', 1)];
    for (const key of keys) await store.addPrimary(key);
    const [b, upper, odd] = keys;
    expect(await store.list()).toEqual([upper, odd, b]);
    const other = await place.open();
    expect(await other.list('a.b-c_d')).toEqual([odd]);
    expect(await other.list('none')).toEqual([]);
    await other.close();
  });

  it('has one primary for each domain: a new epoch makes the former one enabled', async () => {
    for (const epoch of [1, 2, 3]) await store.addPrimary(fakeKey('d', epoch));
    await store.addPrimary(fakeKey('other', 1));
    expect(await states('d')).toEqual(['1:enabled', '2:enabled', '3:primary']);
    expect(await states('other')).toEqual(['1:primary']);
  });

  it.each([1, 3, 0])('refuses epoch %i after epoch 1 with KEY_CONFLICT and keeps the primary', async epoch => {
    await store.addPrimary(fakeKey('d', 1));
    await expect(store.addPrimary(fakeKey('d', epoch))).rejects.toMatchObject({ code: 'KEY_CONFLICT' });
    expect(await states('d')).toEqual(['1:primary']);
  });

  it('refuses a key id that is taken with KEY_CONFLICT and keeps the primary', async () => {
    const first = fakeKey('d', 1);
    await store.addPrimary(first);
    await expect(store.addPrimary({ ...first, epoch: 2 })).rejects.toMatchObject({ code: 'KEY_CONFLICT' });
    expect(await states('d')).toEqual(['1:primary']);
  });

  it('lets one of many connections win the same epoch', async () => {
    const stores = await Promise.all(Array.from({ length: 4 }, () => place.open()));
    const results = await Promise.allSettled(stores.map(each => each.addPrimary(fakeKey('race', 1))));
    await Promise.all(stores.map(each => each.close()));
    expect(results.filter(result => result.status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'KEY_CONFLICT' });
    }
    expect(await states('race')).toEqual(['1:primary']);
  });

  it('moves keys between enabled and decrypt-only', async () => {
    for (const epoch of [1, 2]) await store.addPrimary(fakeKey('d', epoch));
    await store.setState('d', 1, 'decrypt-only');
    expect(await states('d')).toEqual(['1:decrypt-only', '2:primary']);
    await store.setState('d', 1, 'enabled');
    expect(await states('d')).toEqual(['1:enabled', '2:primary']);
  });

  it('destroys a key for good: the wrapped bytes are gone and no state leads back', async () => {
    for (const epoch of [1, 2]) await store.addPrimary(fakeKey('d', epoch));
    await store.setState('d', 1, 'destroyed');
    await store.setState('d', 1, 'destroyed');
    const [destroyed] = await store.list('d');
    expect(destroyed).toMatchObject({ state: 'destroyed', wrapped: new Uint8Array() });
    for (const state of ['primary', 'enabled', 'decrypt-only'] as const) {
      await expect(store.setState('d', 1, state)).rejects.toMatchObject({ code: 'KEY_STATE' });
    }
    await store.addPrimary(fakeKey('d', 3));
    expect(await states('d')).toEqual(['1:destroyed', '2:enabled', '3:primary']);
  });

  it.each(['enabled', 'decrypt-only', 'destroyed'] as const)('does not let a primary become %s', async state => {
    await store.addPrimary(fakeKey('d', 1));
    await expect(store.setState('d', 1, state)).rejects.toMatchObject({ code: 'KEY_STATE' });
    expect(await states('d')).toEqual(['1:primary']);
  });

  it('does not make a primary of an old key', async () => {
    for (const epoch of [1, 2]) await store.addPrimary(fakeKey('d', epoch));
    await expect(store.setState('d', 1, 'primary')).rejects.toMatchObject({ code: 'KEY_STATE' });
  });

  it('refuses states of keys that do not exist', async () => {
    await expect(store.setState('none', 1, 'enabled')).rejects.toMatchObject({ code: 'KEY_DOMAIN_UNKNOWN' });
  });

  it('refuses to store a live key without wrapped bytes', async () => {
    await expect(store.addPrimary(fakeKey('d', 1, new Uint8Array()))).rejects.toMatchObject({ code: 'KEY_CONFLICT' });
    expect(await store.list()).toEqual([]);
  });
}
