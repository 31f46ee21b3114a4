import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cachedKernel } from '../../scripts/build-kernel.mjs';
import { readSharedBroker } from './broker.js';

/** Gives all test processes of a run the WASM kernel and one folder, and ends what was started into it. */
export default async function setup(): Promise<() => Promise<void>> {
  await cachedKernel();
  const directory = await mkdtemp(join(tmpdir(), 'veil-tests-'));
  process.env.VEIL_TEST_RUN_DIR = directory;
  return async () => {
    const broker = await readSharedBroker(directory);
    if (broker !== undefined) await endProcess(broker.pid);
    await rm(directory, { recursive: true, force: true });
  };
}

async function endProcess(pid: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      return;
    }
    await sleep(50);
  }
}
