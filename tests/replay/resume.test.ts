import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compiled } from '../testkit/compiled.js';
import { FailingDisk } from '../testkit/failing-disk.js';
import { startProgram } from '../testkit/program.js';
import { ReplayWorkspace } from '../testkit/replay.js';
import { PEOPLE_POLICY, peopleCsv } from './people.js';

const PACE = { batchRecords: 8, checkpointBatches: 2 };
const REPORT = ['policy', 'records', 'fields', 'codes', 'unlisted', 'keys'] as const;

let space: ReplayWorkspace;
beforeEach(async () => {
  space = await new ReplayWorkspace().makeKeys('people');
  space.write('policy.yaml', PEOPLE_POLICY);
});
afterEach(() => space.remove());

/** Facts of the quarantined records: the seals themselves are random. */
function quarantineFacts(name: string): unknown[] {
  return space.lines(name).map(line => ({ ...(JSON.parse(line) as object), sealed: undefined }));
}

/** Files that a finished job leaves beside its input. */
function leftovers(): string[] {
  return readdirSync(space.directory).filter(name => name.includes('.veil-'));
}

function counted(report: object | undefined): unknown[] {
  return REPORT.map(name => (report as Record<string, unknown>)[name]);
}

describe('a job that ends at any call to the disk', () => {
  async function endAtEveryCall(failure: 'kill' | 'ENOSPC'): Promise<void> {
    space.write('in.csv', peopleCsv(60));
    const whole = await space.replay({ output: 'whole.csv', pace: PACE });
    const disk = new FailingDisk(0, failure);
    await space.replay({ output: 'counted.csv', pace: PACE }).finally(() => disk.repair());
    expect(disk.calls).toBeGreaterThan(30);
    for (let at = 1; at <= disk.calls; at++) {
      const output = `out-${at}.csv`;
      const failing = new FailingDisk(at, failure);
      const ended = await space.replay({ output, pace: PACE }).then(
        report => ({ report }),
        (error: unknown) => ({ error }),
      );
      failing.repair();
      if ('report' in ended) expect(failure).toBe('ENOSPC');
      else if (failure === 'ENOSPC')
        expect(ended.error, `call ${at}`).toMatchObject({
          code: 'DISK_FULL',
        });
      if (existsSync(space.path(output))) expect(space.read(output)).toBe(space.read('whole.csv'));
      const report =
        'report' in ended
          ? ended.report
          : await space.replay({ output, pace: PACE, resume: true, replace: isPublishedTwice(output) });
      expect(space.read(output), `call ${at}`).toBe(space.read('whole.csv'));
      expect(quarantineFacts(`${output}.quarantine.jsonl`)).toEqual(quarantineFacts('whole.csv.quarantine.jsonl'));
      expect(counted(report), `call ${at}`).toEqual(counted(whole));
      expect(leftovers()).toEqual([]);
    }
  }

  /** Killed while it removed the checkpoint: the job was done, and the checkpoint is gone or not. */
  function isPublishedTwice(output: string): boolean {
    return existsSync(space.path(output)) && !existsSync(space.path(`${output}.veil-checkpoint`));
  }

  it('is resumed to the same bytes after a kill', () => endAtEveryCall('kill'), 60_000);
  it('is resumed to the same bytes after a full disk', () => endAtEveryCall('ENOSPC'), 60_000);
});

describe('veil replay, killed', () => {
  const ROWS = 100_000;
  beforeAll(() => void compiled('src/cli/main.ts'));

  it('is resumed after random kills to the bytes of an uninterrupted run', { timeout: 120_000 }, async () => {
    space.write('in.csv', peopleCsv(ROWS));
    const replay = ['replay', '--policy', 'policy.yaml', '--in', 'in.csv'];
    const whole = await space.veil([...replay, '--out', 'whole.csv', '--report', 'whole.json']);
    expect(whole).toMatchObject({ status: 1, stderr: '' });
    const args = [...replay, '--out', 'out.csv', '--report', 'report.json', '--resume'];
    let kills = 0;
    for (let status: number | null = null; status === null; ) {
      const { process: child, ended } = startProgram('src/cli/main.ts', args, { cwd: space.directory, input: '' });
      if (kills < 15) {
        await sleep(250 + 400 * Math.random());
        child.kill('SIGKILL');
      }
      ({ status } = await ended);
      if (status === null) kills += 1;
      expect(existsSync(space.path('out.csv'))).toBe(status !== null);
    }
    expect(kills).toBeGreaterThan(0);
    expect(space.read('out.csv')).toBe(space.read('whole.csv'));
    expect(quarantineFacts('out.csv.quarantine.jsonl')).toEqual(quarantineFacts('whole.csv.quarantine.jsonl'));
    const [report, expected] = ['report.json', 'whole.json'].map(name => JSON.parse(space.read(name)) as object);
    expect(counted(report)).toEqual(counted(expected));
    expect(leftovers()).toEqual([]);
  });

  it('ends with 130 on SIGINT and says how to go on', { timeout: 60_000 }, async () => {
    space.write('in.csv', peopleCsv(ROWS));
    const args = ['replay', '--policy', 'policy.yaml', '--in', 'in.csv', '--out', 'out.csv'];
    const { process: child, ended } = startProgram('src/cli/main.ts', args, { cwd: space.directory, input: '' });
    while (!existsSync(space.path('out.csv.veil-partial')) || statSync(space.path('out.csv.veil-partial')).size === 0)
      await sleep(10);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ status: 130, stderr: expect.stringContaining('--resume goes on') });
    expect(existsSync(space.path('out.csv'))).toBe(false);
    expect(await space.veil([...args, '--resume'])).toMatchObject({ status: 1, stderr: '' });
    await space.replay({ output: 'whole.csv' });
    expect(space.read('out.csv')).toBe(space.read('whole.csv'));
  });

  it('ends on SIGINT although standard input stays silent', async () => {
    const args = ['replay', '--policy', 'policy.yaml', '--in', '-', '--out', 'out.csv'];
    const options = { cwd: space.directory, input: undefined };
    const { process: child, ended } = startProgram('src/cli/main.ts', args, options);
    child.stdin?.write(peopleCsv(3));
    while (!existsSync(space.path('out.csv.veil-partial'))) await sleep(10);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ status: 130, stderr: 'interrupted\n' });
  });
});

describe('a checkpoint', () => {
  async function interrupted(): Promise<void> {
    space.write('in.csv', peopleCsv(100));
    const disk = new FailingDisk(40, 'kill');
    await space.replay({ pace: PACE }).catch(() => undefined);
    disk.repair();
    expect(existsSync(space.path('out.csv.veil-checkpoint'))).toBe(true);
  }

  const resume = () => space.replay({ pace: PACE, resume: true });

  it('is refused when the input has changed since', async () => {
    await interrupted();
    space.write('in.csv', peopleCsv(100).replace('user-99', 'user-98'));
    await expect(resume()).rejects.toMatchObject({ code: 'INPUT_CHANGED', exitStatus: 4 });
    space.write('in.csv', peopleCsv(100));
    utimesSync(space.path('in.csv'), 1, 1);
    await expect(resume()).rejects.toMatchObject({ code: 'INPUT_CHANGED' });
  });

  it('is refused under another policy, when it was cut, and without its partial file', async () => {
    await interrupted();
    space.write('policy.yaml', PEOPLE_POLICY.replace('to: year', 'to: month'));
    await expect(resume()).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID', exitStatus: 4 });
    space.write('policy.yaml', PEOPLE_POLICY);
    const text = space.read('out.csv.veil-checkpoint');
    for (const damaged of [
      text.slice(0, -9),
      '[]',
      'null',
      '{"version":1}',
      text.replace(/"batches":\d+/, '"batches":"x"'),
    ]) {
      space.write('out.csv.veil-checkpoint', damaged);
      await expect(resume(), damaged.slice(0, 20)).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' });
    }
    space.write('out.csv.veil-checkpoint', text);
    space.write('out.csv.veil-partial', '');
    await expect(resume()).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' });
  });

  it('survives a start that is refused', async () => {
    await interrupted();
    space.write('out.csv.quarantine.jsonl', 'mine\n');
    await expect(space.replay({ pace: PACE })).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    await expect(resume()).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    expect(space.read('out.csv.quarantine.jsonl')).toBe('mine\n');
    await space.replay({ pace: PACE, resume: true, replace: true });
    expect(space.lines('out.csv')).toHaveLength(99);
  });

  it('keeps the failures of the records before it', async () => {
    const limits = { failureWindow: 60, failureRate: 0.1 };
    const bad = (n: number): string => `user-${n},13800138000,soon,Beijing,,\n`;
    const rows = Array.from({ length: 40 }, (_, n) => (n % 10 < 2 ? bad(n) : `user-${n},13800138000,1990-01-01,B,,\n`));
    space.write('in.csv', `id,mobile,birthday,city,note,secret\n${rows.join('')}`);
    await expect(space.replay({ pace: PACE, limits })).rejects.toMatchObject({ code: 'FAILURE_RATE', exitStatus: 4 });
    const resumed = space.replay({ pace: PACE, limits, resume: true });
    await expect(resumed).rejects.toMatchObject({ code: 'FAILURE_RATE' });
    expect(existsSync(space.path('out.csv'))).toBe(false);
  });
});

describe('an input that is written to while it is read', () => {
  it('is not published', async () => {
    space.write('in.csv', peopleCsv(100));
    const touch = (): void => utimesSync(space.path('in.csv'), 2, 2);
    await expect(space.replay({ pace: PACE, onProgress: touch })).rejects.toMatchObject({ code: 'INPUT_CHANGED' });
    expect(existsSync(space.path('out.csv'))).toBe(false);
  });
});
