import { VeilError } from '../core/errors.js';
import type { KeyState, KeyStore, StoredKey } from '../keys/ports.js';
import { checkTransition, keyName, storedKeyOf } from '../keys/stored-key.js';
import { createSqlite, openSqlite, type Sqlite, type SqliteSchema } from './sqlite.js';

const SCHEMA: SqliteSchema = {
  /** "VKS1" */
  applicationId: 0x564b5331,
  version: 1,
  ddl: `
    CREATE TABLE store (
      schema_version INTEGER NOT NULL,
      is_test INTEGER NOT NULL CHECK (is_test IN (0, 1))
    ) STRICT;
    CREATE TABLE domain_key (
      domain TEXT NOT NULL,
      epoch INTEGER NOT NULL CHECK (epoch >= 1),
      key_id TEXT NOT NULL UNIQUE,
      suite TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('primary', 'enabled', 'decrypt-only', 'destroyed')),
      kek_id TEXT NOT NULL,
      wrapped BLOB NOT NULL CHECK ((length(wrapped) = 0) = (state = 'destroyed')),
      created_at INTEGER NOT NULL,
      PRIMARY KEY (domain, epoch)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX one_primary ON domain_key (domain) WHERE state = 'primary';
  `,
  codes: {
    missing: 'KEY_STORE_MISSING',
    foreign: 'KEY_STORE_FOREIGN',
    corrupt: 'KEY_STORE_CORRUPT',
    newer: 'KEY_STORE_NEWER',
    down: 'KEY_STORE_DOWN',
    conflict: 'KEY_CONFLICT',
  },
};

/** Makes an empty key store file (mode 0600). Throws FILE_EXISTS: nothing is overwritten. */
export function createSqliteKeyStore(path: string, isTest: boolean): void {
  createSqlite(path, SCHEMA, db => {
    db.run('INSERT INTO store (schema_version, is_test) VALUES (?, ?)', SCHEMA.version, isTest ? 1 : 0);
  });
}

/**
 * Opens a key store file. Throws KEY_STORE_MISSING, KEY_STORE_FOREIGN, KEY_STORE_CORRUPT, KEY_STORE_NEWER, FILE_PERMISSIONS, and
 * changes nothing when it refuses.
 */
export function openSqliteKeyStore(path: string): KeyStore {
  const db = openSqlite(path, SCHEMA);
  try {
    const [store, ...others] = db.all('SELECT is_test FROM store');
    if (store === undefined || others.length > 0) throw new VeilError('KEY_STORE_CORRUPT', { where: path });
    return new SqliteKeyStore(db, store.is_test !== 0);
  } catch (error) {
    db.close();
    throw error;
  }
}

class SqliteKeyStore implements KeyStore {
  readonly isTest: boolean;
  readonly #db: Sqlite;

  constructor(db: Sqlite, isTest: boolean) {
    this.#db = db;
    this.isTest = isTest;
  }

  async list(domain?: string): Promise<readonly StoredKey[]> {
    const rows =
      domain === undefined
        ? this.#db.all('SELECT * FROM domain_key ORDER BY domain, epoch')
        : this.#db.all('SELECT * FROM domain_key WHERE domain = ? ORDER BY epoch', domain);
    return rows.map(storedKeyOf);
  }

  async addPrimary(key: StoredKey): Promise<void> {
    this.#db.transaction(() => {
      const [last] = this.#db.all('SELECT max(epoch) AS epoch FROM domain_key WHERE domain = ?', key.domain);
      const lastEpoch = typeof last?.epoch === 'number' ? last.epoch : 0;
      if (key.epoch !== lastEpoch + 1) throw new VeilError('KEY_CONFLICT', { where: `key ${keyName(key)}` });
      this.#db.run("UPDATE domain_key SET state = 'enabled' WHERE domain = ? AND state = 'primary'", key.domain);
      this.#db.run(
        `INSERT INTO domain_key (domain, epoch, key_id, suite, state, kek_id, wrapped, created_at)
         VALUES (?, ?, ?, ?, 'primary', ?, ?, ?)`,
        ...[key.domain, key.epoch, key.keyId, key.suite, key.kekId, key.wrapped, key.createdAt],
      );
    });
  }

  async setState(domain: string, epoch: number, state: KeyState): Promise<void> {
    this.#db.transaction(() => {
      const [row] = this.#db.all('SELECT * FROM domain_key WHERE domain = ? AND epoch = ?', domain, epoch);
      if (row === undefined) throw new VeilError('KEY_DOMAIN_UNKNOWN', { where: `domain ${domain} epoch ${epoch}` });
      const key = storedKeyOf(row);
      checkTransition(key.state, state, keyName(key));
      const wrapped = state === 'destroyed' ? new Uint8Array() : key.wrapped;
      const values = [state, wrapped, domain, epoch];
      this.#db.run('UPDATE domain_key SET state = ?, wrapped = ? WHERE domain = ? AND epoch = ?', ...values);
    });
    if (state === 'destroyed') this.#db.checkpoint();
  }

  async close(): Promise<void> {
    this.#db.close();
  }
}
