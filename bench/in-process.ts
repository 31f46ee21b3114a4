import { createSecretKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeWorkspace } from '../scripts/workspace.js';
import type { Outcome, SourceRecord } from '../src/core/outcome.js';
import { openPipeline } from '../src/veilstream.js';
import { benchEvents, type EventSize, meanLength, SENSITIVE } from './events.js';
import { alternate, type Contender, median, medianRatio } from './measure.js';
import { checkOutputs } from './oracle.js';
import { naiveTransform } from './peers/naive.js';
import { benchPolicy } from './policy.js';
import type { Table } from './report.js';

const BATCH = 1000;
const NAIVE = 'naive: JSON.parse, createHmac per field, JSON.stringify';
const OURS = 'openPipeline';

/** How much is measured. */
export interface InProcessOptions {
  readonly records: number;
  readonly rounds: number;
}

/**
 * Question: without Kafka, how much CPU does one event cost? Both sides make one keyed 128-bit token for every sensitive path of
 * the same events; outputs are compared with an oracle before anything is measured.
 */
export async function inProcess(size: EventSize, { records, rounds }: InProcessOptions): Promise<Table> {
  const directory = await mkdtemp(join(tmpdir(), 'veil-bench-'));
  try {
    const policy = benchPolicy(size, 'bench.source', 'bench.sink', 'bench.quarantine');
    const workspace = await makeWorkspace(directory, undefined, { 'bench.yaml': policy });
    const pipeline = await openPipeline({ policy: workspace.file('bench.yaml'), config: workspace.file('veil.yaml') });
    const events = benchEvents(size, records);
    const batches = batchesOf(events);
    const key = createSecretKey(Buffer.alloc(32, 7));
    const naive: Contender = {
      name: NAIVE,
      run: () => {
        for (const event of events) naiveTransform(event, key, size);
      },
    };
    const ours: Contender = {
      name: OURS,
      run: async () => {
        for (const batch of batches) await pipeline.process(batch);
      },
    };
    const outputs: Outcome[] = [];
    for (const batch of batches) outputs.push(...(await pipeline.process(batch)));
    checkOutputs(size, events, outputs.map(forwardedValue));
    checkOutputs(
      size,
      events,
      events.map(event => Buffer.from(naiveTransform(event, key, size).value)),
    );
    const taken = await alternate([naive, ours], rounds);
    await pipeline.close();
    return table(size, events, taken);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function batchesOf(events: readonly Uint8Array[]): SourceRecord[][] {
  const batches: SourceRecord[][] = [];
  for (let from = 0; from < events.length; from += BATCH) {
    batches.push(events.slice(from, from + BATCH).map(value => ({ key: null, value, headers: [], timestamp: 0 })));
  }
  return batches;
}

function forwardedValue(outcome: Outcome): Uint8Array {
  if (outcome.kind !== 'forward' || outcome.value === null)
    throw new Error(`an event was not forwarded: ${outcome.kind}`);
  return outcome.value;
}

function table(size: EventSize, events: readonly Uint8Array[], taken: ReadonlyMap<string, readonly number[]>): Table {
  const times = (name: string): readonly number[] => taken.get(name) ?? [];
  const ratio = medianRatio(times(NAIVE), times(OURS));
  const rows = [NAIVE, OURS].map(name => [
    name,
    (median(times(name)) / events.length).toFixed(2),
    medianRatio(times(NAIVE), times(name)).toFixed(2),
  ]);
  return {
    title: `In one process, ${meanLength(events)} B events, ${SENSITIVE[size].length} sensitive paths`,
    columns: ['job', 'CPU us/record', 'times as fast as naive'],
    rows,
    targets: [{ what: `pipeline against naive, ${size} events, CPU time`, atLeast: 2.5, reached: ratio }],
  };
}
