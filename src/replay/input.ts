/** Where a replay reads. Every reading of one input sees the same file, whatever is renamed to its name meanwhile. */
export interface Input {
  /** Name for coordinates and messages: the file's base name, or `stdin`. */
  readonly name: string;
  /** Size in bytes; undefined for standard input. */
  readonly size: number | undefined;
  /** The same for equal files, whatever their names and places: size and SHA-256 of the first MiB. Undefined for standard input. */
  readonly content: string | undefined;
  /** Changes when the file is replaced or written to: a checkpoint belongs to one input. */
  readonly fingerprint: string;
  /** UTF-8 bytes from the start, for looking at the header row; `read` gives them again. */
  head(): AsyncIterable<Uint8Array>;
  /** UTF-8 bytes from byte `from` of the decoded text on; once. Throws FILE_UNREADABLE. */
  read(from: number): AsyncIterable<Uint8Array>;
  /** Throws INPUT_CHANGED when the file was written to since it was opened: what was read may be a mixture. */
  demandUnchanged(): void;
  close(): void;
}
