/** Copies `size` bytes in steps of 16: writes up to 15 bytes more than that. */
export function copyBytes(target: usize, source: usize, size: usize): void {
  for (let done: usize = 0; done < size; done += 16) v128.store(target + done, v128.load(source + done));
}

/** True when `size` bytes are the same. */
export function isSame(a: usize, b: usize, size: usize): bool {
  let done: usize = 0;
  for (; done + 16 <= size; done += 16)
    if (v128.any_true(v128.xor(v128.load(a + done), v128.load(b + done)))) return false;
  const left = size - done;
  if (left === 0) return true;
  // The lanes behind the end do not count.
  const different = i8x16.bitmask(i8x16.ne(v128.load(a + done), v128.load(b + done)));
  return (different & ((1 << (left as i32)) - 1)) === 0;
}

/** First position from `from` on that holds a quote or a backslash; may be behind the end of the text. */
export function quoteOrBackslash(from: usize, end: usize): usize {
  let at = from;
  while (at < end) {
    const chunk = v128.load(at);
    const found = i8x16.bitmask(v128.or(i8x16.eq(chunk, i8x16.splat(0x22)), i8x16.eq(chunk, i8x16.splat(0x5c))));
    if (found !== 0) return at + (ctz(found) as usize);
    at += 16;
  }
  return at;
}
