/** A writer of normal forms: kinds append bytes here. Grows as needed; `bytes` may be replaced by `reserve`. */
export interface ByteSink {
  bytes: Uint8Array;
  length: number;
  /** Makes room for `size` more bytes and returns where to write; the kind then advances `length` itself. */
  reserve(size: number): number;
}

/** Codes of the classification in reference tables A.1 and B.1 of GB/T 35273-2020 (Annex A, Annex B). */
export type ClassA =
  | 'A01'
  | 'A02'
  | 'A03'
  | 'A04'
  | 'A05'
  | 'A06'
  | 'A07'
  | 'A08'
  | 'A09'
  | 'A10'
  | 'A11'
  | 'A12'
  | 'A13';
/** Codes of Table B.1 (see `ClassA`): categories of sensitive personal information. */
export type ClassB = 'B1' | 'B2' | 'B3' | 'B4' | 'B5';

/** An example value of a kind, made up or published as a test value. */
export interface KindExample {
  readonly in: string;
  /** Normal form, or undefined when the value is invalid. */
  readonly normal?: string;
  readonly masked?: string;
}

/**
 * How a kind maps to decimal numerals and back for format-preserving encryption (FF1, NIST SP 800-38G; radix^digits >= 10^6).
 * `encode` returns the numerals (each 0-9) of a normal form; `decode` returns the normal form, or undefined when the numerals
 * are not a valid value, in which case the caller walks the cycle (encrypts again).
 */
export interface FormatPreserving {
  encode(normal: string): Uint8Array | undefined;
  decode(numerals: Uint8Array, like: string): string | undefined;
}

/** What a value is: its normal form, validity, mask and classification. One file per kind. */
export interface Kind {
  readonly name: string;
  readonly title: string;
  readonly titleZh: string;
  /** Table A.1 category. */
  readonly classA: ClassA;
  /** Table B.1 category when it is sensitive personal information. */
  readonly classB: ClassB | undefined;
  readonly identifier: 'direct' | 'quasi' | 'none';
  /** JSON numbers are accepted beside strings (a plain integer or decimal literal, byte for byte). */
  readonly acceptsNumber: boolean;
  /** About how many values exist, as a power of ten: what a guesser must try. */
  readonly guessSpaceLog10: number;
  /**
   * Appends the normal form of `bytes[start .. end)` (valid UTF-8, non-empty) to `sink` and returns true, or returns false when
   * the value is not a valid value of this kind (then nothing may be appended). Equal people's values must have equal normal
   * forms however they are written: `+86 138-0013-8000`, `１３８００１３８０００` and `13800138000`. Total: never throws.
   */
  normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean;
  /**
   * Appends the display mask of a normal form (GB/T 35273 7.2). Total; reveals no more than `maskReveals` says; short or odd
   * values are masked fully. Never cuts a grapheme.
   */
  mask(bytes: Uint8Array, start: number, end: number, sink: ByteSink): void;
  /** What the mask leaves readable. */
  readonly maskReveals: string;
  /** Greatest number of original characters that a mask may reveal. */
  readonly maskRevealsAtMost: number;
  /** The constant that `redact` writes. */
  readonly redacted: string;
  readonly fpe?: FormatPreserving;
  /** Regular expressions over lower-case field names that suggest this kind to `veil init`. */
  readonly fieldNames: readonly RegExp[];
  readonly examples: readonly KindExample[];
}
