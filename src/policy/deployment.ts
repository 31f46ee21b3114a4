import type { Limits } from '../core/limits.js';
import type { Secret } from '../core/secret.js';

/** Where a secret comes from: a file read when needed, or an environment variable read at start. */
export type SecretSource = { readonly file: string } | { readonly secret: Secret };

/** How the broker knows us. */
export type KafkaSasl =
  | {
      readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
      readonly username: string;
      readonly password: SecretSource;
    }
  | {
      readonly mechanism: 'OAUTHBEARER';
      /** OpenID Connect token endpoint (client credentials grant, RFC 6749 4.4). */
      readonly tokenEndpoint: string;
      readonly clientId: string;
      readonly clientSecret: SecretSource;
      readonly scope: string | undefined;
    };

/** TLS towards the brokers; PEM files. Without `caFile` the system's authorities count. */
export interface KafkaTls {
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
}

/** How to reach Kafka. */
export interface KafkaDeployment {
  /** `host:port`, at least one. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Undefined: made from the policy's name. */
  readonly groupId: string | undefined;
  /** Unique and stable for each running instance: static membership and transactional ids hang on it. */
  readonly instanceId: string;
  readonly tls: KafkaTls | undefined;
  readonly sasl: KafkaSasl | undefined;
  readonly commitIntervalMs: number;
  /** Tunables of librdkafka that cannot change delivery or security. */
  readonly properties: Readonly<Record<string, string | number | boolean>>;
}

/** What wraps domain keys. */
export type KeyProviderDeployment =
  | { readonly type: 'file'; readonly file: string; readonly passphrase: SecretSource | undefined }
  | {
      readonly type: 'vault-transit';
      readonly url: string;
      readonly keyName: string;
      readonly mount: string | undefined;
      readonly namespace: string | undefined;
      readonly derived: boolean;
      readonly token: SecretSource;
    };

/** Where wrapped domain keys live. */
export type KeyStoreDeployment =
  | { readonly type: 'sqlite'; readonly file: string }
  | {
      readonly type: 'postgres';
      readonly host: string;
      readonly port: number;
      readonly database: string;
      readonly user: string;
      readonly password: SecretSource | undefined;
      readonly caFile: string | undefined;
    };

/** Where and how a program runs: the content of veil.yaml, apart from policies. All paths are absolute. */
export interface Deployment {
  /** The file it was read from; undefined for the embedded defaults. */
  readonly file: string | undefined;
  /** Undefined when only files are read and written. */
  readonly kafka: KafkaDeployment | undefined;
  readonly keys: { readonly provider: KeyProviderDeployment; readonly store: KeyStoreDeployment };
  readonly desk: { readonly publicKey: string };
  readonly limits: Limits;
  /** Undefined: no metrics are served. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined;
  readonly log: { readonly level: LogLevel };
}

/** How much is logged. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where `veil init` puts things inside its directory, and where programs look without veil.yaml. */
export const EMBEDDED = {
  deployment: 'veil.yaml',
  keyRing: 'keys/keyring.json',
  keyStore: 'keys/keys.sqlite',
  deskPublicKey: 'keys/desk.pub',
  /** For the desk alone: `veil` never reads it. */
  deskPrivateKey: 'desk/desk.key',
} as const;
