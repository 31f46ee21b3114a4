import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Admin } from 'kafkajs';
import { type Broker, startBroker } from '../scripts/broker.js';
import { projectRoot } from '../scripts/broker-jars.js';
import { createTopics, fillTopic, quietKafka, readTopic } from '../scripts/topics.js';
import { makeWorkspace, VEIL, type Workspace } from '../scripts/workspace.js';
import { benchEvents, SEED } from './events.js';
import { median, medianRatio } from './measure.js';
import { streamsClassPath } from './peers/streams.js';
import { benchPolicy } from './policy.js';
import type { Table } from './report.js';
import { type Pace, watch } from './watch.js';

const SOURCE = 'bench.source';

/** How much is measured. */
export interface BrokerOptions {
  readonly records: number;
  readonly rounds: number;
}

interface Contender {
  readonly name: string;
  /** Sensitive values must be gone from its output. */
  readonly deidentifies: boolean;
  /** Command and arguments for one run; `sink` and `group` are new for each. */
  prepare(sink: string, group: string): Promise<{ command: string; args: readonly string[] }>;
}

/** Order of the rows. */
export const NAMES = {
  copy: 'plain node-rdkafka copy, nothing changed',
  naive: 'naive kafkajs job',
  ours: '`veil run`',
  streams: 'Kafka Streams, exactly_once_v2',
} as const;

/**
 * Question: from broker to broker, exactly once, how many records a second and how much CPU for one record? The jobs take turns;
 * each reads the same topic and its output is read back with read_committed and counted.
 */
export async function brokerToBroker(options: BrokerOptions): Promise<Table> {
  const directory = await mkdtemp(join(tmpdir(), 'veil-bench-'));
  const broker = await startBroker({ heapMiB: 1024 });
  const admin = quietKafka(broker.bootstrap).admin();
  try {
    await admin.connect();
    await createTopics(admin, [SOURCE, 'bench.quarantine']);
    const events = benchEvents('small', options.records);
    await fillTopic(
      broker.bootstrap,
      SOURCE,
      events.map(value => ({ key: null, value })),
    );
    const policy = benchPolicy('small', SOURCE, 'bench.sink', 'bench.quarantine');
    const workspace = await makeWorkspace(directory, broker.bootstrap, { 'bench.yaml': policy });
    const contenders = await contendersOf(broker, workspace, options.records);
    const paces = await takeTurns(broker, admin, contenders, options);
    return table(paces);
  } finally {
    await admin.disconnect();
    await broker.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function contendersOf(broker: Broker, workspace: Workspace, total: number): Promise<Contender[]> {
  const peer = (name: string, deidentifies: boolean, file: string): Contender => ({
    name,
    deidentifies,
    prepare: async (sink, group) => {
      const program = join(projectRoot(), 'dist', 'bench', 'peers', file);
      return { command: process.execPath, args: [program, broker.bootstrap, SOURCE, sink, group, String(total)] };
    },
  });
  const classPath = await streamsClassPath();
  return [
    peer(NAMES.copy, false, 'copy.js'),
    peer(NAMES.naive, true, 'naive-kafkajs.js'),
    {
      name: NAMES.ours,
      deidentifies: true,
      prepare: async (sink, group) => {
        const policy = await workspace.write('bench.yaml', benchPolicy('small', SOURCE, sink, 'bench.quarantine'));
        const config = `version: 1\nkafka:\n  brokers: ["${broker.bootstrap}"]\n  groupId: ${group}\n  instanceId: ${group}\n`;
        const file = await workspace.write('veil.yaml', config);
        return { command: process.execPath, args: [VEIL, 'run', policy, '--config', file, '--until-drained'] };
      },
    },
    {
      name: NAMES.streams,
      deidentifies: true,
      prepare: async (sink, group) => ({
        command: 'java',
        args: ['-Xmx1g', '-cp', classPath, 'StreamsJob', broker.bootstrap, SOURCE, sink, group],
      }),
    },
  ];
}

async function takeTurns(
  broker: Broker,
  admin: Admin,
  contenders: readonly Contender[],
  { records, rounds }: BrokerOptions,
): Promise<Map<string, Pace[]>> {
  const paces = new Map<string, Pace[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(i + round) % contenders.length];
      if (contender === undefined) continue;
      const id = `bench-${SEED}-${round}-${i}`;
      await createTopics(admin, [`${id}.sink`]);
      const { command, args } = await contender.prepare(`${id}.sink`, id);
      const pace = await watch(admin, { command, args, source: SOURCE, group: id, total: records });
      paces.get(contender.name)?.push(pace);
      await verify(broker, contender, `${id}.sink`, records);
    }
  }
  return paces;
}

/** The originals by their form; tokens never look like one. */
const ORIGINAL = /"(?:mobile":"1[3-9]\d{9}"|id_card":"\d{17}[\dX]"|id":"U\d{8}"|birthday":"\d{4}-)|@example\.com/;

/** Every order exactly once for a read_committed consumer, and no original left. */
async function verify(broker: Broker, contender: Contender, sink: string, records: number): Promise<void> {
  const orders = new Set<string>();
  let [seen, originals] = [0, 0];
  await readTopic(broker.bootstrap, sink, value => {
    const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
    orders.add(/"order_id":"([^"]+)"/.exec(text)?.[1] ?? '');
    seen += 1;
    if (ORIGINAL.test(text)) originals += 1;
  });
  const expected = contender.deidentifies ? 0 : records;
  if (seen !== records || orders.size !== records || originals !== expected) {
    const found = `${seen} records, ${orders.size} orders, ${originals} with originals`;
    throw new Error(
      `${contender.name}: expected ${records} records, each once, ${expected} with originals; found ${found}`,
    );
  }
}

function table(paces: ReadonlyMap<string, readonly Pace[]>): Table {
  const rates = (name: string): number[] => (paces.get(name) ?? []).map(pace => pace.perSecond);
  const rows = [...paces].map(([name, runs]) => [
    name,
    Math.round(median(rates(name))).toLocaleString('en'),
    median(runs.map(run => run.cpuPerRecord)).toFixed(1),
    medianRatio(rates(name), rates(NAMES.naive)).toFixed(2),
  ]);
  return {
    title: 'Broker to broker, exactly once, 500 B events, 7 sensitive paths',
    columns: ['job', 'records/s', 'CPU us/record', 'records/s against the naive job'],
    rows,
    targets: [
      {
        what: '`veil run` against the naive kafkajs job, records/s',
        atLeast: 2,
        reached: medianRatio(rates(NAMES.ours), rates(NAMES.naive)),
      },
    ],
  };
}
