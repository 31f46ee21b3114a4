/**
 * `npm test`: set-up, the gates (types, lint, typed lint, format), then every test with a real broker and a real PostgreSQL.
 * A test that could not run is printed as "not proven"; with CI=true it is a failure. Last line: `N passed, N failed`.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { postgresFolder, pythonWithCryptography, setUp } from './setup.mjs';
import { ROOT, run, SetUpError, say, since } from './steps.mjs';

const CI = process.env.CI === 'true';
const bin = name => join(ROOT, 'node_modules/.bin', name);

/** Each gate counts as one in the summary. */
const GATES = [
  ['types', bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']],
  ['lint', bin('biome'), ['lint', '--colors=off', '--error-on-warnings']],
  ['typed lint', bin('eslint'), ['--max-warnings', '0', '.']],
  ['format', bin('biome'), ['format', '--colors=off']],
];

async function gates() {
  const failed = [];
  for (const [name, command, args] of GATES) {
    const start = Date.now();
    const { ok, output } = await run(command, args, { quiet: true });
    say(`${ok ? 'passed' : 'FAILED'}: ${name}, ${since(start)}`);
    if (!ok) {
      say(output.slice(-20_000));
      failed.push(name);
    }
  }
  return { passed: GATES.length - failed.length, failed };
}

/** Reads vitest's JSON report: what passed, what failed, what proved nothing (skipped, to do, or a part that was absent). */
function readReport(file) {
  const counts = { passed: 0, failed: [], notProven: [] };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  for (const suite of report.testResults) {
    const where = suite.name.replace(ROOT, '');
    const broken = suite.status === 'failed' && suite.assertionResults.every(test => test.status === 'passed');
    if (broken || suite.assertionResults.length === 0)
      sort(counts, `${where} (whole file)`, 'failed', [suite.message ?? '']);
    for (const test of suite.assertionResults)
      sort(counts, `${where}: ${test.fullName}`, test.status, test.failureMessages ?? []);
  }
  return counts;
}

function sort(counts, name, status, messages) {
  const absent = messages.some(message => message.includes('NOT PROVEN'));
  if (status === 'passed') counts.passed += 1;
  else if (status === 'failed' && !absent) counts.failed.push(name);
  else counts.notProven.push(name);
}

async function tests(args) {
  const file = join(ROOT, '.cache/vitest.json');
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  rmSync(file, { force: true });
  const env = { ...process.env };
  if (!process.stdout.isTTY) env.NO_COLOR = '1';
  const [python, postgres] = [pythonWithCryptography(), postgresFolder()];
  if (python !== undefined) env.VEIL_PYTHON = python;
  if (postgres !== undefined) env.VEIL_POSTGRES_BIN = postgres;
  const { ok } = await run(
    bin('vitest'),
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...args],
    { env },
  );
  const counts = readReport(file);
  // vitest also fails on errors outside of tests, such as an unhandled rejection.
  if (!ok && counts.failed.length + counts.notProven.length === 0)
    counts.failed.push('an error outside of any test (see above)');
  if (counts.passed === 0) counts.failed.push('no test ran');
  return counts;
}

/** The set-up, or the one failure that a summary then shows. */
async function prepared() {
  try {
    await setUp({ broker: true, postgres: true, python: true });
    return true;
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    say(`set-up: ${error.message}`);
    return false;
  }
}

async function everything() {
  if (!(await prepared())) return { passed: 0, failed: ['set-up'] };
  const checked = await gates();
  const tested = await tests(process.argv.slice(2));
  for (const name of tested.notProven) say(`not proven: ${name}`);
  return {
    passed: checked.passed + tested.passed,
    failed: [...checked.failed, ...tested.failed, ...(CI ? tested.notProven : [])],
  };
}

const start = Date.now();
const { passed, failed } = await everything();
for (const name of failed) say(`failed: ${name}`);
say(`took ${since(start)}`);
say(`${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
