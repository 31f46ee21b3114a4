import { once } from 'node:events';
import type { WorkerJob } from './processor-worker.js';
import { startProgram } from './program.js';

/** A processor in its own process. */
export interface Worker {
  /** Resolves when the worker has said `event`; rejects when it ends without saying it. */
  said(event: string): Promise<void>;
  /** How it ended: exit status, or null after a signal. */
  readonly ended: Promise<number | null>;
  signal(name: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void;
}

/** Starts a worker. It is killed when the test process ends. */
export function startWorker(job: WorkerJob): Worker {
  const { process: child, ended } = startProgram('tests/testkit/processor-worker.ts', [JSON.stringify(job)], {
    cwd: process.cwd(),
    input: '',
  });
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  const status = ended.then(end => {
    process.off('exit', onExit);
    return end.status;
  });
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return {
    ended: status,
    signal: name => void child.kill(name),
    async said(event) {
      const waiting = new AbortController();
      void status.then(() => waiting.abort());
      while (!text.split('\n').includes(event)) await once(child.stdout ?? child, 'data', { signal: waiting.signal });
    },
  };
}
