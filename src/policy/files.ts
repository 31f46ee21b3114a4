import { VeilError } from '../core/errors.js';
import type { Deployment } from './deployment.js';
import { type Diagnostic, printDiagnostic } from './diagnostic.js';
import type { Environment } from './environment.js';
import { readPolicy } from './load.js';
import { readDeployment } from './load-deployment.js';
import type { Policy } from './policy.js';

/** A file was refused. Its message lists every error, one line each. */
export class RefusedFile extends VeilError {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    super(errors[0]?.code ?? 'INTERNAL');
    this.diagnostics = errors;
    this.message = errors.map(printDiagnostic).join('\n');
  }
}

/** Reads a policy that must be free of errors. Throws RefusedFile with every error, or POLICY_UNREADABLE. */
export function demandPolicy(file: string, env: Environment): Policy {
  const { policy, diagnostics } = readPolicy(file, env);
  if (policy === undefined) throw new RefusedFile(diagnostics);
  return policy;
}

/** Reads the deployment, which must be free of errors. Throws RefusedFile, or FILE_UNREADABLE. */
export function demandDeployment(file: string | undefined, directory: string, env: Environment): Deployment {
  const { deployment, diagnostics } = readDeployment(file, directory, env);
  if (deployment === undefined) throw new RefusedFile(diagnostics);
  return deployment;
}
