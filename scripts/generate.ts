import { readFileSync, writeFileSync } from 'node:fs';
import { policySchemaText, SCHEMA_FILE } from '../src/policy/json-schema.js';
import { withTables } from '../src/policy/operations-tables.js';
import { policyReference } from '../src/policy/reference.js';

/** Files that are made from the source; tests/policy/generated.test.ts fails when they drift. Run in the project's directory. */
writeFileSync(SCHEMA_FILE, policySchemaText());
writeFileSync('docs/policy-reference.md', policyReference());
writeFileSync('docs/operations.md', withTables(readFileSync('docs/operations.md', 'utf8')));
