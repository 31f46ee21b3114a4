import { basename } from 'node:path';
import { EMBEDDED } from '../policy/deployment.js';
import type { Diagnostic } from '../policy/diagnostic.js';
import { loadPolicy } from '../policy/load.js';
import { loadDeployment } from '../policy/load-deployment.js';
import { print, printJson, type Verb } from './command-line.js';
import { printFindings, readInput } from './policy-input.js';

/** `veil lint`: every mistake of policies and deployment files at once. */
export const lint: Verb = {
  name: 'lint',
  summary: 'check policies and veil.yaml: every mistake at once, with its place and fix',
  arguments: [{ name: 'file', about: 'policies, veil.yaml, or - for a policy on standard input', many: true }],
  options: [{ flags: '--strict', about: 'warnings fail too' }],
  examples: [
    'veil lint orders-analytics.yaml',
    'veil lint configs/*.yaml veil.yaml --strict',
    'cat policy.yaml | veil lint - --json',
  ],
  run({ args, options }) {
    const [files = []] = args;
    const diagnostics = [files].flat().flatMap(lintFile);
    if (options.json === true) printJson(diagnostics);
    else {
      printFindings(diagnostics);
      print(summaryOf(diagnostics));
    }
    const failed = diagnostics.some(({ severity }) => severity === 'error' || options.strict === true);
    return failed ? 1 : 0;
  },
};

function lintFile(file: string): readonly Diagnostic[] {
  const load = basename(file) === EMBEDDED.deployment ? loadDeployment : loadPolicy;
  return load(file, readInput(file), process.env).diagnostics;
}

function summaryOf(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  return diagnostics.length === 0 ? 'no findings' : `${errors} errors, ${diagnostics.length - errors} warnings`;
}
