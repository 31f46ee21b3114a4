/** Program of `npm run bench`. `--short` checks outputs on little input and writes nothing. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KAFKA_VERSION, projectRoot, tool } from '../scripts/broker-jars.js';
import { brokerToBroker } from './broker-to-broker.js';
import { SEED } from './events.js';
import { inProcess } from './in-process.js';
import { type Circumstances, results, type Table } from './report.js';

const SHORT = process.argv.includes('--short');
const AMOUNTS = SHORT
  ? { events: 2_000, eventRounds: 1, records: 4_000, brokerRounds: 1 }
  : { events: 20_000, eventRounds: 9, records: 200_000, brokerRounds: 3 };

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function circumstances(): Promise<Circumstances> {
  const root = projectRoot();
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };
  const { kafkajs = '', 'node-rdkafka': rdkafka = '' } = manifest.dependencies;
  const java = /\d[\d.]*/.exec(await tool('java', ['--version'], root))?.[0] ?? 'unknown';
  return {
    command: 'npm run bench',
    versions: {
      veilstream: manifest.version,
      Node: process.versions.node,
      Kafka: KAFKA_VERSION,
      'node-rdkafka': rdkafka,
      kafkajs,
      Java: java,
    },
    input: [
      `in one process: ${AMOUNTS.events} generated order events (seed ${SEED}), ${AMOUNTS.eventRounds} rounds, process CPU time`,
      `broker to broker: ${AMOUNTS.records} of the small events in 2 partitions on one broker on the same machine, ${AMOUNTS.brokerRounds} rounds; every job starts cold; a JVM that has run for a while is faster than this row`,
    ],
  };
}

const tables: Table[] = [];
for (const size of ['small', 'large'] as const) {
  tables.push(await inProcess(size, { records: AMOUNTS.events, rounds: AMOUNTS.eventRounds }));
  say(`done: in one process, ${size} events`);
}
tables.push(await brokerToBroker({ records: AMOUNTS.records, rounds: AMOUNTS.brokerRounds }));
say('done: broker to broker');
const text = results(await circumstances(), tables);
say(text);
if (!SHORT) writeFileSync(join(projectRoot(), 'bench', 'RESULTS.md'), text);
