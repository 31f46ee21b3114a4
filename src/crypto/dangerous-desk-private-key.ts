import { fromHex, toHex } from '../core/bytes.js';
import { VeilError } from '../core/errors.js';
import { Secret } from '../core/secret.js';
import { type DeskKeyPair, deskKeyFile, hexKey, PRIVATE_FORMAT, privateKeyContext, publicPartOf } from './desk-key.js';
import { unwrapKey } from './key-wrap.js';
import { kdfOf, passphraseKey } from './passphrase.js';
import { x25519Public } from './x25519.js';

/**
 * Reads the desk's private key file. For the desk program alone; the worker never loads this file. Throws DESK_KEY_INVALID for a
 * malformed file, KEY_PASSPHRASE when a passphrase is needed and none is given, KEY_UNWRAP when it is the wrong one.
 */
export async function parseDeskPrivateKey(text: string, passphrase: Secret | undefined): Promise<DeskKeyPair> {
  const members = deskKeyFile(text, PRIVATE_FORMAT);
  const publicKey = publicPartOf(members);
  const privateKey =
    members.protection === undefined
      ? new Secret(hexKey(members.privateKey))
      : await unwrapped(members, passphrase, privateKeyContext(publicKey));
  if (privateKey.size === publicKey.bytes.length && toHex(x25519Public(privateKey)) === toHex(publicKey.bytes)) {
    return { publicKey, privateKey };
  }
  privateKey.wipe();
  throw new VeilError('DESK_KEY_INVALID', { where: 'desk key file', expected: 'the private key of its public key' });
}

async function unwrapped(
  members: Readonly<Record<string, unknown>>,
  passphrase: Secret | undefined,
  context: Uint8Array,
): Promise<Secret> {
  const { protection, wrappedPrivateKey } = members;
  const kdf = kdfOf(protection);
  const wrapped = typeof wrappedPrivateKey === 'string' ? fromHex(wrappedPrivateKey) : undefined;
  if (kdf === undefined || wrapped === undefined) {
    throw new VeilError('DESK_KEY_INVALID', {
      where: 'desk key file',
      expected: 'scrypt parameters and a wrapped key',
    });
  }
  if (passphrase === undefined)
    throw new VeilError('KEY_PASSPHRASE', { where: 'desk key file', expected: 'a passphrase' });
  const kek = await passphraseKey(passphrase, kdf);
  try {
    return unwrapKey(kek, wrapped, context);
  } finally {
    kek.wipe();
  }
}
