import { VeilError } from '../core/errors.js';
import type { KeyState, KeyStore, StoredKey } from '../keys/ports.js';
import { checkTransition, keyName, storedKeyOf } from '../keys/stored-key.js';
import { openPostgres, type Postgres, type PostgresCodes, type PostgresOptions } from './postgres.js';

/** Migration n brings the schema from version n - 1 to n. They only ever grow at the end. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE veil_keys.store (
     only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
     schema_version integer NOT NULL,
     is_test boolean NOT NULL
   );
   CREATE TABLE veil_keys.domain_key (
     domain text NOT NULL,
     epoch integer NOT NULL CHECK (epoch >= 1),
     key_id text NOT NULL UNIQUE,
     suite text NOT NULL,
     state text NOT NULL CHECK (state IN ('primary', 'enabled', 'decrypt-only', 'destroyed')),
     kek_id text NOT NULL,
     wrapped bytea NOT NULL CHECK ((length(wrapped) = 0) = (state = 'destroyed')),
     created_at bigint NOT NULL,
     PRIMARY KEY (domain, epoch)
   );
   CREATE UNIQUE INDEX one_primary ON veil_keys.domain_key (domain) WHERE state = 'primary';`,
];

/** The worker reads domain keys and nothing more. Given when the role exists, each time `veil keys init` runs. */
const GRANTS = `
  REVOKE ALL ON SCHEMA veil_keys FROM PUBLIC;
  DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'veil_worker') THEN
      GRANT USAGE ON SCHEMA veil_keys TO veil_worker;
      GRANT SELECT ON veil_keys.store, veil_keys.domain_key TO veil_worker;
    END IF;
  END $$`;

const CODES: PostgresCodes = { down: 'KEY_STORE_DOWN', conflict: 'KEY_CONFLICT' };

/** Any constant: serialises migrations of this schema. */
const MIGRATION_LOCK = 0x564b5331;

/**
 * Makes the schema `veil_keys` or brings it up to this version; an existing store keeps its keys and its mark. The user needs the
 * right to create schemas. Throws KEY_STORE_NEWER, KEY_STORE_DOWN, and KEY_EXISTS when the mark differs.
 */
export async function createPostgresKeyStore(options: PostgresOptions, isTest: boolean): Promise<void> {
  const db = openPostgres(options, CODES);
  try {
    await db.transaction(async query => {
      await query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      await query('CREATE SCHEMA IF NOT EXISTS veil_keys');
      const present = await readStore(query);
      if (present !== undefined && present.version > MIGRATIONS.length) throw new VeilError('KEY_STORE_NEWER');
      if (present !== undefined && present.isTest !== isTest) {
        throw new VeilError('KEY_EXISTS', { where: `a ${present.isTest ? 'test' : 'real'} key store` });
      }
      for (const migration of MIGRATIONS.slice(present?.version ?? 0)) await query(migration);
      const version = 'INSERT INTO veil_keys.store (schema_version, is_test) VALUES ($1, $2)';
      await query(`${version} ON CONFLICT (only_row) DO UPDATE SET schema_version = $1`, [MIGRATIONS.length, isTest]);
      await query(GRANTS);
    });
  } finally {
    await db.close();
  }
}

/** Opens the schema `veil_keys`. Throws KEY_STORE_MISSING, KEY_STORE_NEWER, KEY_STORE_DOWN. */
export async function openPostgresKeyStore(options: PostgresOptions): Promise<KeyStore> {
  const db = openPostgres(options, CODES);
  const where = `${options.host}:${options.port}/${options.database}`;
  try {
    const store = await readStore(db.query);
    if (store === undefined) throw new VeilError('KEY_STORE_MISSING', { where });
    if (store.version > MIGRATIONS.length) throw new VeilError('KEY_STORE_NEWER', { where });
    if (store.version < MIGRATIONS.length) {
      throw new VeilError('KEY_STORE_MISSING', { where, expected: 'this version of the schema', got: 'an older one' });
    }
    return new PostgresKeyStore(db, store.isTest);
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** What the schema says about itself, or undefined when it is not there. Throws KEY_STORE_CORRUPT. */
async function readStore(query: Postgres['query']): Promise<{ version: number; isTest: boolean } | undefined> {
  const tables = await query("SELECT to_regclass('veil_keys.store') IS NOT NULL AS present");
  if (tables.rows[0]?.present !== true) return undefined;
  const { rows } = await query('SELECT schema_version, is_test FROM veil_keys.store');
  const [store] = rows;
  if (rows.length !== 1 || typeof store?.schema_version !== 'number' || typeof store.is_test !== 'boolean') {
    throw new VeilError('KEY_STORE_CORRUPT', { where: 'veil_keys.store', expected: 'one row' });
  }
  return { version: store.schema_version, isTest: store.is_test };
}

class PostgresKeyStore implements KeyStore {
  readonly isTest: boolean;
  readonly #db: Postgres;

  constructor(db: Postgres, isTest: boolean) {
    this.#db = db;
    this.isTest = isTest;
  }

  async list(domain?: string): Promise<readonly StoredKey[]> {
    const { rows } =
      domain === undefined
        ? await this.#db.query('SELECT * FROM veil_keys.domain_key ORDER BY domain COLLATE "C", epoch')
        : await this.#db.query('SELECT * FROM veil_keys.domain_key WHERE domain = $1 ORDER BY epoch', [domain]);
    return rows.map(storedKeyOf);
  }

  async addPrimary(key: StoredKey): Promise<void> {
    await this.#db.transaction(async query => {
      const demote = "UPDATE veil_keys.domain_key SET state = 'enabled' WHERE domain = $1 AND state = 'primary'";
      await query(demote, [key.domain]);
      const { count } = await query(
        `INSERT INTO veil_keys.domain_key (domain, epoch, key_id, suite, state, kek_id, wrapped, created_at)
         SELECT $1::text, $2::integer, $3::text, $4::text, 'primary', $5::text, $6::bytea, $7::bigint
         WHERE $2 = 1 + coalesce((SELECT max(epoch) FROM veil_keys.domain_key WHERE domain = $1), 0)`,
        [key.domain, key.epoch, key.keyId, key.suite, key.kekId, key.wrapped, key.createdAt],
      );
      if (count !== 1) throw new VeilError('KEY_CONFLICT', { where: `key ${keyName(key)}` });
    });
  }

  async setState(domain: string, epoch: number, state: KeyState): Promise<void> {
    await this.#db.transaction(async query => {
      const select = 'SELECT * FROM veil_keys.domain_key WHERE domain = $1 AND epoch = $2 FOR UPDATE';
      const [row] = (await query(select, [domain, epoch])).rows;
      if (row === undefined) throw new VeilError('KEY_DOMAIN_UNKNOWN', { where: `domain ${domain} epoch ${epoch}` });
      const key = storedKeyOf(row);
      checkTransition(key.state, state, keyName(key));
      const wrapped = state === 'destroyed' ? new Uint8Array() : key.wrapped;
      const update = 'UPDATE veil_keys.domain_key SET state = $3, wrapped = $4 WHERE domain = $1 AND epoch = $2';
      await query(update, [domain, epoch, state, wrapped]);
    });
  }

  async close(): Promise<void> {
    await this.#db.close();
  }
}
