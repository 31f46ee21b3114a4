import type { Findings, Place } from './findings.js';
import type { YamlScalar, YamlTree } from './yaml-tree.js';

/** Environment variables, injected: `process.env` in the programs. */
export type Environment = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::([^}]*))?\}/g;

/**
 * Replaces `${NAME}` and `${NAME:default}` inside the text scalars of a tree, in place. It works on parsed scalars, so a value
 * of the environment can never become structure; keys are left alone. An unset variable without default, and a `${` that begins
 * no reference, are findings; values of the environment are never repeated in one.
 */
export function interpolate(tree: YamlTree, env: Environment, findings: Findings): void {
  if (tree.type === 'map') for (const entry of tree.entries) interpolate(entry.value, env, findings);
  else if (tree.type === 'list') for (const item of tree.items) interpolate(item, env, findings);
  else if (typeof tree.value === 'string' && tree.value.includes('${'))
    interpolateScalar(tree, tree.value, env, findings);
}

function interpolateScalar(scalar: YamlScalar, text: string, env: Environment, findings: Findings): void {
  const { line, col } = scalar.textPlace;
  const placeAt = (offset: number): Place => ({ line, col: col + offset });
  scalar.interpolated = true;
  scalar.value = text.replace(REFERENCE, (_all, name: string, otherwise: string | undefined, offset: number) => {
    const value = env[name] ?? otherwise;
    if (value !== undefined) return value;
    findings.error('POLICY_ENV', placeAt(offset), { message: `the environment variable ${name} is not set` });
    return '';
  });
  const stray = text.replace(REFERENCE, all => ' '.repeat(all.length)).indexOf('${');
  if (stray >= 0) {
    findings.error('POLICY_ENV', placeAt(stray), {
      message: '"${" begins no reference',
      fix: 'write ${NAME} or ${NAME:default}',
    });
  }
}
