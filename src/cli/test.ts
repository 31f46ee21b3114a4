import { dirname, join } from 'node:path';
import { openJsonKernel } from '../adapters/json-kernel.js';
import { SYSTEM_RANDOM } from '../adapters/system.js';
import { VeilError } from '../core/errors.js';
import { DEFAULT_LIMITS } from '../core/limits.js';
import { throwawayKeys } from '../keys/throwaway-keys.js';
import { Pipeline } from '../pipeline/pipeline.js';
import { compilePlan } from '../policy/plan.js';
import type { Policy } from '../policy/policy.js';
import { loadTests, type PolicyTest } from '../policy/test-file.js';
import { runTests, type TestResult } from '../policy/test-runner.js';
import { print, printJson, textOption, type Verb } from './command-line.js';
import { printFindings, readInput, refusal, usablePolicy } from './policy-input.js';

/** `veil test`: the tests that a policy names, run through the real pipeline with throw-away keys. */
export const test: Verb = {
  name: 'test',
  summary: "run a policy's tests through the real pipeline with throw-away keys",
  arguments: [{ name: 'policy', about: 'policies whose "tests" entry names a test file', many: true }],
  options: [{ flags: '--tests <file>', about: 'test file instead of the one that the policy names' }],
  examples: [
    'veil test orders-analytics.yaml',
    'veil test configs/*.yaml --json',
    'veil test p.yaml --tests more.test.yaml',
  ],
  async run({ args, options }) {
    const [files = []] = args;
    const results: (TestResult & { readonly policy: string })[] = [];
    for (const file of [files].flat()) {
      for (const result of await testPolicy(file, textOption(options, 'tests')))
        results.push({ policy: file, ...result });
    }
    const failed = results.filter(({ passed }) => !passed);
    if (options.json === true) printJson(results);
    else printResults(results, failed.length);
    return failed.length === 0 ? 0 : 1;
  },
};

async function testPolicy(file: string, testsFile: string | undefined): Promise<readonly TestResult[]> {
  const policy = usablePolicy(file);
  const path = testsFile ?? (policy.tests === undefined ? undefined : join(dirname(file), policy.tests));
  if (path === undefined) {
    throw new VeilError('POLICY_MISSING', {
      where: file,
      expected: 'an entry "tests"',
      next: 'add "tests: ./NAME.test.yaml"',
    });
  }
  const { tests, diagnostics } = loadTests(path, readInput(path));
  printFindings(diagnostics);
  if (tests === undefined) throw refusal(diagnostics);
  return testWithPipeline(policy, tests);
}

/** Runs tests through a pipeline of their own. Values of tests are the author's; nothing is sealed, stored or sent. */
export async function testWithPipeline(policy: Policy, tests: readonly PolicyTest[]): Promise<readonly TestResult[]> {
  const plan = compilePlan(policy);
  const pipeline = new Pipeline({
    plan,
    kernel: openJsonKernel(plan),
    keys: throwawayKeys(SYSTEM_RANDOM),
    sealer: { seal: () => new Uint8Array(), close() {} },
    random: SYSTEM_RANDOM,
    // Tests of refusals must not stop the run.
    limits: { ...DEFAULT_LIMITS, failureRate: 1 },
  });
  try {
    return await runTests(policy, tests, async records => pipeline.process(records));
  } finally {
    pipeline.close();
  }
}

function printResults(results: readonly (TestResult & { readonly policy: string })[], failed: number): void {
  for (const { policy, name, passed, differences } of results) {
    print(`${passed ? 'ok  ' : 'FAIL'}  ${policy}  ${name}`);
    for (const difference of differences) print(`        ${difference}`);
  }
  print(`${results.length - failed} passed, ${failed} failed`);
}
