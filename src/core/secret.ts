import { inspect } from 'node:util';

const HIDDEN = '[secret]';

/**
 * Bytes that must not be printed. String conversion, JSON and inspection all show `[secret]`.
 * `use` is the only way in, so a reader can find every place where the bytes are touched.
 */
export class Secret {
  readonly #bytes: Uint8Array;
  #open = true;

  /** Takes ownership of `bytes`: the caller must not keep or reuse them. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Copies text (a passphrase, a token) into a secret as UTF-8. */
  static fromText(text: string): Secret {
    return new Secret(new TextEncoder().encode(text));
  }

  /** Length in bytes. */
  get size(): number {
    return this.#bytes.byteLength;
  }

  /** Lends the bytes to `reader` for the time of the call. Throws after `wipe`. */
  use<T>(reader: (bytes: Uint8Array) => T): T {
    if (!this.#open) throw new Error('secret was wiped');
    return reader(this.#bytes);
  }

  /** Overwrites the bytes. A wiped secret cannot be used again. */
  wipe(): void {
    this.#bytes.fill(0);
    this.#open = false;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
