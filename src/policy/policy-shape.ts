import { z } from 'zod';
import { nameShape, proseShape, ruleShape } from './rule-shape.js';

const TOPIC = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/;
const topic = z.string().regex(TOPIC, 'a Kafka topic: 1-249 letters, digits, ".", "_" or "-"').optional();
const file = z.string().min(1).max(4096).optional();
const path = z.string().min(1).max(1024);
const oneCharacter = z.string().regex(/^[\t\u0020-\u007e]$/, 'one ASCII character');

const sourceShape = z.strictObject({
  topic: topic.describe('Kafka topic to read'),
  file: file.describe('file to read; `veil replay --in` overrides it'),
  format: z.enum(['json', 'csv']).optional().describe('default: csv for files ending in .csv, otherwise json'),
  delimiter: oneCharacter.optional().describe('CSV: between cells, default ","'),
  quote: oneCharacter.optional().describe("CSV: around cells, default '\"'"),
  encoding: z.enum(['utf-8', 'gb18030']).optional().describe('CSV: text encoding, default utf-8'),
});

const sinkShape = z.strictObject({
  topic: topic.describe('Kafka topic to write'),
  file: file.describe('file to write; `veil replay --out` overrides it'),
  neutralizeFormulas: z
    .boolean()
    .optional()
    .describe('CSV: put an apostrophe before cells that a spreadsheet would run as a formula'),
});

const quarantineShape = z.strictObject({
  topic: topic.describe('Kafka topic for encrypted failed records'),
  file: file.describe('file for encrypted failed records'),
});

/** The entry `then`, made so that no object literal of this program looks like a promise. */
const afterwards = Object.fromEntries([['then', z.literal('delete').describe('what happens after that')]]) as Readonly<
  Record<'then', z.ZodLiteral<'delete'>>
>;

/** Everything of a policy file but its fields, which are checked one by one so that every mistake has its own place. */
export const headerShape = z.strictObject({
  version: z.literal(1).describe('version of the policy language'),
  name: nameShape.describe('name of the route; default domain of keys and part of what encrypted fields are bound to'),
  purpose: proseShape(200).describe('what the output is for (GB/T 35273 7.3)'),
  description: proseShape(2000).optional().describe('prose for people'),
  source: sourceShape.describe('where records come from'),
  sink: sinkShape.describe('where de-identified records go'),
  quarantine: quarantineShape.optional().describe('where failed records go, encrypted to the desk'),
  subject: path.optional().describe('path of the person whose record it is'),
  eventTime: path.optional().describe('path of the time from which retention counts'),
  key: path.optional().describe('field whose result becomes the Kafka key of the output'),
  partition: z
    .enum(['by-key', 'same'])
    .default('by-key')
    .describe('output partition: by hash of the key, or as in the source'),
  lineage: z.boolean().default(true).describe('add a header with source topic, partition and offset'),
  unlisted: z.enum(['drop', 'quarantine']).default('drop').describe('what happens to fields that no rule names'),
  fields: z.custom(value => value !== undefined),
  sample: z
    .strictObject({
      rate: z.number().gt(0).max(1).describe('share of the subjects that stay'),
      domain: nameShape.describe('routes with one domain keep the same subjects'),
    })
    .optional()
    .describe('keep the records of a stable share of the subjects'),
  retention: z
    .strictObject({
      keep: z
        .string()
        .regex(/^[1-9]\d{0,4}d$/, 'a number of days such as 180d')
        .describe('how long the output may be kept'),
      ...afterwards,
    })
    .optional()
    .describe('how long the output may exist (GB/T 35273 6.1)'),
  allowPlaintext: proseShape(500).optional().describe('why sensitive fields may cross a network without TLS'),
  tests: file.describe('policy tests, relative to this file'),
});

/** A validated header. */
export type PolicyHeader = z.output<typeof headerShape>;

/** The whole file, for editors: veil.schema.json is made from it. */
export const policyShape = headerShape.extend({
  fields: z.record(z.string(), ruleShape).describe('one rule for every field that may leave; the rest is dropped'),
});
