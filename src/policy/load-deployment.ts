import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { asVeilError } from '../core/errors.js';
import { DEFAULT_LIMITS } from '../core/limits.js';
import { Secret } from '../core/secret.js';
import {
  type Deployment,
  EMBEDDED,
  type KafkaDeployment,
  type KafkaSasl,
  type KeyProviderDeployment,
  type KeyStoreDeployment,
  type SecretSource,
} from './deployment.js';
import { type DeploymentEntries, deploymentShape } from './deployment-shape.js';
import type { Diagnostic } from './diagnostic.js';
import { type Environment, interpolate } from './environment.js';
import { Findings } from './findings.js';
import { lintDeployment } from './lint-deployment.js';
import { findLiteralSecrets } from './literal-secrets.js';
import { checkShape } from './shape.js';
import { parseYamlTree } from './yaml-tree.js';

/** What became of a deployment file: a deployment when no finding is an error, and everything that was found. */
export interface LoadedDeployment {
  readonly deployment: Deployment | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Name of the environment variable with the passphrase of the embedded key ring. */
const PASSPHRASE = 'VEIL_PASSPHRASE';

/**
 * The deployment of a program: the named file, or veil.yaml of `directory`, or the embedded defaults there.
 * Throws VeilError FILE_UNREADABLE when a named file cannot be read.
 */
export function readDeployment(file: string | undefined, directory: string, env: Environment): LoadedDeployment {
  const path = file ?? join(directory, EMBEDDED.deployment);
  if (file === undefined && !existsSync(path))
    return { deployment: defaultDeployment(directory, env), diagnostics: [] };
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw asVeilError(error, 'FILE_UNREADABLE', { where: path });
  }
  return loadDeployment(path, bytes, env);
}

/** Checks the bytes of a deployment file. Every mistake is reported at once; relative paths count from the file's directory. */
export function loadDeployment(file: string, bytes: Uint8Array, env: Environment): LoadedDeployment {
  const findings = new Findings(file);
  const tree = parseYamlTree(bytes, findings);
  if (tree === undefined) return { deployment: undefined, diagnostics: findings.diagnostics };
  findLiteralSecrets(tree, findings, () => false);
  interpolate(tree, env, findings);
  const entries = checkShape(deploymentShape, tree, 'the deployment', findings);
  if (entries !== undefined) lintDeployment(entries, tree, findings);
  const deployment = findings.failed || entries === undefined ? undefined : deploymentOf(file, entries, env);
  return { deployment, diagnostics: findings.diagnostics };
}

/** Embedded use in one directory, without veil.yaml: what `veil init` makes there, no Kafka, no metrics. */
export function defaultDeployment(directory: string, env: Environment): Deployment {
  const at = (path: string): string => resolve(directory, path);
  return {
    file: undefined,
    kafka: undefined,
    keys: {
      provider: { type: 'file', file: at(EMBEDDED.keyRing), passphrase: fromEnvironment(env) },
      store: { type: 'sqlite', file: at(EMBEDDED.keyStore) },
    },
    desk: { publicKey: at(EMBEDDED.deskPublicKey) },
    limits: DEFAULT_LIMITS,
    metrics: undefined,
    log: { level: 'info' },
  };
}

function deploymentOf(file: string, entries: DeploymentEntries, env: Environment): Deployment {
  const directory = dirname(resolve(file));
  const at = (path: string): string => resolve(directory, path);
  return {
    file,
    kafka: kafkaOf(entries.kafka, at),
    keys: { provider: providerOf(entries.keys.provider, at, env), store: storeOf(entries.keys.store, at) },
    desk: { publicKey: at(entries.desk.publicKey ?? EMBEDDED.deskPublicKey) },
    limits: entries.limits,
    metrics: entries.metrics,
    log: entries.log,
  };
}

type Resolve = (path: string) => string;

function kafkaOf(kafka: DeploymentEntries['kafka'], at: Resolve): KafkaDeployment | undefined {
  if (kafka === undefined) return undefined;
  const { brokers, clientId, groupId, instanceId, tls, sasl, commitIntervalMs } = kafka;
  const file = (path: string | undefined): string | undefined => (path === undefined ? undefined : at(path));
  return {
    brokers,
    clientId,
    groupId,
    instanceId,
    tls: tls === undefined ? undefined : { caFile: file(tls.ca), certFile: file(tls.cert), keyFile: file(tls.key) },
    sasl: saslOf(sasl, at),
    commitIntervalMs,
    properties: definedOf(kafka.properties),
  };
}

function definedOf(
  properties: Readonly<Record<string, string | number | boolean | undefined>>,
): Readonly<Record<string, string | number | boolean>> {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

type SaslEntries = NonNullable<DeploymentEntries['kafka']>['sasl'];

/** Lint has made sure that the entries of the mechanism are there. */
function saslOf(sasl: SaslEntries, at: Resolve): KafkaSasl | undefined {
  if (sasl === undefined) return undefined;
  if (sasl.mechanism !== 'OAUTHBEARER') {
    const password = secretOf(sasl.password, sasl.passwordFile, at);
    return password && { mechanism: sasl.mechanism, username: sasl.username ?? '', password };
  }
  const clientSecret = secretOf(sasl.clientSecret, sasl.clientSecretFile, at);
  const { mechanism, tokenEndpoint = '', clientId = '', scope } = sasl;
  return clientSecret && { mechanism, tokenEndpoint, clientId, clientSecret, scope };
}

type KeysEntries = DeploymentEntries['keys'];

function providerOf(provider: KeysEntries['provider'], at: Resolve, env: Environment): KeyProviderDeployment {
  const transit = provider?.vaultTransit;
  const token = transit && secretOf(transit.token, transit.tokenFile, at);
  if (transit !== undefined && token !== undefined) {
    const { url, keyName, mount, namespace, derived } = transit;
    return { type: 'vault-transit', url, keyName, mount, namespace, derived, token };
  }
  const passphrase = secretOf(provider?.passphrase, provider?.passphraseFile, at) ?? fromEnvironment(env);
  return { type: 'file', file: at(provider?.file ?? EMBEDDED.keyRing), passphrase };
}

function storeOf(store: KeysEntries['store'], at: Resolve): KeyStoreDeployment {
  if (store?.postgres === undefined) return { type: 'sqlite', file: at(store?.sqlite ?? EMBEDDED.keyStore) };
  const { host, port, database, user, password, passwordFile, ca } = store.postgres;
  const caFile = ca === undefined ? undefined : at(ca);
  return { type: 'postgres', host, port, database, user, password: secretOf(password, passwordFile, at), caFile };
}

function secretOf(text: string | undefined, file: string | undefined, at: Resolve): SecretSource | undefined {
  if (file !== undefined) return { file: at(file) };
  return text === undefined || text === '' ? undefined : { secret: Secret.fromText(text) };
}

function fromEnvironment(env: Environment): SecretSource | undefined {
  return secretOf(env[PASSPHRASE], undefined, path => path);
}
