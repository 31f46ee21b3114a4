import type { Plan } from './plan.js';

/** The domains whose keys a plan needs, each once, sorted: what `openKeyRing` and `domainsMissing` take. */
export function planDomains(plan: Plan): readonly string[] {
  const rules = plan.sample === undefined ? plan.rules : [...plan.rules, plan.sample];
  const domains = rules.flatMap(({ keyScope }) => (keyScope === undefined ? [] : [keyScope.domain]));
  return [...new Set(domains)].sort();
}
