import { closeSync, openSync, rmSync } from 'node:fs';
import { toHex } from '../core/bytes.js';
import { sealCause, VeilError } from '../core/errors.js';
import type { Clock, RandomSource } from '../core/ports.js';
import { Secret } from '../core/secret.js';
import { unwrapKey, wrapKey } from '../crypto/key-wrap.js';
import { freshKdf, passphraseKey } from '../crypto/passphrase.js';
import {
  KEK_BYTES,
  type KekEntry,
  type KeyRingFile,
  kekContext,
  parseKeyRing,
  printKeyRing,
} from '../keys/key-ring-file.js';
import type { KeyProvider } from '../keys/ports.js';
import { readSecretFile, replaceFile, writeNewFile } from './secret-file.js';

/** Where new key-encryption keys come from. */
export interface KeyMaking {
  readonly random: RandomSource;
  readonly clock: Clock;
}

/**
 * Makes a key ring file (mode 0600) with one random key-encryption key, protected by scrypt when there is a passphrase.
 * Throws FILE_EXISTS: nothing is overwritten.
 */
export async function createFileKeyRing(
  path: string,
  passphrase: Secret | undefined,
  making: KeyMaking,
): Promise<void> {
  const kdf = passphrase === undefined ? undefined : freshKdf(making.random);
  const protector = passphrase === undefined || kdf === undefined ? undefined : await passphraseKey(passphrase, kdf);
  const kek = newKek(protector, making);
  writeNewFile(path, printKeyRing({ current: kek.id, kdf, keks: [kek] }));
  protector?.wipe();
}

/**
 * Opens a key ring file. Throws KEY_RING_MISSING, KEY_RING_CORRUPT, KEY_STORE_NEWER, FILE_PERMISSIONS, KEY_PASSPHRASE when it needs
 * a passphrase, KEY_UNWRAP for a wrong one, CONFIG_CONFLICT when a passphrase is set for a ring that is not protected by any.
 */
export async function openFileKeyRing(
  path: string,
  passphrase: Secret | undefined,
  random: RandomSource,
): Promise<KeyProvider> {
  const ring = parseKeyRing(readSecretFile(path, 'owner', 'KEY_RING_MISSING'), path);
  const protector = await protectorOf(ring, passphrase, path);
  const keks = new Map(ring.keks.map(kek => [kek.id, openKek(kek, protector, path)]));
  protector?.wipe();
  return new FileKeyRing(ring.current, keks, random);
}

/**
 * Adds a random key-encryption key and makes it the current one; the others stay, because domain keys are wrapped by them. Returns
 * its id. Throws KEY_CONFLICT while another process does the same, and what `openFileKeyRing` throws.
 */
export async function addKek(path: string, passphrase: Secret | undefined, making: KeyMaking): Promise<string> {
  const unlock = lockBeside(path);
  try {
    const ring = parseKeyRing(readSecretFile(path, 'owner', 'KEY_RING_MISSING'), path);
    const protector = await protectorOf(ring, passphrase, path);
    // A key under a mistyped passphrase could never be opened: the old ones prove it.
    for (const kek of ring.keks) openKek(kek, protector, path).wipe();
    const kek = newKek(protector, making);
    protector?.wipe();
    replaceFile(path, printKeyRing({ ...ring, current: kek.id, keks: [...ring.keks, kek] }));
    return kek.id;
  } finally {
    unlock();
  }
}

function newKek(protector: Secret | undefined, { random, clock }: KeyMaking): KekEntry {
  const [id, createdAt] = [`k-${toHex(random.bytes(8))}`, clock.now()];
  const raw = random.bytes(KEK_BYTES);
  if (protector === undefined) return { id, createdAt, key: raw };
  const secret = new Secret(raw);
  const key = wrapKey(protector, secret, kekContext(id, createdAt), random);
  secret.wipe();
  return { id, createdAt, key };
}

async function protectorOf(
  ring: KeyRingFile,
  passphrase: Secret | undefined,
  path: string,
): Promise<Secret | undefined> {
  if (ring.kdf !== undefined && passphrase === undefined) throw new VeilError('KEY_PASSPHRASE', { where: path });
  if (ring.kdf === undefined && passphrase !== undefined) {
    const next = 'remove the passphrase setting, or check that this is the right key ring';
    throw new VeilError('CONFIG_CONFLICT', {
      where: path,
      expected: 'a ring protected by the passphrase',
      got: 'one without',
      next,
    });
  }
  return ring.kdf === undefined || passphrase === undefined ? undefined : passphraseKey(passphrase, ring.kdf);
}

function openKek(kek: KekEntry, protector: Secret | undefined, path: string): Secret {
  if (protector === undefined) return new Secret(kek.key.slice());
  try {
    return unwrapKey(protector, kek.key, kekContext(kek.id, kek.createdAt));
  } catch (error) {
    const parts = { where: path, expected: 'the passphrase of this key ring', next: 'use the right passphrase' };
    throw new VeilError('KEY_UNWRAP', { ...parts, cause: sealCause(error) });
  }
}

function lockBeside(path: string): () => void {
  const lock = `${path}.lock`;
  try {
    closeSync(openSync(lock, 'wx', 0o600));
  } catch (error) {
    const next = 'wait for the other process; if there is none, remove this file';
    throw new VeilError('KEY_CONFLICT', { where: lock, next, cause: sealCause(error) });
  }
  return () => rmSync(lock, { force: true });
}

class FileKeyRing implements KeyProvider {
  readonly kekId: string;
  readonly #keks: ReadonlyMap<string, Secret>;
  readonly #random: RandomSource;

  constructor(kekId: string, keks: ReadonlyMap<string, Secret>, random: RandomSource) {
    this.kekId = kekId;
    this.#keks = keks;
    this.#random = random;
  }

  async wrap(plain: Secret, associatedData: Uint8Array): Promise<Uint8Array> {
    return wrapKey(this.#kek(this.kekId), plain, associatedData, this.#random);
  }

  async unwrap(wrapped: Uint8Array, kekId: string, associatedData: Uint8Array): Promise<Secret> {
    return unwrapKey(this.#kek(kekId), wrapped, associatedData);
  }

  async close(): Promise<void> {
    for (const kek of this.#keks.values()) kek.wipe();
  }

  #kek(id: string): Secret {
    const kek = this.#keks.get(id);
    if (kek !== undefined) return kek;
    throw new VeilError('KEY_UNWRAP', {
      expected: `a key ring that holds ${id}`,
      got: `a ring of ${this.#keks.size} without it`,
    });
  }
}
