import { BACKSLASH, QUOTE, SPACE } from './ascii';
import { copyBytes, quoteOrBackslash } from './bytes';
import { escapeText, unescapeText } from './text';

/** Writes what the string content from `start` to `end` stands for at `target`; returns the bytes written. */
export function unescapeSpan(start: usize, end: usize, target: usize): u32 {
  return (unescapeText(start, end, target) - target) as u32;
}

/**
 * Writes the valid JSON text from `start` to `end` without white space between tokens and with the shortest escapes at `target`;
 * returns the bytes written, never more than it read. `room` is scratch memory for one string.
 */
export function compactSpan(start: usize, end: usize, target: usize, room: usize): u32 {
  let from = start;
  let to = target;
  while (from < end) {
    const byte = load<u8>(from) as u32;
    if (byte === QUOTE) {
      const close = closingQuote(from + 1, end);
      to = compactString(from, close, to, room);
      from = close + 1;
      continue;
    }
    if (byte > SPACE) store<u8>(to++, byte as u8);
    from++;
  }
  return (to - target) as u32;
}

/** True when the string that `closingQuote` passed holds an escape. */
let hasEscape: bool = false;

function closingQuote(from: usize, end: usize): usize {
  hasEscape = false;
  let at = from;
  while (at < end) {
    at = quoteOrBackslash(at, end);
    if ((load<u8>(at) as u32) !== BACKSLASH) break;
    hasEscape = true;
    at += 2;
  }
  return at;
}

function compactString(open: usize, close: usize, target: usize, room: usize): usize {
  let to = target;
  store<u8>(to++, QUOTE as u8);
  if (hasEscape) to = escapeText(room, unescapeText(open + 1, close, room), to);
  else {
    copyBytes(to, open + 1, close - open - 1);
    to += close - open - 1;
  }
  store<u8>(to++, QUOTE as u8);
  return to;
}
