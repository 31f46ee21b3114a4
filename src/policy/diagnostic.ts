import type { Code } from '../core/codes.js';

/** One finding about a file, printed as `file:line:col  CODE  message; fix`. The JSON form of `veil lint --json`. */
export interface Diagnostic {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly col: number;
  readonly code: Code;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly fix: string;
}

/** One line of text for a terminal. */
export function printDiagnostic(d: Diagnostic): string {
  return `${d.file}:${d.line}:${d.col}  ${d.severity === 'warning' ? 'warning ' : ''}${d.code}  ${d.message}; ${d.fix}`;
}
