import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mavenJars, projectRoot, tool } from '../../scripts/broker-jars.js';

/** Class path of the Kafka Streams peer: its jars, and its class compiled from the source beside this file. */
export async function streamsClassPath(): Promise<string> {
  const home = join('bench', 'peers', 'streams');
  const jars = `${await mavenJars(home, 'streams')}/*`;
  const classes = join(projectRoot(), '.cache', 'streams', 'classes');
  await mkdir(classes, { recursive: true });
  await tool('javac', ['-cp', jars, '-d', classes, join(home, 'StreamsJob.java')], projectRoot());
  return `${classes}:${jars}`;
}
