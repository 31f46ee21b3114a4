import { utf8 } from '../core/bytes.js';

const DIGITS = utf8('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
const TEXT = /^[A-Za-z0-9_-]*$/;

/** Characters of `size` bytes in base64url without padding (RFC 4648 section 5). */
export function base64UrlLength(size: number): number {
  return Math.ceil((size * 4) / 3);
}

/** Writes base64url without padding of `source[start .. end)` as ASCII to `target[to ..]`; the caller has made room. */
export function writeBase64Url(source: Uint8Array, start: number, end: number, target: Uint8Array, to: number): void {
  let p = to;
  for (let at = start; at < end; at += 3) {
    const left = end - at;
    const group =
      ((source[at] ?? 0) << 16) | (left > 1 ? (source[at + 1] ?? 0) << 8 : 0) | (left > 2 ? (source[at + 2] ?? 0) : 0);
    target[p++] = DIGITS[group >>> 18] ?? 0;
    target[p++] = DIGITS[(group >>> 12) & 63] ?? 0;
    if (left > 1) target[p++] = DIGITS[(group >>> 6) & 63] ?? 0;
    if (left > 2) target[p++] = DIGITS[group & 63] ?? 0;
  }
}

/** base64url text without padding. */
export function encodeBase64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/** Bytes of base64url text, or undefined unless it is the one spelling that `encodeBase64Url` gives. */
export function decodeBase64Url(text: string): Uint8Array | undefined {
  if (!TEXT.test(text) || text.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Buffer.from(text, 'base64url'));
  // one spelling only: the unused low bits of the last digit must be zero (RFC 4648 section 3.5)
  return encodeBase64Url(bytes) === text ? bytes : undefined;
}
