import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './free-port.js';

/** A throwaway PostgreSQL server on 127.0.0.1. Any user connects with `password`; the superuser is `veil`. */
export interface PostgresServer {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Makes an empty database and returns its name. */
  createDatabase(): Promise<string>;
  /** Runs SQL as superuser with psql, and returns what it prints. */
  sql(database: string, statement: string): string;
  /** Stops the server by its process id and removes its files. */
  stop(): Promise<void>;
}

const HOMES = ['/usr/lib/postgresql', '/usr/pgsql', '/opt/homebrew/opt'];
const START_MS = 30_000;

/** Starts a server. Throws "NOT PROVEN" when PostgreSQL is not installed: a test that could not run has proven nothing. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = postgresBin();
  const root = mkdtempSync(join(tmpdir(), 'veil-postgres-'));
  const isRoot = process.getuid?.() === 0;
  const as = isRoot ? ['runuser', '-u', 'postgres', '--'] : [];
  const password = 'only for this test';
  const passwordFile = join(root, 'password');
  writeFileSync(passwordFile, `${password}\n`);
  chmodSync(root, 0o755);
  if (isRoot) execFileSync('chown', ['-R', 'postgres', root]);
  const data = join(root, 'data');
  const initialise = [join(bin, 'initdb'), '-D', data, '-U', 'veil', '-A', 'scram-sha-256', '--pwfile', passwordFile];
  run([...as, ...initialise, '-E', 'UTF8', '--locale=C', '-N']);
  const port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '', fsync: 'off' };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [program = '', ...args] = [...as, join(bin, 'postgres'), '-D', data, ...flags];
  const server = spawn(program, args, { stdio: 'ignore', cwd: root });
  await untilListening(port, server);
  const sql = (database: string, statement: string): string =>
    run(
      [join(bin, 'psql'), '-h', '127.0.0.1', '-p', String(port), '-U', 'veil', '-d', database, '-qAtc', statement],
      password,
    );
  let databases = 0;
  return {
    port,
    user: 'veil',
    password,
    async createDatabase() {
      databases += 1;
      sql('postgres', `CREATE DATABASE test_${databases}`);
      return `test_${databases}`;
    },
    sql,
    async stop() {
      const ended = new Promise(resolve => server.once('exit', resolve));
      if (server.exitCode === null) {
        // The server itself, not the runuser in front of it. SIGINT: fast shutdown.
        process.kill(Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGINT');
        await ended;
      }
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function postgresBin(): string {
  const found = HOMES.filter(home => existsSync(home))
    .flatMap(home => readdirSync(home).map(version => join(home, version, 'bin')))
    .filter(bin => existsSync(join(bin, 'initdb')))
    .sort((a, b) => versionOf(b) - versionOf(a));
  const [newest] = found;
  if (newest === undefined) throw new Error('NOT PROVEN: PostgreSQL is not installed (apt-get install postgresql)');
  return newest;
}

function versionOf(bin: string): number {
  return Number(/(\d+)[^\d]*$/.exec(bin)?.[1] ?? 0);
}

function run(command: readonly string[], password = ''): string {
  const [program = '', ...args] = command;
  const env = { ...process.env, PGPASSWORD: password, LC_ALL: 'C' };
  return execFileSync(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: START_MS })
    .toString('utf8')
    .trim();
}

async function untilListening(port: number, server: ChildProcess): Promise<void> {
  const until = Date.now() + START_MS;
  while (Date.now() < until && server.exitCode === null) {
    if (await isOpen(port)) return;
    await pause(50);
  }
  throw new Error('NOT PROVEN: PostgreSQL did not start');
}

function isOpen(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = createConnection({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
