import { print, printJson, type Verb } from './command-line.js';
import { CONFIG_OPTION, usableDeployment } from './deployment-input.js';
import { usablePolicy } from './policy-input.js';
import { type RunResult, runPolicies } from './stream-run.js';

/** `veil run`: de-identify Kafka topics until told to stop, or until what is there is done. */
export const run: Verb = {
  name: 'run',
  summary: 'de-identify Kafka topics, exactly once',
  arguments: [{ name: 'policies', about: 'policy files, one route each', many: true }],
  options: [CONFIG_OPTION, { flags: '--until-drained', about: 'end when everything that is there now is done' }],
  examples: [
    'veil run orders.yaml --config veil.yaml',
    'veil run orders.yaml payments.yaml',
    'veil run orders.yaml --until-drained --json',
  ],
  async run({ args, options }) {
    const [files = []] = args;
    const policies = [files].flat().map(usablePolicy);
    const untilDrained = options.untilDrained === true;
    const results = await runPolicies(policies, usableDeployment(options), untilDrained);
    if (options.json === true) printJson({ policies: results });
    else for (const line of results.map(resultLine)) print(line);
    return untilDrained && results.some(({ records }) => records.quarantined > 0) ? 1 : 0;
  },
};

function resultLine({ policy, records, durationMs }: RunResult): string {
  const { in: read, forwarded, dropped, quarantined } = records;
  const counts = `${forwarded} forwarded, ${dropped} dropped, ${quarantined} quarantined`;
  return `${policy.name}: ${read} records in ${(durationMs / 1000).toFixed(1)} s: ${counts}`;
}
