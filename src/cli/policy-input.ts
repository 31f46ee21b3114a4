import { readFileSync } from 'node:fs';
import { asVeilError, VeilError } from '../core/errors.js';
import { type Diagnostic, printDiagnostic } from '../policy/diagnostic.js';
import { loadPolicy } from '../policy/load.js';
import type { Policy } from '../policy/policy.js';
import { printError } from './command-line.js';

/** Bytes of a file, or of standard input for `-`. Throws VeilError `POLICY_UNREADABLE`. */
export function readInput(file: string): Uint8Array {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw asVeilError(error, 'POLICY_UNREADABLE', { where: file });
  }
}

/** Prints findings to standard error, one line each. */
export function printFindings(diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) printError(printDiagnostic(diagnostic));
}

/**
 * A policy that is fit to run. Its warnings and errors go to standard error; with an error the command ends by a VeilError with
 * the code of the first one (exit 2).
 */
export function usablePolicy(file: string): Policy {
  const { policy, diagnostics } = loadPolicy(file, readInput(file), process.env);
  printFindings(diagnostics);
  if (policy !== undefined) return policy;
  throw refusal(diagnostics);
}

/** The error that stands for findings already printed. */
export function refusal(diagnostics: readonly Diagnostic[]): VeilError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return new VeilError('INTERNAL', { expected: 'a finding' });
  const where = `${first.file}:${first.line}:${first.col}`;
  const count = errors.length === 1 ? '1 error' : `${errors.length} errors`;
  return new VeilError(first.code, {
    where,
    expected: 'a file without errors',
    got: count,
    next: 'correct the lines above',
  });
}
