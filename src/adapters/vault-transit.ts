import { setTimeout as pause } from 'node:timers/promises';
import { concatBytes, textOf, utf8 } from '../core/bytes.js';
import { asVeilError, sealCause, VeilError } from '../core/errors.js';
import { isLoopbackHost } from '../core/loopback.js';
import { Secret } from '../core/secret.js';
import type { KeyProvider } from '../keys/ports.js';

/** How to reach a HashiCorp Vault (or OpenBao) transit engine. */
export interface VaultTransitOptions {
  /** `https://host:port`; `http` only towards this machine. Private authorities: NODE_EXTRA_CA_CERTS. */
  readonly address: string;
  /** Path of the engine. Default `transit`. */
  readonly mount?: string;
  /** Name of the key: an AEAD type (`aes256-gcm96`, `chacha20-poly1305`), because associated data is used. */
  readonly key: string;
  /** Vault Enterprise namespace. */
  readonly namespace?: string;
  /** The key is derived: send the associated data as `context` too. */
  readonly derived?: boolean;
  /** Asked before every request, so that a renewed token is taken up. */
  readonly token: () => Secret;
  /** Milliseconds for one attempt. Default 5,000. */
  readonly timeoutMs?: number;
  /** Attempts at one request. Default 4. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; doubles after that. Default 200. */
  readonly backoffMs?: number;
}

/** Behind a context, makes another one. */
const OTHER_CONTEXT = utf8(' of another key');
const MAX_ANSWER = 64 * 1024;
const MAX_PAUSE_MS = 5_000;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const MOUNT = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/;

/**
 * Wraps keys by the transit engine's `encrypt/:name` and `decrypt/:name` (Vault HTTP API v1), the associated data in
 * `associated_data`. The wrapped form is Vault's own ciphertext text (`vault:v1:…`), which names the key version.
 * Vault before 1.13 ignores `associated_data` without a word, so the first ciphertext of each provider is also tried under another
 * context: no key is wrapped or opened, KEY_PROVIDER_DENIED, unless that is refused. No probe of its own: workers may not encrypt.
 * Throws USAGE for malformed options, ROUTE_PLAINTEXT for `http` to another machine.
 */
export function openVaultTransit(options: VaultTransitOptions): KeyProvider {
  const mount = options.mount ?? 'transit';
  if (!NAME.test(options.key) || !MOUNT.test(mount)) {
    throw new VeilError('USAGE', { where: 'vaultTransit', expected: 'plain names for mount and key' });
  }
  return new VaultTransit(options, baseOf(options.address, mount), `vault:${mount}/${options.key}`);
}

function baseOf(address: string, mount: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (
    url === undefined ||
    !/^https?:$/.test(url.protocol) ||
    url.username !== '' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new VeilError('USAGE', { where: 'vaultTransit.address', expected: 'https://HOST:PORT' });
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    throw new VeilError('ROUTE_PLAINTEXT', {
      where: 'vaultTransit.address',
      expected: 'https',
      got: 'http',
      next: 'use TLS',
    });
  }
  return `${url.href.replace(/\/+$/, '')}/v1/${mount}`;
}

class VaultTransit implements KeyProvider {
  readonly kekId: string;
  readonly #options: VaultTransitOptions;
  readonly #base: string;
  /** The engine was seen to refuse a ciphertext under another context. */
  #isBinding = false;

  constructor(options: VaultTransitOptions, base: string, kekId: string) {
    this.#options = options;
    this.#base = base;
    this.kekId = kekId;
  }

  async wrap(plain: Secret, associatedData: Uint8Array): Promise<Uint8Array> {
    const plaintext = plain.use(base64);
    const ciphertext = await this.#call('encrypt', { plaintext, ...this.#bound(associatedData) }, 'ciphertext');
    if (!/^vault:v\d+:[A-Za-z0-9+/=]+$/.test(ciphertext))
      throw this.#failure('KEY_PROVIDER_DOWN', 'a transit ciphertext');
    await this.#requireBinding(ciphertext, associatedData);
    return utf8(ciphertext);
  }

  async unwrap(wrapped: Uint8Array, kekId: string, associatedData: Uint8Array): Promise<Secret> {
    if (kekId !== this.kekId) {
      throw new VeilError('KEY_UNWRAP', { expected: `key provider of ${kekId}`, got: this.kekId });
    }
    const ciphertext = Buffer.from(wrapped).toString('latin1');
    const plaintext = await this.#decrypt(ciphertext, associatedData);
    await this.#requireBinding(ciphertext, associatedData);
    return new Secret(new Uint8Array(Buffer.from(plaintext, 'base64')));
  }

  async close(): Promise<void> {}

  #decrypt(ciphertext: string, associatedData: Uint8Array): Promise<string> {
    return this.#call('decrypt', { ciphertext, ...this.#bound(associatedData) }, 'plaintext');
  }

  /** Once for each provider. Throws KEY_PROVIDER_DENIED when a ciphertext opens under another context than its own. */
  async #requireBinding(ciphertext: string, associatedData: Uint8Array): Promise<void> {
    if (this.#isBinding) return;
    try {
      await this.#decrypt(ciphertext, concatBytes(associatedData, OTHER_CONTEXT));
    } catch (error) {
      if (!(error instanceof VeilError) || error.code !== 'KEY_UNWRAP') throw error;
      this.#isBinding = true;
      return;
    }
    throw new VeilError('KEY_PROVIDER_DENIED', {
      where: this.kekId,
      expected: 'a transit engine that binds keys to "associated_data"',
      got: 'one that ignores it',
      next: 'use Vault 1.13 or later, or a derived key (derived: true)',
    });
  }

  #bound(associatedData: Uint8Array): Readonly<Record<string, string>> {
    const data = base64(associatedData);
    return this.#options.derived === true ? { associated_data: data, context: data } : { associated_data: data };
  }

  /** One request with retries for what may pass by itself: no answer, 429, 5xx. The text `field` of the answer's `data`. */
  async #call(
    operation: 'encrypt' | 'decrypt',
    body: Readonly<Record<string, string>>,
    field: string,
  ): Promise<string> {
    const attempts = this.#options.attempts ?? 4;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#attempt(operation, body);
      if (answer instanceof VeilError) {
        if (attempt >= attempts) throw answer;
        await pause(this.#pauseMs(attempt));
        continue;
      }
      return this.#textIn(answer, field);
    }
  }

  /** The answer's bytes, or an error worth another attempt. Throws an error that is not. */
  async #attempt(operation: string, body: Readonly<Record<string, string>>): Promise<Uint8Array | VeilError> {
    try {
      const response = await fetch(`${this.#base}/${operation}/${this.#options.key}`, {
        method: 'POST',
        headers: this.#headers(),
        body: JSON.stringify(body),
        // A redirect would carry the token to an address that nobody configured.
        redirect: 'error',
        signal: AbortSignal.timeout(this.#options.timeoutMs ?? 5_000),
      });
      const answer = await bounded(response);
      if (response.status === 200) return answer ?? this.#failure('KEY_PROVIDER_DOWN', 'a short answer', 'a long one');
      return this.#refusal(operation, response.status);
    } catch (error) {
      if (error instanceof VeilError) throw error;
      // fetch hides the socket's error one level down.
      const cause = sealCause(error instanceof TypeError && error.cause !== undefined ? error.cause : error);
      return new VeilError('KEY_PROVIDER_DOWN', { where: this.kekId, cause });
    }
  }

  #headers(): Readonly<Record<string, string>> {
    const { namespace, token } = this.#options;
    const held = token();
    const text = held.use(bytes => Buffer.from(bytes).toString('latin1'));
    held.wipe();
    // fetch would print a header value that it refuses.
    if (!/^[\x21-\x7e]+$/.test(text)) throw this.#failure('KEY_PROVIDER_DENIED', 'a token of printable characters');
    const named = namespace === undefined ? {} : { 'x-vault-namespace': namespace };
    return { 'content-type': 'application/json', 'x-vault-request': 'true', 'x-vault-token': text, ...named };
  }

  /** Statuses as in "HTTP status codes" of the Vault API: 400 bad request or failed decryption, 403 denied, 429 and 5xx try again. */
  #refusal(operation: string, status: number): VeilError {
    const got = `HTTP ${status}`;
    if (status === 429 || status >= 500 || status === 412) return this.#failure('KEY_PROVIDER_DOWN', 'an answer', got);
    if (status === 400 && operation === 'decrypt')
      throw new VeilError('KEY_UNWRAP', { expected: `${this.kekId} to open it`, got });
    throw this.#failure('KEY_PROVIDER_DENIED', `leave to ${operation}`, got);
  }

  #failure(code: 'KEY_PROVIDER_DOWN' | 'KEY_PROVIDER_DENIED', expected: string, got?: string): VeilError {
    return new VeilError(code, { where: this.kekId, expected, ...(got === undefined ? {} : { got }) });
  }

  /** Doubles, with up to half of it taken off at random so that many workers do not come back together. */
  #pauseMs(attempt: number): number {
    const full = Math.min((this.#options.backoffMs ?? 200) * 2 ** (attempt - 1), MAX_PAUSE_MS);
    return full * (1 - Math.random() / 2);
  }

  #textIn(answer: Uint8Array, field: string): string {
    try {
      const parsed: unknown = JSON.parse(textOf(answer));
      const data = memberOf(parsed, 'data');
      const text = memberOf(data, field);
      if (typeof text === 'string') return text;
    } catch (error) {
      throw asVeilError(error, 'KEY_PROVIDER_DOWN', { where: this.kekId, expected: 'an answer of the transit engine' });
    }
    throw this.#failure('KEY_PROVIDER_DOWN', `"data.${field}" in the answer`);
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}

/** The body, or undefined when it is longer than any honest answer. */
async function bounded(response: Response): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER) return undefined;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
