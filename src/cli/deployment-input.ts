import type { Deployment } from '../policy/deployment.js';
import { readDeployment } from '../policy/load-deployment.js';
import { type OptionValues, textOption, type VerbOption } from './command-line.js';
import { printFindings, refusal } from './policy-input.js';

/** The option that names the deployment file. */
export const CONFIG_OPTION: VerbOption = {
  flags: '--config <file>',
  about: 'deployment file (default: veil.yaml here, or else embedded defaults)',
};

/**
 * The deployment that `--config` names, or veil.yaml of the working directory, or the embedded defaults there. Its findings go to
 * standard error; with an error the command ends by a VeilError with the code of the first one (exit 2).
 */
export function usableDeployment(options: OptionValues): Deployment {
  const { deployment, diagnostics } = readDeployment(textOption(options, 'config'), process.cwd(), process.env);
  printFindings(diagnostics);
  if (deployment !== undefined) return deployment;
  throw refusal(diagnostics);
}
