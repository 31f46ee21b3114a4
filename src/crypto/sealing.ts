import { concatBytes, viewOf } from '../core/bytes.js';
import { VeilError } from '../core/errors.js';
import type { RandomSource } from '../core/ports.js';
import { Secret } from '../core/secret.js';
import { GCM_NONCE, gcmSeal } from './gcm.js';
import { derivationInfo, hkdfSha256 } from './hkdf.js';
import { lengthPrefixed } from './length-prefix.js';
import { X25519_BYTES, x25519Public, x25519Shared } from './x25519.js';

/*
 * Sealing to the desk's public key. Who holds only that key can never open what was sealed, not even its own seals of a closed
 * session. All integers big-endian.
 *
 *     sealed = %x01 session(32) counter(4) ciphertext tag(16)
 *
 *     session     the session's ephemeral X25519 public key
 *     session key = HKDF-SHA-256(X25519(ephemeral, desk), no salt, info("seal", session, desk public key)), 32 bytes
 *     nonce       = 8 zero bytes ‖ counter: 0, 1, 2 … inside a session, so none repeats under its key
 *     AAD         = length-prefixed list of %x01, session, counter, the caller's associated data
 *
 * Each seal stands alone: it opens without the others of its session.
 */

/** Version byte of a seal. */
export const SEAL_VERSION = 1;

/** Bytes before the ciphertext: version, session, counter. */
export const SEAL_HEAD = 1 + X25519_BYTES + 4;

/** Seals in one session. A stolen session key opens no more than these. */
const SESSION_SEALS = 1024;

const SESSION_KEY_BYTES = 32;

interface Session {
  readonly publicKey: Uint8Array;
  readonly key: Secret;
  counter: number;
}

/** The key of a session, from either side's shared secret. */
export function sessionKey(shared: Secret, session: Uint8Array, desk: Uint8Array): Secret {
  return shared.use(secret =>
    hkdfSha256(secret, new Uint8Array(0), derivationInfo('seal', [session, desk]), SESSION_KEY_BYTES),
  );
}

/** What a seal binds besides its text; `head` is its first 37 bytes. */
export function sealAssociatedData(head: Uint8Array, associatedData: Uint8Array): Uint8Array {
  const session = head.subarray(1, 1 + X25519_BYTES);
  return lengthPrefixed([head.subarray(0, 1), session, head.subarray(1 + X25519_BYTES), associatedData]);
}

/** The nonce of a seal; `head` is its first 37 bytes. */
export function sealNonce(head: Uint8Array): Uint8Array {
  const counter = head.subarray(1 + X25519_BYTES);
  return concatBytes(new Uint8Array(GCM_NONCE - counter.length), counter);
}

/** Seals records to the desk's public key, in sessions. */
export class DeskSealer {
  readonly #desk: Uint8Array;
  readonly #random: RandomSource;
  readonly #sessionSeals: number;
  #session: Session | undefined;

  /**
   * `desk` is the desk's raw public key (32 bytes); at the first seal DESK_KEY_INVALID is thrown when it is of low order.
   * `random` makes the sessions' private keys: the operating system's generator, never a seeded one.
   */
  constructor(desk: Uint8Array, random: RandomSource, sessionSeals = SESSION_SEALS) {
    this.#desk = new Uint8Array(desk);
    this.#random = random;
    this.#sessionSeals = sessionSeals;
  }

  /** `associatedData` must be given again, byte for byte, to open. */
  seal(plain: Uint8Array, associatedData: Uint8Array): Uint8Array {
    if (this.#session !== undefined && this.#session.counter >= this.#sessionSeals) this.close();
    this.#session ??= this.#begin();
    const { publicKey, key, counter } = this.#session;
    this.#session.counter += 1;
    const head = new Uint8Array(SEAL_HEAD);
    head[0] = SEAL_VERSION;
    head.set(publicKey, 1);
    viewOf(head).setUint32(1 + X25519_BYTES, counter, false);
    const bound = sealAssociatedData(head, associatedData);
    return concatBytes(
      head,
      key.use(bytes => gcmSeal(bytes, sealNonce(head), bound, plain)),
    );
  }

  /** Ends the session and overwrites its key. A later seal begins another session. */
  close(): void {
    this.#session?.key.wipe();
    this.#session = undefined;
  }

  #begin(): Session {
    const ephemeral = new Secret(new Uint8Array(this.#random.bytes(X25519_BYTES)));
    const publicKey = x25519Public(ephemeral);
    const shared = x25519Shared(ephemeral, this.#desk);
    ephemeral.wipe();
    if (shared === undefined) throw new VeilError('DESK_KEY_INVALID', { where: 'desk public key' });
    const key = sessionKey(shared, publicKey, this.#desk);
    shared.wipe();
    return { publicKey, key, counter: 0 };
  }
}
