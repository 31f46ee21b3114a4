import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Code } from '../core/codes.js';
import { asVeilError, sealCause, VeilError } from '../core/errors.js';
import { checkMode, publish, temporaryBeside } from './secret-file.js';

/** What may be bound to a statement. */
export type SqliteValue = string | number | Uint8Array;

/** A row as SQLite gives it. */
export type SqliteRow = Readonly<Record<string, unknown>>;

/** One kind of database file: how it is recognised, made, and how its failures are called. */
export interface SqliteSchema {
  /** Marks the file as ours (SQLite file format, offset 68). 32-bit. */
  readonly applicationId: number;
  /** The version this program reads and writes: table `store`, column `schema_version`. */
  readonly version: number;
  /** Makes the tables, `store` among them. */
  readonly ddl: string;
  readonly codes: {
    readonly missing: Code;
    readonly foreign: Code;
    readonly corrupt: Code;
    readonly newer: Code;
    readonly down: Code;
    /** A constraint does not hold: another process wrote first. */
    readonly conflict: Code;
  };
}

/** An open database file of one of our schemas. Every method throws VeilError with the schema's codes. */
export interface Sqlite {
  all(sql: string, ...values: readonly SqliteValue[]): readonly SqliteRow[];
  /** Rows changed. */
  run(sql: string, ...values: readonly SqliteValue[]): number;
  /** Runs `work` holding the write lock from the start: what it reads is what it changes. */
  transaction<T>(work: () => T): T;
  /** Moves the write-ahead log into the file and empties it, so that overwritten bytes are gone from both. */
  checkpoint(): void;
  close(): void;
}

const BUSY_MS = 10_000;
/** One page of the smallest size: a shorter file was cut. */
const MIN_BYTES = 512;

/**
 * Makes a new database file (mode 0600) in a temporary name, complete with tables and `fill`, and then links it to `path`: a process
 * killed at any point leaves either no file or a whole one. Throws FILE_EXISTS: nothing is overwritten.
 */
export function createSqlite(path: string, schema: SqliteSchema, fill: (db: Sqlite) => void): void {
  const temporary = temporaryBeside(path);
  try {
    closeSync(openSync(temporary, 'wx', 0o600));
    const database = new Database(temporary, { timeout: BUSY_MS });
    try {
      database.pragma('journal_mode = WAL');
      database.pragma(`application_id = ${schema.applicationId}`);
      const db = opened(database, path, schema);
      db.transaction(() => {
        database.exec(schema.ddl);
        fill(db);
      });
    } finally {
      database.close();
    }
    publish(temporary, path);
  } catch (error) {
    throw failure(error, path, schema);
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(temporary + suffix, { force: true });
  }
}

/**
 * Opens an existing database file and checks everything that can be checked: permissions, that it is ours, its version, its
 * integrity. Nothing is written before all checks have passed.
 */
export function openSqlite(path: string, schema: SqliteSchema): Sqlite {
  checkFile(path, schema);
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { fileMustExist: true, timeout: BUSY_MS });
    database.pragma('trusted_schema = OFF');
    const db = opened(database, path, schema);
    checkVersion(db, path, schema);
    const [finding] = db.all('PRAGMA integrity_check(1)');
    if (finding?.integrity_check !== 'ok') throw new VeilError(schema.codes.corrupt, { where: path });
    return db;
  } catch (error) {
    database?.close();
    throw failure(error, path, schema);
  }
}

/**
 * Looks before anything could be changed: permissions, size, and through a read-only connection whose file this is. (Not by reading
 * the file ourselves: closing a second descriptor would drop the POSIX locks of a connection that this process already has.)
 */
function checkFile(path: string, schema: SqliteSchema): void {
  let probe: Database.Database | undefined;
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new VeilError(schema.codes.foreign, { where: path, expected: 'a regular file' });
    checkMode(path, stat.mode, 'owner');
    if (stat.size < MIN_BYTES) {
      throw new VeilError(schema.codes.corrupt, { where: path, expected: 'a database', got: `${stat.size} bytes` });
    }
    probe = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_MS });
    const id = probe.pragma('application_id', { simple: true });
    if (id !== schema.applicationId) throw new VeilError(schema.codes.foreign, { where: path });
  } catch (error) {
    const { code } = sealCause(error);
    if (code === 'ENOENT') throw new VeilError(schema.codes.missing, { where: path });
    if (code === 'SQLITE_NOTADB') throw new VeilError(schema.codes.foreign, { where: path });
    throw failure(error, path, schema);
  } finally {
    probe?.close();
  }
}

function checkVersion(db: Sqlite, path: string, schema: SqliteSchema): void {
  const [store] = db.all('SELECT schema_version FROM store');
  const version = store?.schema_version;
  if (version === schema.version) return;
  const isNewer = typeof version === 'number' && version > schema.version;
  throw new VeilError(isNewer ? schema.codes.newer : schema.codes.corrupt, { where: path });
}

function opened(database: Database.Database, path: string, schema: SqliteSchema): Sqlite {
  database.pragma('secure_delete = ON');
  database.pragma('synchronous = FULL');
  database.pragma('cell_size_check = ON');
  const statements = new Map<string, Database.Statement>();
  const statement = (sql: string): Database.Statement => {
    const known = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw failure(error, path, schema);
    }
  };
  return {
    all: (sql, ...values) =>
      guarded(() =>
        statement(sql)
          .all(...values)
          .map(rowOf),
      ),
    run: (sql, ...values) => guarded(() => statement(sql).run(...values).changes),
    transaction: work => guarded(() => database.transaction(work).immediate()),
    checkpoint: () => guarded(() => void database.pragma('wal_checkpoint(TRUNCATE)')),
    close: () => void database.close(),
  };
}

function rowOf(row: unknown): SqliteRow {
  return typeof row === 'object' && row !== null ? { ...row } : {};
}

function failure(error: unknown, path: string, schema: SqliteSchema): VeilError {
  const { code } = sealCause(error);
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB') || code === 'SQLITE_ERROR') {
    return asVeilError(error, schema.codes.corrupt, { where: path });
  }
  if (code.startsWith('SQLITE_CONSTRAINT')) return asVeilError(error, schema.codes.conflict, { where: path });
  return asVeilError(error, code === 'SQLITE_FULL' ? 'DISK_FULL' : schema.codes.down, { where: path });
}
