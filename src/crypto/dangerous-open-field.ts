import { VeilError } from '../core/errors.js';
import type { Secret } from '../core/secret.js';
import { Token } from '../core/token.js';
import { type DerivationScope, deriveKey } from './derive.js';
import { FIELD_KEY_BYTES, fieldAssociatedData, NONCE_BYTES } from './field-aead.js';
import { AesSiv, SIV_BYTES } from './siv.js';
import { parseEncryptToken } from './token-grammar.js';

/** The original of an encrypted field. */
export interface OpenedField {
  /** `Token` of the value: whether it was a string, a number literal, an object … */
  readonly token: Token;
  /** The value's bytes: text of a string, otherwise JSON as written. */
  readonly value: Uint8Array;
}

const TOKENS: readonly Token[] = Object.values(Token);

/**
 * Opens the `e1` tokens of one field of one route under one domain key. For the desk and for key-holding readers; the worker never
 * loads this file.
 */
export class FieldOpener {
  readonly #siv: AesSiv;
  readonly #scope: DerivationScope;

  /** `policy` and `path` are the route and the field path that made the tokens. `domainKey` stays with the caller. */
  constructor(domainKey: Secret, scope: DerivationScope, policy: string, path: string) {
    const { keyId, epoch } = scope;
    const key = deriveKey(domainKey, scope, 'aead', '', FIELD_KEY_BYTES);
    this.#siv = key.use(bytes => new AesSiv(bytes, [fieldAssociatedData({ policy, path, keyId, epoch })]));
    key.wipe();
    this.#scope = scope;
  }

  /** Throws TOKEN_MALFORMED, or TOKEN_REFUSED when the token was altered or made elsewhere. */
  open(text: string): OpenedField {
    const { keyId, epoch, sealed } = parseEncryptToken(text);
    if (keyId !== this.#scope.keyId || epoch !== this.#scope.epoch) throw new VeilError('TOKEN_REFUSED');
    const rows = { bytes: sealed, starts: Uint32Array.of(NONCE_BYTES), ends: Uint32Array.of(sealed.length) };
    const nonces = { bytes: sealed, starts: Uint32Array.of(0), ends: Uint32Array.of(NONCE_BYTES) };
    const opened = new Uint8Array(1);
    this.#siv.open(rows, nonces, 1, opened);
    const plain = sealed.subarray(NONCE_BYTES + SIV_BYTES);
    const token = TOKENS.find(one => one === plain[0]);
    if (opened[0] !== 1 || token === undefined) throw new VeilError('TOKEN_REFUSED');
    return { token, value: plain.subarray(1) };
  }

  /** Overwrites everything derived from the key. The object cannot be used again. */
  close(): void {
    this.#siv.close();
  }
}
