import { asVeilError, VeilError } from '../core/errors.js';
import type { Secret } from '../core/secret.js';
import { DOMAIN_KEY_BYTES } from '../crypto/derive.js';
import type { KeyProvider, StoredKey } from './ports.js';
import { keyName, wrapContext } from './stored-key.js';

/** Unwraps one stored domain key; the caller wipes it. Throws KEY_DESTROYED, KEY_UNWRAP naming the key, or KEY_PROVIDER_*. */
export async function unwrapKey(provider: KeyProvider, stored: StoredKey, isTest: boolean): Promise<Secret> {
  const where = `key ${keyName(stored)}`;
  if (stored.state === 'destroyed') throw new VeilError('KEY_DESTROYED', { where });
  const secret = await provider
    .unwrap(stored.wrapped, stored.kekId, wrapContext(stored, isTest))
    .catch((error: unknown) => {
      const isNameless = error instanceof VeilError && error.code === 'KEY_UNWRAP' && error.where === undefined;
      throw isNameless
        ? new VeilError('KEY_UNWRAP', { ...error.detail, where })
        : asVeilError(error, 'KEY_UNWRAP', { where });
    });
  if (secret.size === DOMAIN_KEY_BYTES) return secret;
  secret.wipe();
  throw new VeilError('KEY_UNWRAP', { where, expected: `${DOMAIN_KEY_BYTES} bytes`, got: `${secret.size} bytes` });
}
