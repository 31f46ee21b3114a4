import { basename, extname } from 'node:path';
import { guessKind, type KindGuess } from '../kinds/guess.js';
import { kindNamed } from '../kinds/index.js';
import { EMBEDDED } from './deployment.js';
import { SCHEMA_FILE } from './json-schema.js';
import { type Sample, type SampleField, sampleFields } from './sample-fields.js';

/** A policy to begin with and where it belongs. */
export interface StarterPolicy {
  /** File name without directory. */
  readonly name: string;
  readonly text: string;
  readonly fields: number;
}

/** Rules worth considering for kinds whose best rule is not a pseudonym. */
const SUGGESTIONS: Readonly<Record<string, string>> = {
  'person-name': 'do: mask',
  'cn-mobile': 'do: pseudonymize, domain: phones, form: same',
  phone: 'do: mask',
  'cn-id-card': 'do: encrypt',
  'bank-card': 'do: mask',
  passport: 'do: encrypt',
  secret: 'do: drop',
  'free-text': 'do: drop',
  url: 'do: drop',
  'address-cn': 'do: generalize, to: city',
  postcode: 'do: generalize, to: province',
  'region-code': 'do: generalize, to: city',
  'birth-date': 'do: generalize, to: year',
  'date-time': 'do: generalize, to: month',
  number: 'do: generalize, to: range, step: 10',
  age: 'do: generalize, to: range, step: 10, bottom: 10, top: 90',
  ipv4: 'do: generalize, to: prefix, prefix: 16',
  ipv6: 'do: generalize, to: prefix, prefix: 32',
  coordinate: 'do: generalize, to: grid, degrees: 0.1',
};

const SEEN: Readonly<Record<KindGuess['confidence'], string>> = {
  name: 'by its name',
  values: 'by its values',
  both: 'by its name and values',
};

/** The rule that `veil init` suggests for a kind, without braces. */
export function suggestedRule(kind: string): string {
  return `is: ${kind}, ${SUGGESTIONS[kind] ?? `do: pseudonymize, domain: ${kind}`}`;
}

/**
 * A policy for a sample file: every field listed, kinds guessed, and every field dropped until a person decides. Lints clean. It holds
 * names of fields, never values. Throws SCHEMA_MISMATCH when the sample has no fields.
 */
export function starterPolicy(sampleFile: string, bytes: Uint8Array): StarterPolicy {
  const file = basename(sampleFile);
  const sample = sampleFields(file, bytes);
  const stem = file
    .slice(0, file.length - extname(file).length)
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  const name = (stem === '' ? 'policy' : stem).slice(0, 60);
  return { name: `${name}.yaml`, text: policyText(name, sampleFile, sample), fields: sample.fields.length };
}

function policyText(name: string, file: string, sample: Sample): string {
  const csv =
    sample.format === 'csv' && sample.delimiter !== ',' ? `, delimiter: ${JSON.stringify(sample.delimiter)}` : '';
  const ending = sample.format === 'csv' ? 'csv' : 'jsonl';
  return `# yaml-language-server: $schema=./${SCHEMA_FILE}
# Every field of the sample is listed and dropped. Decide field by field: copy the suggested rule, or write your own
# (docs/policy-reference.md), then: veil lint, veil preview, veil test. Say the purpose first: it decides what is necessary.
version: 1
name: ${name}
purpose: undecided
source: { file: ${JSON.stringify(file)}, format: ${sample.format}${csv} }
sink: { file: ${JSON.stringify(`${name}-deidentified.${ending}`)} }
quarantine: { file: ${JSON.stringify(`${name}-quarantine.jsonl`)} }
unlisted: drop
fields:
${sample.fields.map(fieldText).join('\n')}
`;
}

function fieldText({ path, values }: SampleField): string {
  const key = yamlKey(path);
  const guess = guessKind(path, values);
  if (guess === undefined) {
    return `  # nothing known was recognised; if it says nothing about a person: { do: keep, because: … }\n  ${key}: { do: drop }`;
  }
  const title = kindNamed(guess.kind)?.title ?? guess.kind;
  const suggestion = `  # looks like ${title} ${SEEN[guess.confidence]}; consider { ${suggestedRule(guess.kind)} }`;
  return `${suggestion}\n  ${key}: { is: ${guess.kind}, do: drop }`;
}

function yamlKey(path: string): string {
  const isPlain =
    /^[\p{L}_][\p{L}\p{N}_.-]*(?:\[\][\p{L}\p{N}_.[\]-]*)*$/u.test(path) && !/^(?:true|false|null)$/i.test(path);
  return isPlain ? path : `'${path.replaceAll("'", "''")}'`;
}

/** veil.yaml for embedded use and a broker on this machine, with the places of `EMBEDDED`. */
export function starterDeployment(): string {
  return `# Where and how veil runs. What is protected and how stands in policies. Every entry: docs/operations.md.
version: 1
kafka:
  brokers: ["127.0.0.1:9092"]
  instanceId: veil-1 # unique and stable for each running instance
keys:
  # The passphrase of the key ring, if it has one, comes from VEIL_PASSPHRASE.
  provider: { file: ${EMBEDDED.keyRing} }
  store: { sqlite: ${EMBEDDED.keyStore} }
desk:
  # Failed records are encrypted to this key. The private half (${EMBEDDED.deskPrivateKey}) belongs on another machine.
  publicKey: ${EMBEDDED.deskPublicKey}
metrics: { host: 127.0.0.1, port: 9404 }
log: { level: info }
`;
}
