import { escapeJson, unescapeJson } from './json-text.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Writes the valid JSON text `source[start .. end)` without white space between tokens and with the shortest escapes in its
 * strings, at `target[at ..]`; returns the position after it. Members keep their order, numbers their digits. Never longer
 * than the source.
 */
export function compactJson(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
  let from = start;
  let to = at;
  while (from < end) {
    const byte = source[from] ?? 0;
    if (byte === QUOTE) {
      const close = closingQuote(source, from + 1, end);
      to = compactString(source, from, close, target, to);
      from = close + 1;
      continue;
    }
    if (byte > 0x20) target[to++] = byte;
    from++;
  }
  return to;
}

/** Position of the quote that ends the string content from `from`. */
function closingQuote(source: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && source[at] !== QUOTE) at += source[at] === BACKSLASH ? 2 : 1;
  return at;
}

function compactString(source: Uint8Array, open: number, close: number, target: Uint8Array, at: number): number {
  const content = source.subarray(open + 1, close);
  let to = at;
  target[to++] = QUOTE;
  if (content.includes(BACKSLASH)) {
    const text = new Uint8Array(content.length);
    const length = unescapeJson(content, 0, content.length, text, 0);
    to = escapeJson(text, 0, length, target, to);
  } else {
    target.set(content, to);
    to += content.length;
  }
  target[to++] = QUOTE;
  return to;
}
