import type { RandomSource } from '../core/ports.js';
import type { Secret } from '../core/secret.js';
import type { DecimalFpe, FieldAead, Prf, RuleKeys } from '../transform/context.js';
import { Cmac } from './cmac.js';
import { Ff1 } from './ff1.js';
import { FIELD_KEY_BYTES, SivFieldAead } from './field-aead.js';
import { derivationInfo, hkdfSha256 } from './hkdf.js';
import { HmacSha256 } from './hmac-sha256.js';

/** Bytes of a domain key. */
export const DOMAIN_KEY_BYTES = 32;

const NO_SALT = new Uint8Array(0);
const PRF_KEY_BYTES = 32;
const FPE_KEY_BYTES = 32;

/** What separates the keys of one rule from those of every other rule. */
export interface DerivationScope {
  /** The PRF of the domain. */
  readonly suite: 'intl-cmac' | 'intl-hmac';
  readonly domain: string;
  readonly epoch: number;
  /** 8 lowercase hex digits. Names the key in tokens; not part of the derivation. */
  readonly keyId: string;
  /** Transform name. */
  readonly transform: string;
  /** Kind name, or `-` when the rule has none. */
  readonly kind: string;
  /** Field path text when equal values must not link across fields, otherwise empty. */
  readonly path: string;
}

/** What a key is used for inside a rule: three algorithms never share a key. */
type Use = 'prf' | 'aead' | 'fpe';

/** Rule keys with an owner, who closes them. */
export interface OwnedRuleKeys extends RuleKeys {
  /** Overwrites the key material of everything that was handed out. */
  close(): void;
}

/**
 * The key of one use in a scope: HKDF-SHA-256 (RFC 5869) of the domain key, without salt (the domain key is random), with the
 * info of docs/formats.md section 2. Throws INTERNAL unless the domain key has 32 bytes.
 */
export function deriveKey(domainKey: Secret, scope: DerivationScope, use: Use, label: string, size: number): Secret {
  const { suite, domain, epoch, transform, kind, path } = scope;
  const info = derivationInfo('rule', [suite, domain, String(epoch), transform, kind, path, use, label]);
  return domainKey.use(key => hkdfSha256(key, NO_SALT, info, size));
}

/**
 * The keys one rule may use, derived from its domain's key. `domainKey` stays with the caller and must outlive the calls of
 * `prf`, `aead` and `fpe`; what these return is independent of it.
 */
export function deriveRuleKeys(domainKey: Secret, scope: DerivationScope, random: RandomSource): OwnedRuleKeys {
  const owned: { close(): void }[] = [];
  const make = <T extends { close(): void }>(
    use: Use,
    label: string,
    size: number,
    create: (key: Uint8Array) => T,
  ): T => {
    const key = deriveKey(domainKey, scope, use, label, size);
    const made = key.use(create);
    key.wipe();
    owned.push(made);
    return made;
  };
  return {
    epoch: scope.epoch,
    keyId: scope.keyId,
    prf: (label: string): Prf =>
      make('prf', label, PRF_KEY_BYTES, key => (scope.suite === 'intl-cmac' ? new Cmac(key) : new HmacSha256(key))),
    aead: (associatedData: Uint8Array): FieldAead =>
      make('aead', '', FIELD_KEY_BYTES, key => new SivFieldAead(key, associatedData, random)),
    fpe: (label: string): DecimalFpe => make('fpe', label, FPE_KEY_BYTES, key => new Ff1(key)),
    close: () => {
      for (const one of owned.splice(0)) one.close();
    },
  };
}
