/**
 * Position after the multi-byte UTF-8 sequence at `at` (`bytes[at] >= 0x80`), or -1 when it is not well-formed: RFC 3629
 * section 4, so no overlong forms, no surrogates, nothing above U+10FFFF. Reads below `end` only.
 */
export function utf8Next(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0xc2 || lead > 0xf4) return -1;
  const size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (at + size > end) return -1;
  const second = bytes[at + 1] ?? 0;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return -1;
  for (let k = 2; k < size; k++) if (((bytes[at + k] ?? 0) & 0xc0) !== 0x80) return -1;
  return at + size;
}

/** Writes `code` (a scalar value) as UTF-8 at `at` and returns the position after it; at most 4 bytes. */
export function putUtf8(code: number, bytes: Uint8Array, at: number): number {
  if (code < 0x80) {
    bytes[at] = code;
    return at + 1;
  }
  if (code < 0x800) bytes[at] = 0xc0 | (code >> 6);
  else {
    if (code < 0x10000) bytes[at] = 0xe0 | (code >> 12);
    else {
      bytes[at] = 0xf0 | (code >> 18);
      at += 1;
      bytes[at] = 0x80 | ((code >> 12) & 0x3f);
    }
    at += 1;
    bytes[at] = 0x80 | ((code >> 6) & 0x3f);
  }
  bytes[at + 1] = 0x80 | (code & 0x3f);
  return at + 2;
}
