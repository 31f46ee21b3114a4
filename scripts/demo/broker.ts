import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startBroker } from '../broker.js';
import { projectRoot } from '../broker-jars.js';

const execute = promisify(execFile);
const COMPOSE_BROKER = '127.0.0.1:9092';

/** A broker for the demo. */
export interface DemoBroker {
  readonly bootstrap: string;
  /** How it runs, for the reader. */
  readonly how: string;
  stop(): Promise<void>;
}

/** A broker by Docker compose when an engine runs, else by Java; undefined with the reason when neither works. */
export async function openDemoBroker(directory: string): Promise<DemoBroker | string> {
  if (await composeWorks()) {
    const compose = (...args: readonly string[]) => execute('docker', ['compose', ...args], { cwd: projectRoot() });
    await compose('up', '-d', '--wait', 'kafka');
    return {
      bootstrap: COMPOSE_BROKER,
      how: 'Docker compose',
      stop: async () => {
        await compose('rm', '--stop', '--force', '--volumes', 'kafka');
      },
    };
  }
  try {
    const broker = await startBroker({ directory, heapMiB: 768 });
    return { bootstrap: broker.bootstrap, how: 'Java on this machine', stop: () => broker.stop() };
  } catch (error) {
    return error instanceof Error ? error.message : 'no broker';
  }
}

async function composeWorks(): Promise<boolean> {
  try {
    await execute('docker', ['compose', 'version']);
    await execute('docker', ['info']);
    return true;
  } catch {
    return false;
  }
}
