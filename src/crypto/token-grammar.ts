import { HEX_DIGITS, utf8, viewOf } from '../core/bytes.js';
import { VeilError } from '../core/errors.js';
import type { ByteSink } from '../kinds/kind.js';
import { base64UrlLength, decodeBase64Url, writeBase64Url } from './base64url.js';
import { FIELD_OVERHEAD } from './field-aead.js';

/*
 * Tokens as text (docs/formats.md section 3), version 1:
 *
 *     pseudonym = "p1-" epoch "-" 32 hex                  128-bit tag of the normal form
 *     hash      = "h1-" epoch "-" 32 hex                  128-bit tag of the text
 *     encrypt   = "e1-" key-id "-" epoch "-" base64url    nonce(16) ‖ SIV(16) ‖ ciphertext, no padding
 *     epoch     = 1 .. 2147483647, decimal, no leading zero
 *     hex       = "0".."9" | "a".."f";  key-id = 8 hex
 *
 * The first letter names the transform, the digit the version: a change of meaning takes a new digit, and readers keep the old ones.
 */

/** Which keyed digest a tag token holds. */
export type TagForm = 'p1' | 'h1';

/** A parsed `p1` or `h1` token. */
export interface TagToken {
  readonly form: TagForm;
  readonly epoch: number;
  /** 16 bytes. */
  readonly tag: Uint8Array;
}

/** A parsed `e1` token. */
export interface EncryptToken {
  readonly form: 'e1';
  readonly keyId: string;
  readonly epoch: number;
  /** nonce ‖ SIV ‖ ciphertext. */
  readonly sealed: Uint8Array;
}

const TAG = 16;
/** Both hex digits of each byte value as one big-endian number. */
const HEX_PAIRS = Uint16Array.from({ length: 256 }, (_, byte) => viewOf(HEX_DIGITS).getUint16(2 * byte));
const EPOCH_MAX = 2 ** 31 - 1;
/** Longer than any token of a value within `limits.valueBytes`; bounds what a reader takes in. */
const TOKEN_MAX_CHARS = 64 * 1024 * 1024;
/** The shortest sealed field: an empty value, whose plaintext is its token type. */
const SEALED_MIN = FIELD_OVERHEAD + 1;

const TAG_TOKEN = /^(p1|h1)-([1-9][0-9]{0,9})-([0-9a-f]{32})$/;
const ENCRYPT_PREFIX = /^e1-([0-9a-f]{8})-([1-9][0-9]{0,9})-/;

/** What precedes the hex digits of a tag token. */
export function tagTokenPrefix(form: TagForm, epoch: number): Uint8Array {
  return utf8(`${form}-${epoch}-`);
}

/** What precedes the base64url part of an encrypt token. */
export function encryptTokenPrefix(keyId: string, epoch: number): Uint8Array {
  return utf8(`e1-${keyId}-${epoch}-`);
}

/**
 * Appends `count` tag tokens, end to end, each of `prefix.length + 32` bytes, for `tags[16 i ..]`. Returns where the first begins.
 */
export function writeTagTokens(prefix: Uint8Array, tags: Uint8Array, count: number, out: ByteSink): number {
  const size = prefix.length + 2 * TAG;
  const first = out.reserve(count * size);
  const { bytes } = out;
  const view = viewOf(bytes);
  for (let row = 0, at = first, tag = 0; row < count; row++, at += size, tag += TAG) {
    for (let k = 0; k < prefix.length; k++) bytes[at + k] = prefix[k] ?? 0;
    for (let k = 0, to = at + prefix.length; k < TAG; k++, to += 2)
      view.setUint16(to, HEX_PAIRS[tags[tag + k] ?? 0] ?? 0);
  }
  out.length = first + count * size;
  return first;
}

/** Bytes of an encrypt token with `sealedBytes` bytes of nonce, SIV and ciphertext. */
export function encryptTokenLength(prefix: Uint8Array, sealedBytes: number): number {
  return prefix.length + base64UrlLength(sealedBytes);
}

/** Appends the encrypt token of `sealed[start .. end)`. Returns where it begins; it ends at `out.length`. */
export function writeEncryptToken(
  prefix: Uint8Array,
  sealed: Uint8Array,
  start: number,
  end: number,
  out: ByteSink,
): number {
  const size = encryptTokenLength(prefix, end - start);
  const at = out.reserve(size);
  for (let k = 0; k < prefix.length; k++) out.bytes[at + k] = prefix[k] ?? 0;
  writeBase64Url(sealed, start, end, out.bytes, at + prefix.length);
  out.length = at + size;
  return at;
}

/** Parses a pseudonym or hash token. Throws TOKEN_MALFORMED for any other text. */
export function parseTagToken(text: string): TagToken {
  const [, form, epoch, hex] = TAG_TOKEN.exec(text) ?? [];
  if (form === undefined || hex === undefined) throw malformed(text);
  return {
    form: form === 'p1' ? 'p1' : 'h1',
    epoch: epochOf(epoch, text),
    tag: new Uint8Array(Buffer.from(hex, 'hex')),
  };
}

/** Parses an encrypt token. Throws TOKEN_MALFORMED for any other text. */
export function parseEncryptToken(text: string): EncryptToken {
  if (text.length > TOKEN_MAX_CHARS) throw malformed(text);
  const [prefix, keyId, epoch] = ENCRYPT_PREFIX.exec(text) ?? [];
  if (prefix === undefined || keyId === undefined) throw malformed(text);
  const sealed = decodeBase64Url(text.slice(prefix.length));
  if (sealed === undefined || sealed.length < SEALED_MIN) throw malformed(text);
  return { form: 'e1', keyId, epoch: epochOf(epoch, text), sealed };
}

function epochOf(digits: string | undefined, text: string): number {
  const epoch = Number(digits);
  if (epoch > EPOCH_MAX) throw malformed(text);
  return epoch;
}

function malformed(text: string): VeilError {
  return new VeilError('TOKEN_MALFORMED', {
    where: 'token',
    expected: 'a token of docs/formats.md',
    got: `${text.length} characters`,
  });
}
