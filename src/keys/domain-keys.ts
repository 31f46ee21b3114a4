import { toHex } from '../core/bytes.js';
import { VeilError } from '../core/errors.js';
import type { Clock, RandomSource } from '../core/ports.js';
import { Secret } from '../core/secret.js';
import { DOMAIN_KEY_BYTES } from '../crypto/derive.js';
import type { KeyProvider, KeyStore, KeySuite, StoredKey } from './ports.js';
import { NAME_PATTERN, NAME_RULE, wrapContext } from './stored-key.js';
import { unwrapKey } from './unwrap-key.js';

/** What the operations on domain keys work with. */
export interface KeyAccess {
  readonly store: KeyStore;
  readonly provider: KeyProvider;
  readonly random: RandomSource;
  readonly clock: Clock;
}

/** A primary key and whether this call made it; false when it was there already or another process was faster. */
export interface MadeKey {
  readonly key: StoredKey;
  readonly created: boolean;
}

const KEY_ID_BYTES = 4;

/**
 * Makes the first key of a domain, or returns the primary it has. Processes that do this at once agree on one key.
 * Throws USAGE for a malformed name, CONFIG_CONFLICT when the domain exists with another suite, KEY_STORE_CORRUPT without a primary,
 * KEY_UNWRAP when the provider does not open the keys that the store has already.
 */
export async function initDomain(keys: KeyAccess, domain: string, suite: KeySuite): Promise<MadeKey> {
  checkDomainName(domain);
  const made = await untilAgreed(async () => {
    const present = await keys.store.list(domain);
    if (present.length > 0) return { key: primaryOf(present, domain), created: false };
    await checkProvider(keys);
    return { key: await addFresh(keys, { domain, epoch: 1, suite }), created: true };
  });
  if (made.key.suite === suite) return made;
  throw new VeilError('CONFIG_CONFLICT', {
    where: `domain ${domain}`,
    expected: `suite ${made.key.suite}, which its first key fixed`,
    got: `suite ${suite}`,
    next: 'use another domain: equal values would stop joining',
  });
}

/**
 * Begins a new epoch: a fresh primary, the former one becomes `enabled`. When another process replaces the same primary first, its
 * key is taken, so that several rotations at once make one new epoch. Throws KEY_DOMAIN_UNKNOWN, and KEY_UNWRAP when the provider
 * does not open the former primary: workers could not open the new one.
 */
export async function rotateDomain(keys: KeyAccess, domain: string): Promise<MadeKey> {
  const before = primaryOf(await keys.store.list(domain), domain);
  (await unwrapKey(keys.provider, before, keys.store.isTest)).wipe();
  return untilAgreed(async () => {
    const now = primaryOf(await keys.store.list(domain), domain);
    if (now.epoch !== before.epoch) return { key: now, created: false };
    const next = { domain, epoch: before.epoch + 1, suite: before.suite };
    return { key: await addFresh(keys, next), created: true };
  });
}

/**
 * Stores a known raw key as the first key of a domain: for known-answer tests only. Takes ownership of `raw`.
 * Throws KEY_STORE_TEST when the store is not marked as test, KEY_EXISTS when the domain has a key, USAGE for a wrong length.
 */
export async function importTestKey(keys: KeyAccess, domain: string, suite: KeySuite, raw: Secret): Promise<StoredKey> {
  try {
    checkDomainName(domain);
    if (!keys.store.isTest) {
      const next = 'veil keys import --test with another store';
      throw new VeilError('KEY_STORE_TEST', { expected: 'a store marked as test', got: 'a real key store', next });
    }
    if (raw.size !== DOMAIN_KEY_BYTES) {
      throw new VeilError('USAGE', { expected: `a key of ${DOMAIN_KEY_BYTES} bytes`, got: `${raw.size} bytes` });
    }
    const present = await keys.store.list(domain);
    if (present.length > 0) throw new VeilError('KEY_EXISTS', { where: `domain ${domain}` });
    return await addNew(keys, { domain, epoch: 1, suite }, raw);
  } finally {
    raw.wipe();
  }
}

/** Those of `domains` that have no primary key, in their order, each once. */
export async function domainsMissing(store: KeyStore, domains: Iterable<string>): Promise<readonly string[]> {
  const present = new Set((await store.list()).filter(key => key.state === 'primary').map(key => key.domain));
  return [...new Set(domains)].filter(domain => !present.has(domain));
}

/** The primary among the keys of one domain. Throws KEY_DOMAIN_UNKNOWN without keys, KEY_STORE_CORRUPT without exactly one primary. */
export function primaryOf(keys: readonly StoredKey[], domain: string): StoredKey {
  if (keys.length === 0) throw new VeilError('KEY_DOMAIN_UNKNOWN', { where: `domain ${domain}` });
  const [primary, ...others] = keys.filter(key => key.state === 'primary');
  if (primary !== undefined && others.length === 0) return primary;
  throw new VeilError('KEY_STORE_CORRUPT', {
    where: `domain ${domain}`,
    expected: 'one primary key',
    got: String(others.length + (primary === undefined ? 0 : 1)),
  });
}

/** A key ring that does not open what the store holds is the wrong one: nothing more is wrapped by it. Throws KEY_UNWRAP. */
async function checkProvider(keys: KeyAccess): Promise<void> {
  const present = (await keys.store.list()).find(key => key.state === 'primary');
  if (present !== undefined) (await unwrapKey(keys.provider, present, keys.store.isTest)).wipe();
}

/** Wraps `raw` and stores it as the primary of its epoch. */
async function addNew(
  keys: KeyAccess,
  place: Pick<StoredKey, 'domain' | 'epoch' | 'suite'>,
  raw: Secret,
): Promise<StoredKey> {
  const identity = { ...place, keyId: toHex(keys.random.bytes(KEY_ID_BYTES)), kekId: keys.provider.kekId };
  const wrapped = await keys.provider.wrap(raw, wrapContext(identity, keys.store.isTest));
  const key: StoredKey = { ...identity, state: 'primary', wrapped, createdAt: keys.clock.now() };
  await keys.store.addPrimary(key);
  return key;
}

async function addFresh(keys: KeyAccess, place: Pick<StoredKey, 'domain' | 'epoch' | 'suite'>): Promise<StoredKey> {
  const raw = new Secret(keys.random.bytes(DOMAIN_KEY_BYTES));
  try {
    return await addNew(keys, place, raw);
  } finally {
    raw.wipe();
  }
}

const ATTEMPTS = 5;

/** Tries again after KEY_CONFLICT: `attempt` reads the store anew and finds what the other process did. */
async function untilAgreed<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = ATTEMPTS; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left <= 1 || !(error instanceof VeilError) || error.code !== 'KEY_CONFLICT') throw error;
    }
  }
}

function checkDomainName(domain: string): void {
  if (NAME_PATTERN.test(domain)) return;
  throw new VeilError('USAGE', { where: '--domain', expected: `a domain name: ${NAME_RULE}` });
}
