/** Copies the 16 bytes at `from` to `to`. */
export function copyBlock(source: DataView, from: number, target: DataView, to: number): void {
  target.setInt32(to, source.getInt32(from, true), true);
  target.setInt32(to + 4, source.getInt32(from + 4, true), true);
  target.setInt32(to + 8, source.getInt32(from + 8, true), true);
  target.setInt32(to + 12, source.getInt32(from + 12, true), true);
}

/** Writes the bitwise sum of the 16 bytes at `a` and the 16 bytes at `b` to `to`; the places may be the same. */
export function sumBlocks(x: DataView, a: number, y: DataView, b: number, target: DataView, to: number): void {
  target.setInt32(to, x.getInt32(a, true) ^ y.getInt32(b, true), true);
  target.setInt32(to + 4, x.getInt32(a + 4, true) ^ y.getInt32(b + 4, true), true);
  target.setInt32(to + 8, x.getInt32(a + 8, true) ^ y.getInt32(b + 8, true), true);
  target.setInt32(to + 12, x.getInt32(a + 12, true) ^ y.getInt32(b + 12, true), true);
}
