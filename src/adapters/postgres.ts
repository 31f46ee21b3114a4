import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { Code } from '../core/codes.js';
import { asVeilError, sealCause, VeilError } from '../core/errors.js';
import { isLoopbackHost } from '../core/loopback.js';
import type { Secret } from '../core/secret.js';

/** How to reach a PostgreSQL database. */
export interface PostgresOptions {
  /** Host name, address, or directory of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Undefined for authentication without password (peer, client certificate). */
  readonly password?: Secret;
  /** PEM file of the certificate authority; the system's authorities otherwise. */
  readonly caFile?: string;
  /** Milliseconds for one statement. Default 10,000. */
  readonly statementTimeoutMs?: number;
  /** Milliseconds for a connection. Default 10,000. */
  readonly connectTimeoutMs?: number;
}

/** A row as PostgreSQL gives it: bigint columns are texts. */
export type PostgresRow = Readonly<Record<string, unknown>>;

/** Runs one parameterised statement. */
export type PostgresQuery = (
  sql: string,
  values?: readonly (string | number | boolean | Uint8Array)[],
) => Promise<{ readonly rows: readonly PostgresRow[]; readonly count: number }>;

/** An open database. Failures are `VeilError`s; the messages of the server, which quote rows, never get through. */
export interface Postgres {
  readonly query: PostgresQuery;
  /** Runs `work` in one transaction; rolls back when it throws. */
  transaction<T>(work: (query: PostgresQuery) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** How failures are called. */
export interface PostgresCodes {
  readonly down: Code;
  /** A unique constraint does not hold: another process wrote first. */
  readonly conflict: Code;
}

const TIMEOUT_MS = 10_000;
const CONNECTIONS = 4;

/**
 * Opens a pool. Connects on the first statement. Towards another machine, or with `caFile`, always by TLS with a checked certificate;
 * there is no falling back to plain text. Throws FILE_UNREADABLE for the authority file.
 */
export function openPostgres(options: PostgresOptions, codes: PostgresCodes): Postgres {
  const where = `${options.host}:${options.port}/${options.database}`;
  const { password } = options;
  const isLocal = isLoopbackHost(options.host) || options.host.startsWith('/');
  const pool = new pg.Pool({
    host: options.host,
    port: options.port,
    database: options.database,
    user: options.user,
    ...(password === undefined ? {} : { password: () => password.use(bytes => Buffer.from(bytes).toString('utf8')) }),
    ssl: isLocal && options.caFile === undefined ? false : tlsOf(options.caFile),
    application_name: 'veilstream',
    max: CONNECTIONS,
    connectionTimeoutMillis: options.connectTimeoutMs ?? TIMEOUT_MS,
    statement_timeout: options.statementTimeoutMs ?? TIMEOUT_MS,
    query_timeout: 2 * (options.statementTimeoutMs ?? TIMEOUT_MS),
    idle_in_transaction_session_timeout: 2 * (options.statementTimeoutMs ?? TIMEOUT_MS),
  });
  // A connection that breaks while idle is made anew by the next statement; without a listener it would end the process.
  pool.on('error', () => undefined);
  return {
    query: (sql, values = []) => sealed(() => execute(pool, sql, values), where, codes),
    transaction: work => sealed(() => inTransaction(pool, work), where, codes),
    close: () => pool.end(),
  };
}

function tlsOf(caFile: string | undefined): { readonly rejectUnauthorized: true; readonly ca?: string } {
  if (caFile === undefined) return { rejectUnauthorized: true };
  try {
    return { rejectUnauthorized: true, ca: readFileSync(caFile, 'utf8') };
  } catch (error) {
    throw asVeilError(error, 'FILE_UNREADABLE', { where: caFile });
  }
}

async function execute(
  target: pg.Pool | pg.PoolClient,
  sql: string,
  values: readonly unknown[],
): Promise<{ readonly rows: readonly PostgresRow[]; readonly count: number }> {
  const result = await target.query<PostgresRow>(sql, [...values]);
  return { rows: result.rows, count: result.rowCount ?? 0 };
}

async function inTransaction<T>(pool: pg.Pool, work: (query: PostgresQuery) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let isBroken = false;
  try {
    await client.query('BEGIN');
    const result = await work((sql, values = []) => execute(client, sql, values));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      isBroken = true;
    });
    throw error;
  } finally {
    client.release(isBroken);
  }
}

/** SQLSTATE classes: 23 integrity, 40 rollback for concurrency, 28 authentication, 42501 privilege, 3D000 no such database. */
async function sealed<T>(work: () => Promise<T>, where: string, codes: PostgresCodes): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VeilError) throw error;
    const { code } = sealCause(error);
    if (/^(23|40)...$/.test(code)) throw asVeilError(error, codes.conflict, { where });
    const isRefused = /^28...$|^42501$|^3D000$/.test(code);
    throw asVeilError(
      error,
      codes.down,
      isRefused ? { where, next: 'check user, password, database and grants' } : { where },
    );
  }
}
