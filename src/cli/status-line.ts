import type { LogStream } from '../adapters/pino-log.js';

const REFRESH_MS = 500;
const CLEAR_LINE = '\r\u001b[2K';

/** One line at the bottom of an attached terminal; log lines are printed above it. Elsewhere only the log lines appear. */
export interface StatusLine {
  /** Where log lines go. */
  readonly log: LogStream;
  /** Shows the text of `line` until `close`. */
  show(line: () => string): void;
  close(): void;
}

/** Opens the status line on standard error. */
export function openStatusLine(): StatusLine {
  const { stderr } = process;
  if (!stderr.isTTY) return { log: stderr, show() {}, close() {} };
  let timer: NodeJS.Timeout | undefined;
  return {
    log: { write: line => void stderr.write(`${CLEAR_LINE}${line}`) },
    show(line) {
      timer = setInterval(() => stderr.write(`${CLEAR_LINE}${line().slice(0, stderr.columns - 1)}`), REFRESH_MS);
      timer.unref();
    },
    close() {
      clearInterval(timer);
      stderr.write(CLEAR_LINE);
    },
  };
}
