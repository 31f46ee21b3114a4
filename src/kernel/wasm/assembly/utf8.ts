/**
 * Position after the multi-byte UTF-8 sequence at `at` (its first byte is >= 0x80), or 0 when it is not well-formed: RFC 3629
 * section 4, so no overlong forms, no surrogates, nothing above U+10FFFF, nothing that runs past `end`.
 */
export function utf8Next(at: usize, end: usize): usize {
  const lead = load<u8>(at) as u32;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const size: usize = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (at + size > end) return 0;
  const second = load<u8>(at, 1) as u32;
  const low: u32 = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high: u32 = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  if (size > 2 && ((load<u8>(at, 2) as u32) & 0xc0) !== 0x80) return 0;
  if (size > 3 && ((load<u8>(at, 3) as u32) & 0xc0) !== 0x80) return 0;
  return at + size;
}

/** Writes `code` (a scalar value) as UTF-8 and returns the position after it. */
export function putUtf8(code: u32, at: usize): usize {
  if (code < 0x80) {
    store<u8>(at, code as u8);
    return at + 1;
  }
  if (code < 0x800) {
    store<u8>(at, (0xc0 | (code >> 6)) as u8);
    return putTail(code, at + 1, 1);
  }
  if (code < 0x10000) {
    store<u8>(at, (0xe0 | (code >> 12)) as u8);
    return putTail(code, at + 1, 2);
  }
  store<u8>(at, (0xf0 | (code >> 18)) as u8);
  return putTail(code, at + 1, 3);
}

function putTail(code: u32, from: usize, count: u32): usize {
  let at = from;
  for (let left = count; left > 0; left--) store<u8>(at++, (0x80 | ((code >> (6 * (left - 1))) & 0x3f)) as u8);
  return at;
}
