import type { Kind } from '../kinds/kind.js';
import type { RandomSource } from '../core/ports.js';
import type { FieldPath } from '../core/field-path.js';

/**
 * A pseudorandom function keyed for one use, over a column of values: `tags[16 * i ..]` becomes the 128-bit tag of row i.
 * AES-CMAC (NIST SP 800-38B) or HMAC-SHA-256 truncated to 128 bits (RFC 2104), as the domain's keyset says.
 */
export interface Prf {
  evaluate(bytes: Uint8Array, starts: Uint32Array, ends: Uint32Array, count: number, tags: Uint8Array): void;
}

/** Authenticated encryption of fields with fixed associated data (AES-SIV, RFC 5297, with a random nonce per value). */
export interface FieldAead {
  /** Length of nonce + synthetic IV that precede each ciphertext. */
  readonly overhead: number;
  /**
   * Seals row i = `bytes[starts[i] .. ends[i])`, preceded by its token type as one byte, into
   * `sealed[sealedStarts[i] ..]` = nonce ‖ SIV ‖ ciphertext (overhead + 1 + length bytes). The caller has laid out `sealedStarts`.
   */
  seal(rows: SealRows, sealed: Uint8Array, sealedStarts: Uint32Array): void;
}

/** The rows that `FieldAead.seal` reads. */
export interface SealRows {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly tokens: Uint8Array;
  readonly count: number;
}

/** Format-preserving encryption (FF1, NIST SP 800-38G) of decimal strings of one length. */
export interface DecimalFpe {
  /** Encrypts `count` strings of `digits` decimal digits (values 0-9, one byte each), laid end to end, in place. */
  encrypt(numerals: Uint8Array, digits: number, count: number): void;
  decrypt(numerals: Uint8Array, digits: number, count: number): void;
}

/** The keys one rule may use: already separated by domain, epoch, transform and kind (HKDF, RFC 5869). Raw keys are out of reach. */
export interface RuleKeys {
  /** Epoch of the domain's primary key. */
  readonly epoch: number;
  /** Id of the domain's primary key: 8 hex digits. */
  readonly keyId: string;
  /** `label` separates several uses inside one transform. */
  prf(label: string): Prf;
  aead(associatedData: Uint8Array): FieldAead;
  fpe(label: string): DecimalFpe;
}

/** What a transform is given when it is made: its rule's surroundings. */
export interface TransformContext {
  /** Name of the policy (route): part of the associated data. */
  readonly policy: string;
  readonly path: FieldPath;
  /** The rule's kind; undefined when the rule names none. */
  readonly kind: Kind | undefined;
  /** Present when `spec.keyed` is true. */
  readonly keys: RuleKeys | undefined;
  readonly random: RandomSource;
}
