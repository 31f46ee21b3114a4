import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';
import { concatBytes } from '../core/bytes.js';
import { Secret } from '../core/secret.js';

/** Bytes of a public key, a private key and a shared secret (RFC 7748 section 6.1). */
export const X25519_BYTES = 32;

/** DER around raw keys (RFC 8410 sections 4 and 7). */
const PUBLIC_DER = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x03, 0x21, 0x00);
const PRIVATE_DER = new Uint8Array(Buffer.from('302e020100300506032b656e04220420', 'hex'));

/** The public key of 32 raw private bytes: X25519(k, 9). */
export function x25519Public(privateKey: Secret): Uint8Array {
  return privateKey.use(bytes => {
    const der = createPublicKey(privateObject(bytes)).export({ format: 'der', type: 'spki' });
    return new Uint8Array(der.subarray(PUBLIC_DER.length));
  });
}

/**
 * The shared secret X25519(k, u), or undefined when `publicKey` is of low order, so that the secret would be all zeros
 * (RFC 7748 section 6.1 asks to refuse it).
 */
export function x25519Shared(privateKey: Secret, publicKey: Uint8Array): Secret | undefined {
  const der = Buffer.from(concatBytes(PUBLIC_DER, publicKey));
  try {
    const other = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return privateKey.use(bytes => {
      const shared = diffieHellman({ privateKey: privateObject(bytes), publicKey: other });
      return new Secret(new Uint8Array(shared));
    });
  } catch {
    // OpenSSL refuses an all-zero result and keys of another length
    return undefined;
  }
}

function privateObject(bytes: Uint8Array): KeyObject {
  const der = Buffer.from(concatBytes(PRIVATE_DER, bytes));
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  return key;
}
