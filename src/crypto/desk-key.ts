import { createHash } from 'node:crypto';
import { fromHex, toHex } from '../core/bytes.js';
import { VeilError } from '../core/errors.js';
import type { RandomSource } from '../core/ports.js';
import { Secret } from '../core/secret.js';
import { wrapKey } from './key-wrap.js';
import { lengthPrefixed } from './length-prefix.js';
import { freshKdf, passphraseKey } from './passphrase.js';
import { X25519_BYTES, x25519Public } from './x25519.js';

/*
 * The desk's key pair (X25519) in two files, each one JSON object (docs/formats.md section 6). This file makes pairs, writes both
 * files and reads the public one; only dangerous-desk-private-key.ts reads the private one.
 */

/** First member of a public key file. */
export const PUBLIC_FORMAT = 'veil-desk-public-key';

/** First member of a private key file. */
export const PRIVATE_FORMAT = 'veil-desk-private-key';

/** Version of both files. */
export const DESK_KEY_VERSION = 1;

/** The desk's public key: all that a worker gets. */
export interface DeskPublicKey {
  /** First 8 hex digits of SHA-256 of the raw public key. */
  readonly keyId: string;
  /** 32 raw bytes. */
  readonly bytes: Uint8Array;
}

/** A fresh pair. Whoever asks for one owns both halves. */
export interface DeskKeyPair {
  readonly publicKey: DeskPublicKey;
  readonly privateKey: Secret;
}

/** A public key with its id. */
export function deskPublicKey(bytes: Uint8Array): DeskPublicKey {
  return { keyId: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
}

/** Makes a key pair from 32 random bytes. */
export function generateDeskKeyPair(random: RandomSource): DeskKeyPair {
  const privateKey = new Secret(new Uint8Array(random.bytes(X25519_BYTES)));
  return { publicKey: deskPublicKey(x25519Public(privateKey)), privateKey };
}

/** Text of the public key file. */
export function printDeskPublicKey({ keyId, bytes }: DeskPublicKey): string {
  return `${JSON.stringify({ format: PUBLIC_FORMAT, version: DESK_KEY_VERSION, keyId, publicKey: toHex(bytes) }, null, 2)}\n`;
}

/** Reads a public key file. Throws DESK_KEY_INVALID. */
export function parseDeskPublicKey(text: string): DeskPublicKey {
  return publicPartOf(deskKeyFile(text, PUBLIC_FORMAT));
}

/** Text of the private key file: the key under a passphrase, or in clear (then the file's permissions are its only protection). */
export async function printDeskPrivateKey(
  pair: DeskKeyPair,
  passphrase: Secret | undefined,
  random: RandomSource,
): Promise<string> {
  const { keyId, bytes } = pair.publicKey;
  const head = { format: PRIVATE_FORMAT, version: DESK_KEY_VERSION, keyId, publicKey: toHex(bytes) };
  if (passphrase === undefined) {
    return `${JSON.stringify({ ...head, privateKey: pair.privateKey.use(toHex) }, null, 2)}\n`;
  }
  const protection = freshKdf(random);
  const kek = await passphraseKey(passphrase, protection);
  const wrapped = toHex(wrapKey(kek, pair.privateKey, privateKeyContext(pair.publicKey), random));
  kek.wipe();
  return `${JSON.stringify({ ...head, protection, wrappedPrivateKey: wrapped }, null, 2)}\n`;
}

/** Associated data under which a private key is wrapped. */
export function privateKeyContext(publicKey: DeskPublicKey): Uint8Array {
  return lengthPrefixed(['veil/v1/desk-private-key', publicKey.keyId, publicKey.bytes]);
}

/** The members of a desk key file. Throws DESK_KEY_INVALID for another format or version; parser messages are not passed on. */
export function deskKeyFile(text: string, format: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('a JSON object');
  }
  if (typeof value !== 'object' || value === null) throw invalid('a JSON object');
  const members: Readonly<Record<string, unknown>> = { ...value };
  if (members.format !== format || members.version !== DESK_KEY_VERSION)
    throw invalid(`${format}, version ${DESK_KEY_VERSION}`);
  return members;
}

/** The public key of either file. Throws DESK_KEY_INVALID. */
export function publicPartOf(members: Readonly<Record<string, unknown>>): DeskPublicKey {
  const key = deskPublicKey(hexKey(members.publicKey));
  if (key.keyId !== members.keyId) throw invalid('the key id of its public key');
  return key;
}

/** 32 bytes from hex. Throws DESK_KEY_INVALID. */
export function hexKey(value: unknown): Uint8Array {
  const bytes = typeof value === 'string' ? fromHex(value) : undefined;
  if (bytes?.length !== X25519_BYTES) throw invalid('a key of 64 hex digits');
  return bytes;
}

function invalid(expected: string): VeilError {
  return new VeilError('DESK_KEY_INVALID', { where: 'desk key file', expected });
}
