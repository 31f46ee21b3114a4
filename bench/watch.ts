import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { Admin } from 'kafkajs';

/** How fast a job went, seen from outside. */
export interface Pace {
  /** Records per second between the first and the last commit that was seen: start-up does not count. */
  readonly perSecond: number;
  /** CPU time of the whole process, start-up included, in microseconds for one record. */
  readonly cpuPerRecord: number;
}

/** A job to watch: a command line that reads `source` in consumer group `group`. */
export interface Job {
  readonly command: string;
  readonly args: readonly string[];
  readonly source: string;
  readonly group: string;
  readonly total: number;
}

const POLL_MS = 50;
const GIVE_UP_MS = 300_000;

/**
 * Starts a job and follows the offsets its group commits until it has read everything; then ends it. Every job is measured the
 * same way, from outside, by what is visible in the broker. Throws with the job's output when it ends early.
 */
export async function watch(admin: Admin, job: Job): Promise<Pace> {
  const child = spawn(job.command, [...job.args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.once('error', error => output.push(error.message));
  let cpu = 0;
  let first: { at: number; done: number } | undefined;
  const start = performance.now();
  try {
    for (;;) {
      await new Promise(done => setTimeout(done, POLL_MS));
      cpu = cpuMicroseconds(child) ?? cpu;
      const done = await committed(admin, job);
      const at = performance.now();
      // When everything came with one commit, only the start of the job is left to measure from.
      if (done > 0) first ??= done < job.total ? { at, done } : { at: start, done: 0 };
      if (first !== undefined && done >= job.total) {
        const perSecond = ((done - first.done) / (at - first.at)) * 1000;
        return { perSecond, cpuPerRecord: cpu / job.total };
      }
      const failed = child.exitCode !== null && child.exitCode !== 0;
      if (failed || performance.now() - start > GIVE_UP_MS)
        throw new Error(`the job stopped at ${done}: ${output.join('').slice(-2000)}`);
    }
  } finally {
    await stop(child);
  }
}

async function committed(admin: Admin, { source, group }: Job): Promise<number> {
  const topics = await admin.fetchOffsets({ groupId: group, topics: [source] }).catch(() => []);
  return topics
    .flatMap(({ partitions }) => partitions)
    .reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
}

/** User and system time of a process so far (proc(5), fields 14 and 15, in ticks of 10 ms), or undefined when it is gone. */
function cpuMicroseconds(child: ChildProcess): number | undefined {
  const file = `/proc/${child.pid}/stat`;
  if (child.exitCode !== null || !existsSync(file)) return undefined;
  const fields = readFileSync(file, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(force);
}
