import { policyShape } from './policy-shape.js';
import { jsonSchemaOf } from './shape.js';

/** Name of the schema's file, in the package and beside policies: editors complete and check words with it. */
export const SCHEMA_FILE = 'veil.schema.json';

/** The schema as its file holds it. */
export function policySchemaText(): string {
  return `${JSON.stringify(policyJsonSchema(), undefined, 2)}\n`;
}

/**
 * JSON Schema (draft 7, which editors' YAML servers understand) of a policy file, made from the same shapes that check policies.
 * It knows words, types and bounds; what entries mean together is checked by `veil lint`.
 */
export function policyJsonSchema(): object {
  return {
    ...jsonSchemaOf(policyShape),
    title: 'Veilstream policy',
    description: 'What may leave a topic or file, in which form, and for which purpose. See docs/policy-reference.md.',
  };
}
