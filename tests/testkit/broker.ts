import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Broker, type BrokerOptions, startBroker } from '../../scripts/broker.js';

/** Folder that all test processes of one run share; set by the global set-up. */
const RUN_DIR = process.env.VEIL_TEST_RUN_DIR ?? join(tmpdir(), `veil-tests-${process.ppid}`);
const STATE = 'broker.json';

/** What the process that started the shared broker leaves for the others. */
export interface SharedBroker {
  readonly bootstrap: string;
  readonly pid: number;
  readonly directory: string;
}

/**
 * Bootstrap address of the broker that all integration tests of one run share. `VEIL_TEST_BROKERS` names an outside broker
 * instead. Started on first use by whichever test process comes first; ended by the global tear-down.
 */
export async function sharedBroker(): Promise<string> {
  const outside = process.env.VEIL_TEST_BROKERS;
  if (outside !== undefined && outside !== '') return outside;
  await mkdir(RUN_DIR, { recursive: true });
  const lock = join(RUN_DIR, 'broker.lock');
  for (let waited = 0; waited < 120_000; waited += 100) {
    const state = await readSharedBroker(RUN_DIR);
    if (state !== undefined) return state.bootstrap;
    const mine = await mkdir(lock).then(
      () => true,
      () => false,
    );
    if (mine) return startShared(lock);
    await sleep(100);
  }
  throw new Error('NOT PROVEN: another test process did not get the shared broker started');
}

/** The shared broker of a run, if one was started. */
export async function readSharedBroker(runDirectory: string): Promise<SharedBroker | undefined> {
  const path = join(runDirectory, STATE);
  return existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as SharedBroker) : undefined;
}

/** A broker of one's own, for tests that kill it. The caller stops it. */
export function ownBroker(options: BrokerOptions = {}): Promise<Broker> {
  return startBroker(options);
}

async function startShared(lock: string): Promise<string> {
  try {
    const broker = await startBroker({ directory: join(RUN_DIR, 'broker'), detached: true });
    const { bootstrap, pid, directory } = broker;
    const fresh = join(RUN_DIR, `${STATE}.new`);
    await writeFile(fresh, JSON.stringify({ bootstrap, pid, directory } satisfies SharedBroker));
    await rename(fresh, join(RUN_DIR, STATE));
    return bootstrap;
  } catch (error) {
    await rmdir(lock);
    throw error;
  }
}
