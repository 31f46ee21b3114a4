import { CODES, EXIT_STATUS } from '../core/codes.js';
import { type CheckResult, startChecks } from '../pipeline/start-checks.js';
import { compilePlan } from '../policy/plan.js';
import { print, printJson, type Verb } from './command-line.js';
import { CONFIG_OPTION, usableDeployment } from './deployment-input.js';
import { usablePolicy } from './policy-input.js';
import { lookAround } from './stream-surroundings.js';

const MARKS = {
  ok: ['\u001b[32m✓\u001b[0m', 'ok     '],
  warning: ['\u001b[33m!\u001b[0m', 'warning'],
  failed: ['\u001b[31m✗\u001b[0m', 'failed '],
} as const;

/** `veil doctor`: every check that `veil run` makes at start, with the fix. */
export const doctor: Verb = {
  name: 'doctor',
  summary: 'check everything that `veil run` needs: brokers, topics, keys, encryption, codecs',
  arguments: [{ name: 'policies', about: 'policy files', many: true }],
  options: [CONFIG_OPTION],
  examples: ['veil doctor orders.yaml', 'veil doctor orders.yaml payments.yaml --config veil.yaml --json'],
  async run({ args, options }) {
    const deployment = usableDeployment(options);
    const [files = []] = args;
    const results: CheckResult[] = [];
    for (const file of [files].flat())
      results.push(...startChecks(await lookAround(compilePlan(usablePolicy(file)), deployment)));
    if (options.json === true) printJson(results);
    else for (const line of results.map(checkLine)) print(line);
    return statusOf(results);
  },
};

/** One line for people: mark, policy, check, what was found, and the fix when there is one. */
export function checkLine({ status, policy, check, code, message, fix }: CheckResult): string {
  const mark = MARKS[status][process.stdout.isTTY ? 0 : 1];
  return `${mark}  ${policy}: ${check}  ${code === undefined ? message : `${code}  ${message}; ${fix}`}`;
}

/** Exit status of the first failed check, or 0. */
function statusOf(results: readonly CheckResult[]): number {
  const code = results.find(({ status }) => status === 'failed')?.code;
  return code === undefined ? 0 : EXIT_STATUS[CODES[code].category];
}
