/**
 * Makes a checkout ready: system packages, npm packages, build, and on request the jars of a real broker, PostgreSQL and Python.
 * Every step looks first and does nothing when its result stands already, so a second run takes about a second.
 * Plain JavaScript without dependencies: it runs on a fresh machine that has only Node and git.
 */
import { existsSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { must, probe, ROOT, SetUpError, say, since, withLock } from './steps.mjs';

/** Oldest Node that runs the product, as in package.json "engines". */
const NODE_AT_LEAST = [20, 19];

/**
 * Debian packages and how to see that each is there. `packages` lists alternatives: the first one the system offers is taken.
 * A part is needed only for the named purpose.
 */
const SYSTEM_PARTS = [
  { packages: ['build-essential'], purpose: 'native', there: () => has('c++') && has('make') },
  { packages: ['python3'], purpose: 'native', there: () => has('python3') },
  ...['libsasl2-dev', 'libcurl4-openssl-dev', 'libzstd-dev', 'libssl-dev', 'zlib1g-dev'].map(name => ({
    packages: [name],
    purpose: 'native',
    there: () => installed(name),
  })),
  {
    packages: ['openjdk-21-jdk-headless', 'openjdk-17-jdk-headless', 'default-jdk-headless'],
    purpose: 'java',
    there: () => javaVersion() >= 17 && has('javac'),
  },
  { packages: ['maven'], purpose: 'java', there: () => has('mvn') },
  { packages: ['postgresql'], purpose: 'postgres', there: () => postgresFolder() !== undefined },
  { packages: ['python3-cryptography'], purpose: 'python', there: () => pythonWithCryptography() !== undefined },
];

const has = name => (process.env.PATH ?? '').split(':').some(folder => folder !== '' && existsSync(join(folder, name)));

let dpkgList;
function installed(name) {
  dpkgList ??= new Set(
    (probe('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n']) ?? '')
      .split('\n')
      .filter(line => line.endsWith(' installed'))
      .map(line => line.split(' ')[0]),
  );
  return dpkgList.has(name);
}

function javaVersion() {
  return Number(/version "(\d+)/.exec(probe('java', ['-version']) ?? '')?.[1] ?? 0);
}

/** The newest folder with PostgreSQL's server programs, or undefined. */
export function postgresFolder() {
  const base = '/usr/lib/postgresql';
  if (!existsSync(base)) return undefined;
  const versions = readdirSync(base).filter(version => existsSync(join(base, version, 'bin', 'initdb')));
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? undefined : join(base, newest, 'bin');
}

/** A Python that has the package `cryptography`, or undefined. */
export function pythonWithCryptography() {
  const candidates = [process.env.VEIL_PYTHON, 'python3', '/usr/bin/python3'];
  return candidates.find(python => python !== undefined && probe(python, ['-c', 'import cryptography']) !== undefined);
}

/** True when a container engine answers. */
export function containerEngineRuns() {
  return (
    probe('docker', ['info', '--format', '{{.ServerVersion}}']) !== undefined &&
    probe('docker', ['compose', 'version']) !== undefined
  );
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantMajor, wantMinor] = NODE_AT_LEAST;
  if (major < wantMajor || (major === wantMajor && minor < wantMinor)) {
    throw new SetUpError(`Node ${NODE_AT_LEAST.join('.')} or later is needed, this is ${process.versions.node}`);
  }
}

async function installSystemParts(...purposes) {
  const missing = SYSTEM_PARTS.filter(part => purposes.includes(part.purpose) && !part.there());
  if (missing.length === 0) return;
  const canInstall = has('apt-get') && process.getuid?.() === 0;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  if (canInstall) await must('apt package lists', 'apt-get', ['update', '-q'], { env });
  const offered = name => probe('apt-cache', ['show', name]) !== undefined;
  const names = missing.map(part => part.packages.find(offered) ?? part.packages[0]);
  if (!canInstall) {
    const line = `apt-get update && apt-get install -y --no-install-recommends ${names.join(' ')}`;
    throw new SetUpError(`system packages are missing; run this line, then the command again:\n  sudo sh -c '${line}'`);
  }
  await must(`apt ${names.join(' ')}`, 'apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names], {
    env,
  });
  dpkgList = undefined;
  const still = missing.filter(part => !part.there()).map(part => part.packages[0]);
  if (still.length > 0) throw new SetUpError(`still missing after the installation: ${still.join(' ')}`);
}

/** Environment for npm: node-gyp takes the headers beside this Node where they stand, instead of downloading them. */
function npmEnvironment() {
  const prefix = dirname(dirname(realpathSync(process.execPath)));
  // A parallel make breaks the build of librdkafka ("No rule to make target config.h").
  const { JOBS, MAKEFLAGS, ...env } = process.env;
  env.npm_config_loglevel = 'error';
  const header = join(prefix, 'include/node/node_version.h');
  if (
    existsSync(header) &&
    readFileSync(header, 'utf8').includes(`NODE_MAJOR_VERSION ${process.versions.node.split('.')[0]}\n`)
  ) {
    env.npm_package_config_node_gyp_nodedir = prefix;
  }
  return env;
}

/** True when node_modules holds exactly what package-lock.json says (packages for other platforms aside). */
function packagesMatchLock() {
  const hidden = join(ROOT, 'node_modules/.package-lock.json');
  if (!existsSync(hidden)) return false;
  const want = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const have = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  return Object.entries(want).every(
    ([path, entry]) =>
      path === '' || (entry.optional === true && have[path] === undefined) || have[path]?.version === entry.version,
  );
}

/** What a fresh process prints when it loads the native packages: librdkafka's features, or undefined when one does not load. */
function nativeFeatures() {
  const program =
    "new (require('better-sqlite3'))(':memory:').close(); console.log(require('node-rdkafka').features.join())";
  return probe(process.execPath, ['-e', program], { cwd: ROOT });
}

async function installPackages() {
  const complete = packagesMatchLock();
  if (complete && nativeFeatures()?.includes('zstd')) return;
  await installSystemParts('native');
  const env = npmEnvironment();
  if (!complete) {
    await must('npm packages (the first time compiles librdkafka and SQLite, about two minutes)', 'npm', ['ci'], {
      env,
    });
  } else {
    await must('rebuild of the native packages for this Node', 'npm', ['rebuild', 'node-rdkafka', 'better-sqlite3'], {
      env,
    });
  }
  const features = nativeFeatures();
  if (features === undefined) throw new SetUpError('node-rdkafka or better-sqlite3 does not load after its build');
  if (!features.includes('zstd'))
    throw new SetUpError('node-rdkafka was built without zstd; is libzstd-dev installed?');
}

/** Newest modification time (ms) below a folder. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map(name => newest(join(path, name))));
}

async function buildWhenOlder() {
  const stamp = join(ROOT, 'dist/.built');
  const sources = ['src', 'transforms', 'bench', 'scripts', 'tsconfig.json', 'tsconfig.build.json', 'package.json'];
  const changed = Math.max(...sources.map(name => newest(join(ROOT, name))));
  if (existsSync(stamp) && statSync(stamp).mtimeMs > changed) return;
  await must('build', 'npm', ['run', 'build'], { env: npmEnvironment() });
  writeFileSync(stamp, '');
}

/**
 * Does the set-up: always npm packages and build; `broker`, `postgres` and `python` add what those parts need.
 * Two set-ups of one checkout take turns.
 * Throws SetUpError with the one thing to do.
 */
export async function setUp(parts = {}) {
  checkNode();
  await withLock('setup', () => setUpParts(parts));
}

async function setUpParts({ broker = false, postgres = false, python = false }) {
  await installPackages();
  await buildWhenOlder();
  const purposes = Object.entries({ java: broker, postgres, python }).filter(([, wanted]) => wanted);
  await installSystemParts(...purposes.map(([purpose]) => purpose));
  if (broker) await fetchBroker();
}

/** The jars of the broker, by the built script that tests and demo use as well. */
async function fetchBroker() {
  const { brokerJars } = await import(new URL('../dist/scripts/broker-jars.js', import.meta.url).href);
  const start = Date.now();
  await brokerJars();
  if (Date.now() - start > 1000) say(`set-up: jars of Apache Kafka, ${since(start)}`);
}

/** Runs `work` as a program: a SetUpError is printed as its message alone, exit status 2. */
export async function asProgram(work) {
  try {
    process.exitCode = await work();
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    say(`set-up: ${error.message}`);
    process.exitCode = 2;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await asProgram(async () => {
    await setUp({ broker: true, postgres: true, python: true });
    say('set-up: complete');
    return 0;
  });
}
