import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Secret } from '../core/secret.js';
import { initDomain } from '../keys/domain-keys.js';
import type { KeySuite } from '../keys/ports.js';
import { EMBEDDED } from '../policy/deployment.js';
import type { Environment } from '../policy/environment.js';
import { defaultDeployment } from '../policy/load-deployment.js';
import { makeKeys, openKeys } from './deployed-keys.js';
import { DESK_PASSPHRASE, makeDeskKeyPair } from './desk-key-files.js';

/** What embedded use begins with. */
export interface EmbeddedOptions {
  /** Domains that get a first key. */
  readonly domains: readonly string[];
  readonly suite: KeySuite;
  /** VEIL_PASSPHRASE protects the key ring and VEIL_DESK_PASSPHRASE the desk's private key, when they are set. */
  readonly env: Environment;
}

/**
 * Makes, inside `directory`, what embedded use needs and what is not there: key ring, key store, domain keys and the desk's key pair
 * at the places of `EMBEDDED`. Overwrites nothing. Returns what was made, one line for people each.
 */
export async function createEmbeddedKeys(directory: string, options: EmbeddedOptions): Promise<readonly string[]> {
  const { keys } = defaultDeployment(directory, options.env);
  const made = [...(await makeKeys(keys, false)), ...(await makeDomains(keys, options))];
  const publicFile = resolve(directory, EMBEDDED.deskPublicKey);
  if (existsSync(publicFile)) return made;
  const privateFile = resolve(directory, EMBEDDED.deskPrivateKey);
  const text = options.env[DESK_PASSPHRASE];
  const passphrase = text === undefined || text === '' ? undefined : Secret.fromText(text);
  const { keyId } = await makeDeskKeyPair({ publicFile, privateFile }, passphrase);
  const protection = passphrase === undefined ? 'not protected by a passphrase' : 'protected by the passphrase';
  made.push(`desk public key ${publicFile} (${keyId})`);
  made.push(`desk private key ${privateFile}, ${protection}: move it to the desk, away from this machine`);
  return made;
}

async function makeDomains(
  keys: Parameters<typeof openKeys>[0],
  { domains, suite }: EmbeddedOptions,
): Promise<readonly string[]> {
  const open = await openKeys(keys);
  try {
    const made: string[] = [];
    for (const domain of domains) {
      const { key, created } = await initDomain(open, domain, suite);
      if (created) made.push(`key of domain ${domain}, epoch ${key.epoch}`);
    }
    return made;
  } finally {
    await open.close();
  }
}
