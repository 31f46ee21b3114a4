/** Where a replay writes: a file that appears when it is complete, or standard output. */
export interface OutputFile {
  write(bytes: Uint8Array): void | Promise<void>;
  /** Makes everything written so far durable; returns the length in bytes. */
  flush(): number | Promise<number>;
  publish(): void | Promise<void>;
  abandon(): void;
}
