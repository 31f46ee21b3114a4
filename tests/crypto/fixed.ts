import type { RandomSource } from '../../src/core/ports.js';
import { Secret } from '../../src/core/secret.js';
import type { DerivationScope } from '../../src/crypto/derive.js';

/** Random bytes that are the same in every run: 0, 1, 2 … counted on across calls. Only for known answers. */
export function countingRandom(): RandomSource {
  let next = 0;
  return { bytes: size => Uint8Array.from({ length: size }, () => next++ & 0xff) };
}

/** The domain key of the known answers: bytes 0x40 … 0x5f. */
export function fixedDomainKey(): Secret {
  return new Secret(Uint8Array.from({ length: 32 }, (_, i) => 0x40 + i));
}

/** A scope of the known answers, with changes. */
export function fixedScope(changes: Partial<DerivationScope> = {}): DerivationScope {
  return {
    suite: 'intl-cmac',
    domain: 'customers',
    epoch: 1,
    keyId: '0a1b2c3d',
    transform: 'pseudonymize',
    kind: 'cn-mobile',
    path: '',
    ...changes,
  };
}
