import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../src/core/ports.js';
import type { RecordProcessor } from '../../src/pipeline/processor-parts.js';
import { processorOf, type TestJob, UPPER_CASE } from './processor.js';

/** What a worker process is told, as JSON in its first argument. */
export interface WorkerJob extends TestJob {
  /** Milliseconds that each batch takes. */
  readonly batchMs: number;
}

const say = (event: string) => void process.stdout.write(`${event}\n`);
const log: Log = { info: say, warn: say, error: say };

/** A processor in a process of its own, so that it can be killed. Prints one line per event; ends on SIGTERM or when drained. */
async function work(job: WorkerJob): Promise<void> {
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort());
  const slow: RecordProcessor = {
    ...UPPER_CASE,
    async process(records) {
      await sleep(job.batchMs);
      return UPPER_CASE.process(records);
    },
  };
  const processor = await processorOf({ ...job, log }, slow);
  await processor.run(stop.signal);
}

const job: unknown = JSON.parse(process.argv[2] ?? 'null');
await work(job as WorkerJob);
