import { CODES, type Code } from '../core/codes.js';
import type { Diagnostic } from './diagnostic.js';

/** A place in a file, both numbers 1-based. Columns count UTF-16 code units, as editors do. */
export interface Place {
  readonly line: number;
  readonly col: number;
}

/** What a finding may add to its code. */
export interface FindingText {
  /** Replaces the meaning of the code; names and words of the policy language only. */
  readonly message?: string;
  /** Replaces the next step of the code. */
  readonly fix?: string;
}

/** More findings than anybody reads; a hostile file must not make millions. */
const MAX_FINDINGS = 500;

/** Collects everything that is wrong with one file, so that all of it is reported at once. */
export class Findings {
  readonly #file: string;
  readonly #list: Diagnostic[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  /** Adds a mistake that refuses the file. */
  error(code: Code, place: Place, text: FindingText = {}): void {
    this.#add('error', code, place, text);
  }

  /** Adds an advice. */
  warning(code: Code, place: Place, text: FindingText = {}): void {
    this.#add('warning', code, place, text);
  }

  /** True when the file must be refused. */
  get failed(): boolean {
    return this.#list.some(finding => finding.severity === 'error');
  }

  /** Everything found so far in the order of the file. */
  get diagnostics(): readonly Diagnostic[] {
    return [...this.#list].sort((a, b) => a.line - b.line || a.col - b.col);
  }

  #add(severity: 'error' | 'warning', code: Code, place: Place, text: FindingText): void {
    if (this.#list.length >= MAX_FINDINGS) return;
    const { means, next } = CODES[code];
    const { line, col } = place;
    this.#list.push({
      file: this.#file,
      line,
      col,
      code,
      severity,
      message: text.message ?? means,
      fix: text.fix ?? next,
    });
  }
}
