import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { brokerJars, projectRoot, tool } from './broker-jars.js';

/** One more listener beside the plain one, for tests of TLS and SASL. */
export interface ExtraListener {
  /** Upper-case listener name. */
  readonly name: string;
  readonly protocol: 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';
}

/** How a broker is made. */
export interface BrokerOptions {
  /** Folder for logs and settings; a temporary one, removed by `stop`, when absent. */
  readonly directory?: string;
  readonly listeners?: readonly ExtraListener[];
  /** More lines of server.properties. */
  readonly properties?: Readonly<Record<string, string>>;
  /** More arguments of the storage formatter, such as `--add-scram`. */
  readonly formatArguments?: readonly string[];
  /** Heap in MiB. */
  readonly heapMiB?: number;
  /** Outlives this process: somebody else ends it by its pid. */
  readonly detached?: boolean;
}

/** A running broker on 127.0.0.1. */
export interface Broker {
  /** host:port of the plain listener. */
  readonly bootstrap: string;
  /** host:port of the extra listeners by name. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly directory: string;
  readonly pid: number;
  /** Ends the process without warning (SIGKILL). */
  kill(): Promise<void>;
  /** Starts it again with the same ports and data. */
  restart(): Promise<void>;
  /** Ends it and removes its temporary folder. */
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;

/** Starts one real Apache Kafka node (KRaft, broker and controller in one process) on free ports of 127.0.0.1 and waits until it is ready. */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const classPath = `${await brokerJars()}/*`;
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'veil-broker-')));
  await mkdir(directory, { recursive: true });
  const extra = options.listeners ?? [];
  const ports = await freePorts(2 + extra.length);
  const settings = join(directory, 'server.properties');
  await writeFile(settings, serverProperties(directory, ports, extra, options.properties ?? {}));
  await format(classPath, settings, options.formatArguments ?? []);
  const start = () => launch(classPath, directory, options.heapMiB ?? 512, options.detached ?? false);
  let child = await start();
  return {
    bootstrap: `127.0.0.1:${ports[0]}`,
    endpoints: Object.fromEntries(extra.map((listener, i) => [listener.name, `127.0.0.1:${ports[2 + i]}`])),
    directory,
    get pid() {
      return child.pid ?? 0;
    },
    kill: () => end(child, 'SIGKILL'),
    async restart() {
      await end(child, 'SIGKILL');
      child = await start();
    },
    async stop() {
      await end(child, 'SIGKILL');
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

function log4jArgument(): string {
  return `-Dlog4j2.configurationFile=${join(projectRoot(), 'scripts', 'broker', 'log4j2.xml')}`;
}

async function format(classPath: string, settings: string, more: readonly string[]): Promise<void> {
  const storage = [log4jArgument(), '-cp', classPath, 'kafka.tools.StorageTool'];
  const printed = await tool('java', [...storage, 'random-uuid'], projectRoot());
  const cluster = printed.trim().split('\n').at(-1) ?? '';
  await tool(
    'java',
    [...storage, 'format', '--ignore-formatted', '-t', cluster, '-c', settings, ...more],
    projectRoot(),
  );
}

async function launch(classPath: string, directory: string, heapMiB: number, detached: boolean): Promise<ChildProcess> {
  const settings = join(directory, 'server.properties');
  const log = join(directory, 'broker.log');
  const output = await open(log, 'w');
  const heap = [`-Xmx${heapMiB}m`, `-Xms${heapMiB}m`, '-server', '-XX:+UseG1GC'];
  const child = spawn('java', [...heap, log4jArgument(), '-cp', classPath, 'kafka.Kafka', settings], {
    stdio: ['ignore', output.fd, output.fd],
    detached,
  });
  child.once('error', () => undefined);
  // A broker never outlives the program that started it, unless that was asked for.
  const onExit = () => child.kill('SIGKILL');
  if (!detached) process.once('exit', onExit);
  child.once('exit', () => process.off('exit', onExit));
  await output.close();
  for (let waited = 0; waited < READY_WITHIN_MS; waited += 100) {
    await sleep(100);
    if (child.exitCode !== null || child.pid === undefined) break;
    if ((await readFile(log, 'utf8')).includes('Kafka Server started')) {
      if (detached) child.unref();
      return child;
    }
  }
  await end(child, 'SIGKILL');
  throw new Error(`NOT PROVEN: the broker did not start: ${(await readFile(log, 'utf8')).slice(-2000)}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

/** Ports that were free a moment ago. All are held at once, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  const ports: number[] = [];
  for (const server of servers) {
    if (!server.listening) await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no free port');
    ports.push(address.port);
  }
  await Promise.all(servers.map(server => new Promise(closed => server.close(closed))));
  return ports;
}

function serverProperties(
  directory: string,
  ports: readonly number[],
  extra: readonly ExtraListener[],
  more: Readonly<Record<string, string>>,
): string {
  const [port, controller, ...others] = ports;
  const named = extra.map((listener, i) => `${listener.name}://127.0.0.1:${others[i]}`);
  const plain = [`PLAINTEXT://127.0.0.1:${port}`, ...named];
  const single = ['offsets.topic', 'transaction.state.log', 'share.coordinator.state.topic'];
  const lines: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: [...plain, `CONTROLLER://127.0.0.1:${controller}`].join(','),
    'advertised.listeners': plain.join(','),
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': [
      'CONTROLLER:PLAINTEXT',
      'PLAINTEXT:PLAINTEXT',
      ...extra.map(listener => `${listener.name}:${listener.protocol}`),
    ].join(','),
    'log.dirs': join(directory, 'data'),
    ...Object.fromEntries(
      single.flatMap(topic => [
        [`${topic}.replication.factor`, '1'],
        [`${topic}.min.isr`, '1'],
      ]),
    ),
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.num.partitions': '1',
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
    ...more,
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
