import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createEmbeddedKeys } from '../adapters/embedded-keys.js';
import { writeNewFile } from '../adapters/secret-file.js';
import { utf8 } from '../core/bytes.js';
import { VeilError } from '../core/errors.js';
import { EMBEDDED } from '../policy/deployment.js';
import { policySchemaText, SCHEMA_FILE } from '../policy/json-schema.js';
import { starterDeployment, starterPolicy } from '../policy/starter.js';
import { print, printJson, textOption, type Verb } from './command-line.js';
import { readInput } from './policy-input.js';

const READABLE = 0o644;

/** `veil init`: a directory ready for embedded use, and a policy from a sample. Overwrites nothing. */
export const init: Verb = {
  name: 'init',
  summary: 'make veil.yaml, key ring, key store and desk key in a directory, and a policy from a sample file',
  arguments: [{ name: 'directory', about: 'where (default: here)', optional: true }],
  options: [{ flags: '--from <sample>', about: 'CSV or JSON lines whose fields the new policy lists' }],
  examples: ['veil init', 'veil init ./deid --from customers.csv', 'veil init . --from orders.jsonl --json'],
  async run({ args, options }) {
    const directory = resolve(typeof args[0] === 'string' ? args[0] : '.');
    const policy = makePolicy(directory, textOption(options, 'from'));
    const made = [...policy, ...makeSchema(directory), ...(await makeDeployment(directory))];
    if (options.json === true) printJson({ directory, made });
    else {
      for (const line of made) print(`made ${line}`);
      if (made.length === 0) print('everything was there; nothing was changed');
    }
    return 0;
  },
};

/** First, so that a policy that exists stops the command before anything is made. */
function makePolicy(directory: string, sample: string | undefined): readonly string[] {
  if (sample === undefined) return [];
  const { name, text, fields } = starterPolicy(sample, readInput(sample));
  const path = join(directory, name);
  if (existsSync(path)) throw new VeilError('FILE_EXISTS', { where: path });
  writeNewFile(path, utf8(text), READABLE);
  return [`policy ${path}: ${fields} fields, all dropped until you decide`];
}

/** Beside the policies, so that their first line finds it wherever this package is installed. */
function makeSchema(directory: string): readonly string[] {
  const path = join(directory, SCHEMA_FILE);
  if (existsSync(path)) return [];
  writeNewFile(path, utf8(policySchemaText()), READABLE);
  return [`schema for editors ${path}`];
}

/** A veil.yaml that exists says where its keys are; those are made by `veil keys init`. */
async function makeDeployment(directory: string): Promise<readonly string[]> {
  const path = join(directory, EMBEDDED.deployment);
  if (existsSync(path)) return [];
  const keys = await createEmbeddedKeys(directory, { domains: [], suite: 'intl-cmac', env: process.env });
  writeNewFile(path, utf8(starterDeployment()), READABLE);
  return [...keys, `deployment ${path}`];
}
