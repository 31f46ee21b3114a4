import { VeilError } from '../core/errors.js';
import type { Secret } from '../core/secret.js';
import { GCM_TAG, gcmOpen } from './gcm.js';
import { SEAL_HEAD, SEAL_VERSION, sealAssociatedData, sealNonce, sessionKey } from './sealing.js';
import { X25519_BYTES, x25519Public, x25519Shared } from './x25519.js';

/**
 * Opens what was sealed to the desk: the only way back to a quarantined record. For the desk program alone; the worker never loads
 * this file. Throws TOKEN_MALFORMED when it is no seal, SEAL_REFUSED when the key, the associated data or any byte is another one.
 */
export function openSealed(deskPrivateKey: Secret, sealed: Uint8Array, associatedData: Uint8Array): Uint8Array {
  if (sealed.length < SEAL_HEAD + GCM_TAG || sealed[0] !== SEAL_VERSION) {
    throw new VeilError('TOKEN_MALFORMED', {
      where: 'seal',
      expected: 'a seal of version 1',
      got: `${sealed.length} bytes`,
    });
  }
  const head = sealed.subarray(0, SEAL_HEAD);
  const session = head.subarray(1, 1 + X25519_BYTES);
  const shared = x25519Shared(deskPrivateKey, session);
  if (shared === undefined) throw new VeilError('SEAL_REFUSED');
  const key = sessionKey(shared, session, x25519Public(deskPrivateKey));
  shared.wipe();
  const bound = sealAssociatedData(head, associatedData);
  const plain = key.use(bytes => gcmOpen(bytes, sealNonce(head), bound, sealed.subarray(SEAL_HEAD)));
  key.wipe();
  if (plain === undefined) throw new VeilError('SEAL_REFUSED');
  return plain;
}
