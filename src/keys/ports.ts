import type { Secret } from '../core/secret.js';
import type { RuleKeys } from '../transform/context.js';

/** Life of a key (DESIGN 6). `primary` makes new tokens; `enabled` and `decrypt-only` still open old ones; `destroyed` is gone. */
export type KeyState = 'primary' | 'enabled' | 'decrypt-only' | 'destroyed';

/** Which PRF the domain's pseudonyms use. A property of the domain, so that every route of a domain agrees. */
export type KeySuite = 'intl-cmac' | 'intl-hmac';

/** One domain key as stored: wrapped by the key-encryption key, never in clear. */
export interface StoredKey {
  readonly domain: string;
  /** 1, 2, 3 … inside the domain. */
  readonly epoch: number;
  /** 8 lowercase hex digits, random. */
  readonly keyId: string;
  readonly suite: KeySuite;
  readonly state: KeyState;
  /** Id of the key-encryption key that wraps it. */
  readonly kekId: string;
  /** Wrapped 32-byte key; empty when destroyed. */
  readonly wrapped: Uint8Array;
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly createdAt: number;
}

/** Where wrapped domain keys live: its own database, apart from vault and outputs. Throws VeilError KEY_*. */
export interface KeyStore {
  /** True for a store made for known-answer tests only. */
  readonly isTest: boolean;
  /** Every key of every domain, or of one. */
  list(domain?: string): Promise<readonly StoredKey[]>;
  /**
   * Adds `key` as the new primary of its domain and makes the former primary `enabled`, in one transaction. Throws KEY_CONFLICT
   * when another process added the same epoch first, so that concurrent processes agree on one primary.
   */
  addPrimary(key: StoredKey): Promise<void>;
  /** Changes a state; `destroyed` overwrites the wrapped bytes. */
  setState(domain: string, epoch: number, state: KeyState): Promise<void>;
  close(): Promise<void>;
}

/** Wraps and unwraps domain keys under a key-encryption key: file key ring, HashiCorp Vault transit. */
export interface KeyProvider {
  /** Id of the key-encryption key that wraps new keys. */
  readonly kekId: string;
  wrap(plain: Secret, associatedData: Uint8Array): Promise<Uint8Array>;
  unwrap(wrapped: Uint8Array, kekId: string, associatedData: Uint8Array): Promise<Secret>;
  close(): Promise<void>;
}

/** What a rule's keys are separated by. */
export interface RuleKeyScope {
  readonly domain: string;
  readonly transform: string;
  /** Kind name, or `-` when the rule has none. */
  readonly kind: string;
  /** Field path text when linking is by path, otherwise empty. */
  readonly path: string;
}

/** Opens domain keys once at start and hands out rule keys. */
export interface KeyRing {
  /** Throws KEY_DOMAIN_UNKNOWN when the store has no primary for the domain. */
  ruleKeys(scope: RuleKeyScope): RuleKeys;
  /** Key ids in use, for reports: `domain/epoch/keyId`. */
  readonly inUse: readonly string[];
  /** Overwrites all key material. */
  close(): void;
}
