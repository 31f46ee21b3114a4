import type { RandomSource } from '../core/ports.js';
import { DeskSealer } from '../crypto/sealing.js';
import type { Kernel } from '../kernel/kernel.js';
import { openKeyRing } from '../keys/key-ring.js';
import { Pipeline } from '../pipeline/pipeline.js';
import type { Deployment } from '../policy/deployment.js';
import type { Plan } from '../policy/plan.js';
import { planDomains } from '../policy/plan-domains.js';
import { openKeys } from './deployed-keys.js';
import { readDeskPublicKey } from './desk-key-files.js';
import { openJsonKernel } from './json-kernel.js';
import { SYSTEM_RANDOM } from './system.js';

/** What may differ between a stream and a replay. */
export interface PipelineOptions {
  /** Front-end for the source's format; that for JSON when absent. */
  readonly kernel?: Kernel | undefined;
  /** Nonces of encrypted fields; the operating system's random bytes when absent. Keys and seals never come from here. */
  readonly nonces?: RandomSource;
}

/**
 * Opens a pipeline with the keys of a deployment: the domain keys are unwrapped once, then store and provider are closed again.
 * Throws KEY_* and DESK_KEY_* when a key that the plan needs cannot be had: nothing runs without a place for what fails.
 */
export async function openDeployedPipeline(
  plan: Plan,
  deployment: Deployment,
  options: PipelineOptions = {},
): Promise<Pipeline> {
  const desk = readDeskPublicKey(deployment.desk.publicKey);
  const { kernel = openJsonKernel(plan), nonces = SYSTEM_RANDOM } = options;
  const keys = await openKeys(deployment.keys);
  try {
    return new Pipeline({
      plan,
      keys: await openKeyRing(keys.store, keys.provider, planDomains(plan), nonces),
      sealer: new DeskSealer(desk.bytes, SYSTEM_RANDOM),
      random: nonces,
      limits: deployment.limits,
      kernel,
    });
  } finally {
    await keys.close();
  }
}
