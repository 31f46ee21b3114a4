import { existsSync } from 'node:fs';
import { VeilError } from '../core/errors.js';
import type { Secret } from '../core/secret.js';
import type { KeyAccess } from '../keys/domain-keys.js';
import { openKeyRing } from '../keys/key-ring.js';
import type { KeyProvider, KeyRing, KeyStore } from '../keys/ports.js';
import type { Deployment, KeyProviderDeployment, KeyStoreDeployment, SecretSource } from '../policy/deployment.js';
import { createFileKeyRing, openFileKeyRing } from './file-key-ring.js';
import type { PostgresOptions } from './postgres.js';
import { createPostgresKeyStore, openPostgresKeyStore } from './postgres-key-store.js';
import { secretOf } from './secret-file.js';
import { createSqliteKeyStore, openSqliteKeyStore } from './sqlite-key-store.js';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from './system.js';
import { openVaultTransit } from './vault-transit.js';

/** Key store and key provider of a deployment, open. */
export interface DeployedKeys extends KeyAccess {
  /** Opens the primary keys of these domains; see `openKeyRing`. The ring outlives `close`. */
  ring(domains: Iterable<string>): Promise<KeyRing>;
  close(): Promise<void>;
}

/** The part of a deployment that says where keys are. */
export type KeysDeployment = Deployment['keys'];

/**
 * Opens key store and key provider as the deployment names them. Throws KEY_STORE_MISSING, KEY_RING_MISSING and everything else that
 * the stores and providers refuse; nothing is made or changed.
 */
export async function openKeys({ provider, store }: KeysDeployment): Promise<DeployedKeys> {
  const openStore = await openDeployedStore(store);
  let openProvider: KeyProvider;
  try {
    openProvider = await openDeployedProvider(provider);
  } catch (error) {
    await openStore.close();
    throw error;
  }
  return {
    store: openStore,
    provider: openProvider,
    random: SYSTEM_RANDOM,
    clock: SYSTEM_CLOCK,
    ring: domains => openKeyRing(openStore, openProvider, domains, SYSTEM_RANDOM),
    close: async () => {
      await Promise.all([openStore.close(), openProvider.close()]);
    },
  };
}

/** What `makeKeys` made, in words for people; empty when everything was there. */
export type Made = readonly string[];

/**
 * Makes what is missing of key ring and key store; what exists is left as it is. Throws KEY_RING_MISSING when the ring is gone but
 * the store holds keys: a new ring could never open them. Throws KEY_STORE_TEST when a store exists with the other mark.
 */
export async function makeKeys({ provider, store }: KeysDeployment, isTest: boolean): Promise<Made> {
  const made: string[] = [];
  const held = await keysHeld(store, isTest);
  if (provider.type === 'file' && !existsSync(provider.file)) {
    if (held !== undefined && held > 0) {
      const next = 'restore the key ring from its backup; a new one could not open them';
      throw new VeilError('KEY_RING_MISSING', {
        where: provider.file,
        expected: `the ring of ${held} stored keys`,
        next,
      });
    }
    const passphrase = optionalSecret(provider.passphrase);
    const making = { random: SYSTEM_RANDOM, clock: SYSTEM_CLOCK };
    if (await isNew(createFileKeyRing(provider.file, passphrase, making))) made.push(`key ring ${provider.file}`);
  }
  if (held === undefined && (await isNew(createDeployedStore(store, isTest)))) made.push(`key store ${placeOf(store)}`);
  return made;
}

/** Where a store is, for messages. */
export function placeOf(store: KeyStoreDeployment): string {
  return store.type === 'sqlite' ? store.file : `${store.host}:${store.port}/${store.database}`;
}

async function openDeployedStore(store: KeyStoreDeployment): Promise<KeyStore> {
  return store.type === 'sqlite' ? openSqliteKeyStore(store.file) : openPostgresKeyStore(postgresOptions(store));
}

async function createDeployedStore(store: KeyStoreDeployment, isTest: boolean): Promise<void> {
  if (store.type === 'postgres') await createPostgresKeyStore(postgresOptions(store), isTest);
  else createSqliteKeyStore(store.file, isTest);
}

async function openDeployedProvider(provider: KeyProviderDeployment): Promise<KeyProvider> {
  if (provider.type === 'file')
    return openFileKeyRing(provider.file, optionalSecret(provider.passphrase), SYSTEM_RANDOM);
  const { url, keyName, mount, namespace, derived, token } = provider;
  return openVaultTransit({
    address: url,
    key: keyName,
    derived,
    token: () => secretOf(token),
    ...(mount === undefined ? {} : { mount }),
    ...(namespace === undefined ? {} : { namespace }),
  });
}

function postgresOptions(store: KeyStoreDeployment & { type: 'postgres' }): PostgresOptions {
  const { host, port, database, user, caFile } = store;
  const password = optionalSecret(store.password);
  const optional = { ...(password === undefined ? {} : { password }), ...(caFile === undefined ? {} : { caFile }) };
  return { host, port, database, user, ...optional };
}

function optionalSecret(source: SecretSource | undefined): Secret | undefined {
  return source === undefined ? undefined : secretOf(source);
}

/** Keys in an existing store, or undefined when there is no store yet. Throws KEY_STORE_TEST when its mark is another one. */
async function keysHeld(store: KeyStoreDeployment, isTest: boolean): Promise<number | undefined> {
  let present: KeyStore;
  try {
    present = await openDeployedStore(store);
  } catch (error) {
    if (error instanceof VeilError && error.code === 'KEY_STORE_MISSING') return undefined;
    throw error;
  }
  try {
    if (present.isTest !== isTest) throw otherMark(store, present.isTest);
    return (await present.list()).filter(key => key.state !== 'destroyed').length;
  } finally {
    await present.close();
  }
}

function otherMark(store: KeyStoreDeployment, isTest: boolean): VeilError {
  const [expected, got] = isTest
    ? ['a real store', 'a store marked as test']
    : ['a store marked as test', 'a real store'];
  return new VeilError('KEY_STORE_TEST', { where: placeOf(store), expected, got, next: 'use another key store' });
}

/** False when another process was faster. */
async function isNew(making: Promise<void>): Promise<boolean> {
  try {
    await making;
    return true;
  } catch (error) {
    if (error instanceof VeilError && error.code === 'FILE_EXISTS') return false;
    throw error;
  }
}
