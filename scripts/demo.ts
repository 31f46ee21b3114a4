/** Program of `npm run demo`, after the set-up: 100,000 orders by topic and by CSV through one policy, and a look at the result. */
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openProgress } from '../src/cli/progress.js';
import { projectRoot } from './broker-jars.js';
import { type DemoBroker, openDemoBroker } from './demo/broker.js';
import { compareTokens, joinRows, TOKEN_FIELDS } from './demo/compare.js';
import { DAMAGED, type DemoInputs, generateInputs, ORDERS, PAYMENTS } from './demo/events.js';
import { demoPolicies, TOPICS } from './demo/policies.js';
import { showBeforeAndAfter } from './demo/show.js';
import { createTopics, fillTopic, quietKafka, readTopic } from './topics.js';
import { makeWorkspace, type Workspace } from './workspace.js';

const FOLDER = '.veil-demo';

interface Counts {
  readonly in: number;
  readonly forwarded: number;
  readonly dropped: number;
  readonly quarantined: number;
}

const number = (value: number): string => Math.round(value).toLocaleString('en');

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs a step with a progress view. */
async function step<T>(
  title: string,
  total: number,
  work: (onProgress: (done: number) => void) => Promise<T>,
): Promise<T> {
  const start = Date.now();
  const progress = openProgress(total);
  try {
    return await work(done => progress.update(done, `${title}: ${number(done)}`));
  } finally {
    progress.close();
    say(`${title} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  }
}

/** Records of a file of JSON lines, keyed by the person as a shop would. Lines that do not parse have no key. */
async function recordsOf(path: string): Promise<{ key: string | null; value: Uint8Array }[]> {
  const records = [];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    records.push({ key: /"user":\{"id":"([^"]+)"/.exec(line)?.[1] ?? null, value: Buffer.from(line) });
  }
  return records;
}

async function produce(broker: DemoBroker, inputs: DemoInputs): Promise<void> {
  const admin = quietKafka(broker.bootstrap).admin();
  await admin.connect();
  await createTopics(admin, Object.values(TOPICS));
  await admin.disconnect();
  await step('orders and payments produced to their topics', ORDERS, async onProgress => {
    await fillTopic(broker.bootstrap, TOPICS.orders, await recordsOf(inputs.orders), onProgress);
    await fillTopic(broker.bootstrap, TOPICS.payments, await recordsOf(inputs.payments));
  });
}

async function save(broker: DemoBroker, topic: string, path: string): Promise<void> {
  const file = createWriteStream(path);
  await readTopic(broker.bootstrap, topic, value => {
    file.write(value);
    file.write('\n');
  });
  await new Promise<void>(resolve => file.end(resolve));
}

function sayCounts(way: string, counts: Counts, ms: number): void {
  const parts = `${number(counts.forwarded)} forwarded, ${number(counts.dropped)} dropped, ${number(counts.quarantined)} quarantined`;
  say(
    `  ${way}: ${number(counts.in)} records: ${parts}; ${number((1000 * counts.in) / ms)} records/s, start-up included`,
  );
}

/** Throws when something the demo shows is not so: the demo is a test as well. */
function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(`the demo expected ${what}`);
}

async function byTopic(workspace: Workspace, broker: DemoBroker, inputs: DemoInputs): Promise<void> {
  await produce(broker, inputs);
  const printed = await step('processor: both topics read to their ends, exactly once', ORDERS, () =>
    workspace.veil('run', 'orders.yaml', 'payments.yaml', '--config', 'veil.yaml', '--until-drained', '--json'),
  );
  const { policies } = JSON.parse(printed) as {
    policies: { policy: { name: string }; records: Counts; durationMs: number }[];
  };
  for (const { policy, records, durationMs } of policies) sayCounts(`topic ${policy.name}`, records, durationMs);
  demand(policies[0]?.records.forwarded === ORDERS, 'every whole order in the output topic');
  demand(policies[0]?.records.quarantined === DAMAGED, 'every damaged order in quarantine');
  demand(policies[1]?.records.forwarded === PAYMENTS, 'every payment in the output topic');
  await save(broker, TOPICS.ordersOut, workspace.file('orders.analytics.jsonl'));
  await save(broker, TOPICS.paymentsOut, workspace.file('payments.analytics.jsonl'));
}

async function byCsv(workspace: Workspace): Promise<void> {
  await step('replay: the same orders as a CSV export', ORDERS, () =>
    workspace.veil(
      'replay',
      '--policy',
      'orders-csv.yaml',
      '--in',
      'orders.csv',
      '--out',
      'orders.analytics.csv',
      '--report',
      'report.json',
    ),
  );
  const report = JSON.parse(await readFile(workspace.file('report.json'), 'utf8')) as {
    records: Counts;
    durationMs: number;
  };
  sayCounts('CSV', report.records, report.durationMs);
  demand(report.records.forwarded === ORDERS, 'every row in the output');
}

async function compare(workspace: Workspace): Promise<void> {
  const stream = workspace.file('orders.analytics.jsonl');
  const { orders, equal } = await compareTokens(stream, workspace.file('orders.analytics.csv'));
  say('\nstream and CSV make the same pseudonyms:');
  for (const field of TOKEN_FIELDS) {
    say(`  ${field}: equal in ${number(equal[field])} of ${number(orders)} orders`);
    demand(equal[field] === ORDERS && orders === ORDERS, `equal tokens of ${field}`);
  }
  const before = await joinRows(workspace.file('orders.whole.jsonl'), workspace.file('payments.jsonl'));
  const after = await joinRows(stream, workspace.file('payments.analytics.jsonl'));
  say(`\norders join payments on user.id: ${number(before)} rows on the originals, ${number(after)} on the pseudonyms`);
  demand(before === after && before > 0, 'a join of the same size');
}

const directory = join(projectRoot(), FOLDER);
await rm(directory, { recursive: true, force: true });
const broker = await step('broker', 1, () => openDemoBroker(join(directory, 'broker')));
const bootstrap = typeof broker === 'string' ? undefined : broker.bootstrap;
try {
  say(
    typeof broker === 'string'
      ? `  none, so only files are shown: ${broker}`
      : `  ${broker.how} at ${broker.bootstrap}`,
  );
  const workspace = await makeWorkspace(directory, bootstrap, demoPolicies());
  const inputs = await step(`${number(ORDERS)} orders and ${number(PAYMENTS)} payments generated`, ORDERS, onProgress =>
    generateInputs(workspace, onProgress),
  );
  if (typeof broker !== 'string') await byTopic(workspace, broker, inputs);
  await byCsv(workspace);
  await showBeforeAndAfter(workspace, say);
  if (typeof broker !== 'string') await compare(workspace);
  say(`\nfiles: ${FOLDER}/ (policies, inputs, outputs, report.json)`);
} finally {
  if (typeof broker !== 'string') await broker.stop();
}
