import { VeilError } from '../core/errors.js';
import type { RandomSource } from '../core/ports.js';
import type { Secret } from '../core/secret.js';
import { deriveRuleKeys, type OwnedRuleKeys } from '../crypto/derive.js';
import type { RuleKeys } from '../transform/context.js';
import { domainsMissing, primaryOf } from './domain-keys.js';
import type { KeyProvider, KeyRing, KeyStore, RuleKeyScope, StoredKey } from './ports.js';
import { keyName } from './stored-key.js';
import { unwrapKey } from './unwrap-key.js';

interface OpenKey {
  readonly stored: StoredKey;
  readonly secret: Secret;
}

/**
 * Opens the primary keys of `domains` once; neither store nor provider is asked again. Throws KEY_DOMAIN_UNKNOWN that names every
 * domain without a key, KEY_UNWRAP when a key does not open under this provider, and what store and provider throw.
 */
export async function openKeyRing(
  store: KeyStore,
  provider: KeyProvider,
  domains: Iterable<string>,
  random: RandomSource,
): Promise<KeyRing> {
  const wanted = [...new Set(domains)];
  const missing = await domainsMissing(store, wanted);
  if (missing.length > 0) {
    const next = `veil keys init ${missing.map(domain => `--domain ${domain}`).join(' ')}`;
    throw new VeilError('KEY_DOMAIN_UNKNOWN', { where: missing.map(domain => `domain ${domain}`).join(', '), next });
  }
  const open = new Map<string, OpenKey>();
  try {
    for (const domain of wanted) {
      const stored = primaryOf(await store.list(domain), domain);
      open.set(domain, { stored, secret: await unwrapKey(provider, stored, store.isTest) });
    }
  } catch (error) {
    for (const { secret } of open.values()) secret.wipe();
    throw error;
  }
  return new OpenKeyRing(open, random);
}

class OpenKeyRing implements KeyRing {
  readonly inUse: readonly string[];
  readonly #open: Map<string, OpenKey>;
  readonly #random: RandomSource;
  readonly #handedOut: OwnedRuleKeys[] = [];

  constructor(open: Map<string, OpenKey>, random: RandomSource) {
    this.#open = open;
    this.#random = random;
    this.inUse = [...open.values()].map(({ stored }) => keyName(stored)).sort();
  }

  ruleKeys(scope: RuleKeyScope): RuleKeys {
    const key = this.#open.get(scope.domain);
    if (key === undefined) throw new VeilError('KEY_DOMAIN_UNKNOWN', { where: `domain ${scope.domain}` });
    const { suite, epoch, keyId } = key.stored;
    const keys = deriveRuleKeys(key.secret, { ...scope, suite, epoch, keyId }, this.#random);
    this.#handedOut.push(keys);
    return keys;
  }

  close(): void {
    for (const keys of this.#handedOut.splice(0)) keys.close();
    for (const { secret } of this.#open.values()) secret.wipe();
    this.#open.clear();
  }
}
