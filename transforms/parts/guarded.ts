import { VeilError } from '../../src/core/errors.js';
import type { TransformDefinition } from '../../src/transform/spec.js';

/**
 * A definition whose `create` refuses what its own lint calls wrong (POLICY_BOUNDS), so that such a rule can run nowhere, whoever
 * forgot to lint it.
 */
export function guarded(definition: TransformDefinition): TransformDefinition {
  const { spec } = definition;
  return {
    spec,
    create(params, context) {
      const findings = spec.lint?.(params, context.kind) ?? [];
      const found = findings.find(finding => finding.severity === 'wrong');
      if (found === undefined) return definition.create(params, context);
      throw new VeilError('POLICY_BOUNDS', { where: `${context.path.text} (${spec.name})`, next: found.fix });
    },
  };
}
