import { type DeployedKeys, makeKeys, openKeys, placeOf } from '../adapters/deployed-keys.js';
import { readDeskPublicKey } from '../adapters/desk-key-files.js';
import { addKek } from '../adapters/file-key-ring.js';
import { secretOf } from '../adapters/secret-file.js';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from '../adapters/system.js';
import { fromHex } from '../core/bytes.js';
import { VeilError } from '../core/errors.js';
import { Secret } from '../core/secret.js';
import { importTestKey, initDomain, type MadeKey, rotateDomain } from '../keys/domain-keys.js';
import type { KeySuite } from '../keys/ports.js';
import { KEY_SUITES, keyName, keyStateOf, keySuiteOf } from '../keys/stored-key.js';
import type { Deployment } from '../policy/deployment.js';
import { compilePlan } from '../policy/plan.js';
import { planDomains } from '../policy/plan-domains.js';
import {
  listOption,
  type OptionValues,
  print,
  printJson,
  requiredOption,
  textOption,
  type Verb,
  type VerbOption,
} from './command-line.js';
import { CONFIG_OPTION, usableDeployment } from './deployment-input.js';
import { keyListing, printKeyListing } from './key-listing.js';
import { usablePolicy } from './policy-input.js';

const SUITE: VerbOption = {
  flags: '--suite <name>',
  about: `how pseudonyms are made: ${KEY_SUITES.join(' (AES-256-CMAC) or ')} (HMAC-SHA-256)`,
  default: 'intl-cmac',
};

const init: Verb = {
  name: 'init',
  summary: 'make key ring, key store and first domain keys where they are missing; nothing is overwritten',
  options: [
    { flags: '--domain <name...>', about: 'domains that get a key' },
    { flags: '--policy <file...>', about: 'policies whose domains get a key' },
    SUITE,
    CONFIG_OPTION,
  ],
  examples: [
    'veil keys init --policy orders-analytics.yaml',
    'veil keys init --domain customers --domain customer-phones',
  ],
  async run({ options }) {
    const deployment = usableDeployment(options);
    const suite = suiteOption(options);
    const domains = new Set([
      ...listOption(options, 'domain'),
      ...listOption(options, 'policy').flatMap(domainsOfPolicy),
    ]);
    const made = await makeKeys(deployment.keys, false);
    const keys = await withKeys(deployment, open => inTurn([...domains], domain => initDomain(open, domain, suite)));
    if (options.json === true) printJson({ made, keys: keys.map(madeListing) });
    else {
      for (const line of made) print(`made ${line}`);
      for (const key of keys) print(`${key.created ? 'made' : 'kept'} key ${keyName(key.key)}`);
    }
    return 0;
  },
};

const list: Verb = {
  name: 'list',
  summary: 'show domains, epochs, states and ids of keys; never key bytes',
  options: [{ flags: '--domain <name>', about: 'one domain only' }, CONFIG_OPTION],
  examples: ['veil keys list', 'veil keys list --domain customers --json'],
  async run({ options }) {
    const deployment = usableDeployment(options);
    const { stored, isTest } = await withKeys(deployment, async ({ store }) => ({
      stored: await store.list(textOption(options, 'domain')),
      isTest: store.isTest,
    }));
    if (options.json === true) printJson(stored.map(keyListing));
    else {
      if (isTest) print(`${placeOf(deployment.keys.store)} is marked as test`);
      printKeyListing(stored);
    }
    return 0;
  },
};

const rotate: Verb = {
  name: 'rotate',
  summary: 'begin a new epoch of domains (new tokens do not join with old ones), or add a key-encryption key',
  options: [
    { flags: '--domain <name...>', about: 'domains that get a new primary key' },
    { flags: '--kek', about: 'add a key-encryption key to the key ring file; it wraps the keys made from now on' },
    CONFIG_OPTION,
  ],
  examples: ['veil keys rotate --domain customers', 'veil keys rotate --kek --domain customers'],
  async run({ options }) {
    const domains = listOption(options, 'domain');
    if (domains.length === 0 && options.kek !== true) throw new VeilError('USAGE', { expected: '--domain or --kek' });
    const deployment = usableDeployment(options);
    const kek = options.kek === true ? await rotateKek(deployment) : undefined;
    const keys = await withKeys(deployment, open => inTurn(domains, domain => rotateDomain(open, domain)));
    if (options.json === true) printJson({ kek: kek ?? null, keys: keys.map(madeListing) });
    else {
      if (kek !== undefined) print(`made key-encryption key ${kek}`);
      for (const { key, created } of keys) print(`${created ? 'made' : 'another process made'} key ${keyName(key)}`);
    }
    return 0;
  },
};

const state: Verb = {
  name: 'state',
  summary: 'set a former key enabled or decrypt-only, or destroy it for good',
  options: [
    { flags: '--domain <name>', about: 'domain of the key' },
    { flags: '--epoch <number>', about: 'epoch of the key' },
    { flags: '--to <state>', about: 'enabled, decrypt-only or destroyed' },
    { flags: '--confirm <key>', about: 'for destroyed: the key as `veil keys list` names it, DOMAIN/EPOCH/KEYID' },
    CONFIG_OPTION,
  ],
  examples: [
    'veil keys state --domain customers --epoch 1 --to decrypt-only',
    'veil keys state --domain customers --epoch 1 --to destroyed --confirm customers/1/0a1b2c3d',
  ],
  async run({ options }) {
    const [domain, epoch] = [requiredOption(options, 'domain'), Number(requiredOption(options, 'epoch'))];
    const to = keyStateOf(requiredOption(options, 'to'));
    if (to === undefined)
      throw new VeilError('USAGE', { where: '--to', expected: 'enabled, decrypt-only or destroyed' });
    await withKeys(usableDeployment(options), async ({ store }) => {
      const key = (await store.list(domain)).find(one => one.epoch === epoch);
      if (key === undefined) throw new VeilError('KEY_DOMAIN_UNKNOWN', { where: '--domain and --epoch' });
      if (to === 'destroyed' && textOption(options, 'confirm') !== keyName(key)) {
        throw new VeilError('USAGE', {
          where: '--confirm',
          expected: keyName(key),
          next: 'what it encrypted is lost for ever',
        });
      }
      await store.setState(domain, epoch, to);
      if (options.json === true) printJson(keyListing({ ...key, state: to }));
      else print(`key ${keyName(key)} is ${to}`);
    });
    return 0;
  },
};

const importKey: Verb = {
  name: 'import',
  summary: 'put a known raw key into a store marked as test, for known-answer tests only',
  options: [
    { flags: '--test', about: 'needed: the store is made as, or must be, a test store' },
    { flags: '--domain <name>', about: 'domain that gets the key' },
    { flags: '--hex <digits>', about: '64 hex digits' },
    SUITE,
    CONFIG_OPTION,
  ],
  examples: [`veil keys import --test --domain customers --hex ${'00'.repeat(32)}`],
  async run({ options }) {
    if (options.test !== true) throw new VeilError('USAGE', { expected: '--test: raw keys are for tests only' });
    const [domain, suite] = [requiredOption(options, 'domain'), suiteOption(options)];
    const raw = fromHex(requiredOption(options, 'hex'));
    if (raw === undefined) throw new VeilError('USAGE', { where: '--hex', expected: 'hex digits' });
    const deployment = usableDeployment(options);
    await makeKeys(deployment.keys, true);
    const key = await withKeys(deployment, open => importTestKey(open, domain, suite, new Secret(raw)));
    if (options.json === true) printJson(keyListing(key));
    else print(`made key ${keyName(key)} in a test store`);
    return 0;
  },
};

const exportPublic: Verb = {
  name: 'export-public',
  summary: "show the desk's public key: where its file is, and its fingerprint",
  options: [CONFIG_OPTION],
  examples: ['veil keys export-public', 'veil keys export-public --json'],
  run({ options }) {
    const file = usableDeployment(options).desk.publicKey;
    const { keyId } = readDeskPublicKey(file);
    if (options.json === true) printJson({ file, fingerprint: keyId });
    else print(`${keyId}  ${file}`);
    return 0;
  },
};

/** `veil keys`: domain keys and what wraps them. */
export const keys: Verb = {
  name: 'keys',
  summary: 'make, show and rotate keys',
  examples: ['veil keys init --domain customers', 'veil keys list', 'veil keys rotate --domain customers'],
  verbs: [init, list, rotate, state, importKey, exportPublic],
};

async function withKeys<T>(deployment: Deployment, work: (open: DeployedKeys) => Promise<T>): Promise<T> {
  const open = await openKeys(deployment.keys);
  try {
    return await work(open);
  } finally {
    await open.close();
  }
}

/** One after the other: a failure leaves the later ones untouched. */
async function inTurn<A, B>(items: readonly A[], work: (item: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

async function rotateKek({ keys: { provider } }: Deployment): Promise<string> {
  if (provider.type !== 'file') {
    throw new VeilError('USAGE', {
      where: '--kek',
      expected: 'a key ring file',
      next: 'rotate the transit key in Vault',
    });
  }
  const passphrase = provider.passphrase === undefined ? undefined : secretOf(provider.passphrase);
  return addKek(provider.file, passphrase, { random: SYSTEM_RANDOM, clock: SYSTEM_CLOCK });
}

function domainsOfPolicy(file: string): readonly string[] {
  return planDomains(compilePlan(usablePolicy(file)));
}

function madeListing({ key, created }: MadeKey): Readonly<Record<string, unknown>> {
  return { ...keyListing(key), created };
}

function suiteOption(options: OptionValues): KeySuite {
  const suite = keySuiteOf(textOption(options, 'suite'));
  if (suite !== undefined) return suite;
  throw new VeilError('USAGE', { where: '--suite', expected: KEY_SUITES.join(' or ') });
}
