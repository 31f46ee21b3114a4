/** A canary that came through, and how it was written. */
export interface Leak {
  readonly canary: string;
  readonly form: string;
}

const encoder = new TextEncoder();

/** Ways in which a value may be written: each gives the byte strings to look for. */
const FORMS: Readonly<Record<string, (text: string) => readonly Uint8Array[]>> = {
  plain: text => [encoder.encode(text)],
  reversed: text => [encoder.encode([...text].reverse().join('')), encoder.encode(text).reverse()],
  base64: text => [0, 1, 2].flatMap(offset => base64Needles(encoder.encode(text), offset)),
  hex: text => both(Buffer.from(encoder.encode(text)).toString('hex')),
  'JSON escapes': text => [...both(escaped(text, () => true)), ...both(escaped(text, char => char > '\u007f'))],
  'URL encoding': text => [
    ...both(percent(encoder.encode(text), () => true)),
    ...both(percent(encoder.encode(text), byte => !/[A-Za-z0-9]/.test(String.fromCharCode(byte)))),
    encoder.encode(encodeURIComponent(text)),
    encoder.encode(encodeURIComponent(text).replaceAll('%20', '+')),
  ],
  'UTF-16LE': text => [new Uint8Array(Buffer.from(text, 'utf16le'))],
  'UTF-16BE': text => [new Uint8Array(Buffer.from(text, 'utf16le').swap16())],
  GB18030: text => [gb18030(text)],
};

/** Names of the forms that are looked for. */
export const FORM_NAMES: readonly string[] = Object.keys(FORMS);

/** Finds canaries in bytes or text, however they are written there. Make it once: the needles of each canary are prepared. */
export class LeakScanner {
  readonly #needles: readonly (Leak & { readonly bytes: Buffer })[];

  /** A canary shorter than six bytes would be found by chance. */
  constructor(canaries: Iterable<string>) {
    this.#needles = [...new Set(canaries)].flatMap(canary => {
      if (encoder.encode(canary).length < 6) throw new Error(`canary too short: ${canary}`);
      const needles = Object.entries(FORMS).flatMap(([form, write]) =>
        write(canary).map(bytes => ({ canary, form, bytes: Buffer.from(bytes) })),
      );
      // Forms that write this canary in one way are one needle.
      return [...new Map(needles.reverse().map(needle => [needle.bytes.toString('latin1'), needle])).values()];
    });
  }

  /** Every canary in `haystack`, once for each form. */
  scan(haystack: Uint8Array | string): readonly Leak[] {
    const bytes = typeof haystack === 'string' ? Buffer.from(haystack, 'utf8') : Buffer.from(haystack);
    const found = new Map<string, Leak>();
    for (const { canary, form, bytes: needle } of this.#needles)
      if (bytes.includes(needle)) found.set(`${form} ${canary}`, { canary, form });
    return [...found.values()];
  }
}

/** Writes `text` in a form, as a leak would. */
export function writtenAs(form: string, text: string): readonly Uint8Array[] {
  return FORMS[form]?.(text) ?? [];
}

function both(text: string): readonly Uint8Array[] {
  return [encoder.encode(text.toLowerCase()), encoder.encode(text.toUpperCase().replaceAll('\\U', '\\u'))];
}

/** Base64 of a text that stands `offset` bytes into other text: the characters that its neighbours cannot change. */
function base64Needles(bytes: Uint8Array, offset: number): readonly Uint8Array[] {
  const whole = Buffer.concat([Buffer.alloc(offset), bytes]);
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor((whole.length * 8) / 6);
  const text = whole.toString('base64').slice(first, last);
  return [text, text.replaceAll('+', '-').replaceAll('/', '_')].map(needle => encoder.encode(needle));
}

/** Text whose chosen UTF-16 units are written as `\uXXXX`. */
function escaped(text: string, isChosen: (char: string) => boolean): string {
  return Array.from({ length: text.length }, (_, at) => text.charAt(at))
    .map(char => (isChosen(char) ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : char))
    .join('');
}

function percent(bytes: Uint8Array, isChosen: (byte: number) => boolean): string {
  return [...bytes]
    .map(byte => (isChosen(byte) ? `%${byte.toString(16).padStart(2, '0')}` : String.fromCharCode(byte)))
    .join('');
}

const gbPairs = new Map<string, readonly number[]>();

/** GB18030 of ASCII and two-byte characters (all of GBK); the table is the decoder's own, read backwards. */
function gb18030(text: string): Uint8Array {
  if (gbPairs.size === 0) {
    const decoder = new TextDecoder('gb18030');
    for (let lead = 0x81; lead <= 0xfe; lead++)
      for (let trail = 0x40; trail <= 0xfe; trail++)
        if (trail !== 0x7f) gbPairs.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail]);
  }
  return Uint8Array.from(
    [...text].flatMap(char => (char <= '\u007f' ? [char.charCodeAt(0)] : (gbPairs.get(char) ?? []))),
  );
}
