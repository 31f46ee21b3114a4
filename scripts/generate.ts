import { readFileSync, writeFileSync } from 'node:fs';
import { policyJsonSchema } from '../src/policy/json-schema.js';
import { withTables } from '../src/policy/operations-tables.js';
import { policyReference } from '../src/policy/reference.js';

/** Files that are made from the source; tests/policy/generated.test.ts fails when they drift. Run in the project's directory. */
writeFileSync('veil.schema.json', `${JSON.stringify(policyJsonSchema(), undefined, 2)}\n`);
writeFileSync('docs/policy-reference.md', policyReference());
writeFileSync('docs/operations.md', withTables(readFileSync('docs/operations.md', 'utf8')));
