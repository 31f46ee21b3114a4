import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Version of Apache Kafka that tests, demo and bench run against; scripts/broker/pom.xml names the same. */
export const KAFKA_VERSION = '4.1.1';

/** Folder of the project: the nearest one above this file that holds package.json (sources and dist lie at different depths). */
export function projectRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('no package.json above the scripts');
    folder = parent;
  }
  return folder;
}

/** Runs one tool and returns its standard output; a missing tool says that nothing was proven. */
export async function tool(command: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await run(command, [...args], { cwd, maxBuffer: 16 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (missing) throw new Error(`NOT PROVEN: "${command}" is not installed; a real broker needs Java 17 and Maven`);
    throw error;
  }
}

/** The folder with the broker's jars. */
export function brokerJars(): Promise<string> {
  return mavenJars(join('scripts', 'broker'), `kafka-${KAFKA_VERSION}`);
}

/**
 * The folder with the jars that the pom.xml in `project` names, fetched from Maven Central once into `.cache/<cache>/lib`. Several
 * processes may ask at the same time: each fetches into a folder of its own and the first rename wins.
 */
export async function mavenJars(project: string, cache: string): Promise<string> {
  const root = projectRoot();
  const home = join(root, '.cache', cache);
  const lib = join(home, 'lib');
  if (existsSync(lib)) return lib;
  await mkdir(home, { recursive: true });
  const fresh = await mkdtemp(join(home, 'fetch-'));
  const goal = ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${fresh}`, '-DincludeScope=runtime'];
  await tool('mvn', goal, join(root, project));
  await rename(fresh, lib).catch(async (error: unknown) => {
    await rm(fresh, { recursive: true, force: true });
    if (!existsSync(lib)) throw error;
  });
  return lib;
}
