import { VeilError } from '../core/errors.js';
import type { Deployment, KafkaDeployment } from '../policy/deployment.js';
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

/** The Kafka part of a deployment. Throws POLICY_MISSING when there is none. */
export function kafkaOf(deployment: Deployment): KafkaDeployment {
  if (deployment.kafka !== undefined) return deployment.kafka;
  const where = deployment.file ?? 'veil.yaml';
  throw new VeilError('POLICY_MISSING', {
    where,
    expected: '"kafka: { brokers: [...] }"',
    next: 'add the brokers, or use `veil replay` for files',
  });
}
