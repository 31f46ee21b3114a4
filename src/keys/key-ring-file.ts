import { textOf, utf8 } from '../core/bytes.js';
import { asVeilError, VeilError } from '../core/errors.js';
import { lengthPrefixed } from '../crypto/length-prefix.js';
import { kdfOf, type PassphraseKdf } from '../crypto/passphrase.js';

/*
 * Key ring file, version 1: a JSON object
 *
 *     format      "veilstream key ring"
 *     version     1
 *     current     id of the key-encryption key that wraps new domain keys
 *     passphrase  null, or the scrypt parameters { kdf, n, r, p, salt }
 *     keks        [ { id, createdAt, key }, … ]
 *
 * `key` is base64: the 32 bytes of the key-encryption key, or, with a passphrase, that key wrapped (src/crypto/key-wrap.ts) under
 * scrypt(passphrase) with `kekContext` as associated data.
 */

/** One key-encryption key as it stands in the file. */
export interface KekEntry {
  /** `k-` and 16 hex digits, random. */
  readonly id: string;
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly createdAt: number;
  /** In clear, or wrapped by the passphrase's key. */
  readonly key: Uint8Array;
}

/** A key ring file's content. */
export interface KeyRingFile {
  readonly current: string;
  /** Undefined: the keys stand in clear. */
  readonly kdf: PassphraseKdf | undefined;
  readonly keks: readonly KekEntry[];
}

/** Length of a key-encryption key in bytes. */
export const KEK_BYTES = 32;

const FORMAT = 'veilstream key ring';
const VERSION = 1;
const ID = /^k-[0-9a-f]{16}$/;
const BASE64 = /^[A-Za-z0-9+/]{1,1024}={0,2}$/;

/** Associated data under which a passphrase wraps a key-encryption key. */
export function kekContext(id: string, createdAt: number): Uint8Array {
  return lengthPrefixed([`${FORMAT} ${VERSION}`, id, String(createdAt)]);
}

/** The text of a key ring file. */
export function printKeyRing(ring: KeyRingFile): Uint8Array {
  const keks = ring.keks.map(kek => ({ ...kek, key: Buffer.from(kek.key).toString('base64') }));
  const file = { format: FORMAT, version: VERSION, current: ring.current, passphrase: ring.kdf ?? null, keks };
  return utf8(`${JSON.stringify(file, undefined, 2)}\n`);
}

/** Reads a key ring file. Throws KEY_RING_CORRUPT when anything is missing or odd, KEY_STORE_NEWER for a later version. */
export function parseKeyRing(bytes: Uint8Array, where: string): KeyRingFile {
  const file = parseJson(bytes, where);
  if (file.format !== FORMAT) throw new VeilError('KEY_RING_CORRUPT', { where, expected: 'a key ring file' });
  if (typeof file.version === 'number' && file.version > VERSION) {
    throw new VeilError('KEY_STORE_NEWER', { where, expected: `key ring version ${VERSION}`, got: 'a newer one' });
  }
  const keks = Array.isArray(file.keks) ? file.keks.map(kekOf) : [];
  const kdf = file.passphrase === null ? undefined : kdfOf(file.passphrase);
  const known = keks.filter(kek => kek !== undefined);
  const isWhole =
    file.version === VERSION && (kdf !== undefined || file.passphrase === null) && known.length === keks.length;
  const ids = new Set(known.map(kek => kek.id));
  const { current } = file;
  const isSound = ids.size === keks.length && (kdf !== undefined || known.every(kek => kek.key.length === KEK_BYTES));
  if (!isWhole || !isSound || typeof current !== 'string' || !ids.has(current)) {
    throw new VeilError('KEY_RING_CORRUPT', { where });
  }
  return { current, kdf, keks: known };
}

function kekOf(value: unknown): KekEntry | undefined {
  const { id, createdAt, key } = entriesOf(value);
  if (typeof id !== 'string' || typeof key !== 'string' || !ID.test(id) || !BASE64.test(key)) return undefined;
  if (typeof createdAt !== 'number' || !Number.isSafeInteger(createdAt)) return undefined;
  return { id, createdAt, key: new Uint8Array(Buffer.from(key, 'base64')) };
}

function parseJson(bytes: Uint8Array, where: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(textOf(bytes));
    return entriesOf(parsed);
  } catch (error) {
    throw asVeilError(error, 'KEY_RING_CORRUPT', { where });
  }
}

function entriesOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
