import { makeKeys, openKeys } from '../../src/adapters/deployed-keys.js';
import { VeilError } from '../../src/core/errors.js';
import { Secret } from '../../src/core/secret.js';
import { initDomain, rotateDomain } from '../../src/keys/domain-keys.js';
import type { KeyStoreDeployment } from '../../src/policy/deployment.js';

/*
 * A process for tests: says `ready`, waits for a line on standard input so that several begin together, makes what is missing of the
 * key ring and store that its first argument names (JSON), gives the domain a first key, rotates it `rounds` times and prints the
 * last key it got.
 */
interface Task {
  readonly ring: string;
  readonly store: KeyStoreDeployment & { password?: string };
  readonly domain: string;
  readonly rounds: number;
}

const task: Task = JSON.parse(process.argv[2] ?? '');
const { password, ...place } = task.store;
const store: KeyStoreDeployment =
  place.type === 'sqlite' ? place : { ...place, password: { secret: Secret.fromText(password ?? '') } };
const deployed = { provider: { type: 'file' as const, file: task.ring, passphrase: undefined }, store };
process.stdout.write('ready\n');
await new Promise(resolve => process.stdin.once('data', resolve));
await makeKeys(deployed, false);
const keys = await openKeys(deployed);
try {
  let { key } = await initDomain(keys, task.domain, 'intl-cmac');
  for (let round = 0; round < task.rounds; round += 1) ({ key } = await rotateDomain(keys, task.domain));
  process.stdout.write(`${JSON.stringify({ epoch: key.epoch, keyId: key.keyId })}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ code: error instanceof VeilError ? error.code : 'other' })}\n`);
  process.exitCode = 1;
}
await keys.close();
process.stdin.destroy();
