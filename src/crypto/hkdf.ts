import { hkdfSync } from 'node:crypto';
import { asVeilError } from '../core/errors.js';
import { Secret } from '../core/secret.js';
import { lengthPrefixed } from './length-prefix.js';

/** What a derived key is for. Each purpose has its own list of further components, written down in docs/formats.md. */
export type DerivationPurpose = 'rule' | 'seal';

/**
 * HKDF with SHA-256 (RFC 5869): extract with `salt`, then expand to `size` bytes. Throws INTERNAL when `size` is over 255 * 32.
 */
export function hkdfSha256(inputKey: Uint8Array, salt: Uint8Array, info: Uint8Array, size: number): Secret {
  try {
    return new Secret(new Uint8Array(hkdfSync('sha256', inputKey, salt, info, size)));
  } catch (error) {
    throw asVeilError(error, 'INTERNAL', {
      where: 'HKDF',
      expected: 'at most 8160 bytes of output',
      got: `${size} bytes`,
    });
  }
}

/**
 * The `info` string of a derivation: `veil/v1/<purpose>` and the scope's components, each length-prefixed, so that no two scopes
 * share an info string whatever characters their names hold.
 */
export function derivationInfo(purpose: DerivationPurpose, components: readonly (string | Uint8Array)[]): Uint8Array {
  return lengthPrefixed([`veil/v1/${purpose}`, ...components]);
}
