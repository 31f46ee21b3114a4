import { utf8 } from '../../src/core/bytes.js';
import { loadPolicy } from '../../src/policy/load.js';
import type { Policy } from '../../src/policy/policy.js';

/** The smallest valid policy around some rules; the rules' first line is line 8. */
export function policyText(fields: string, header = ''): string {
  return `version: 1
name: orders-analytics
purpose: order-analytics
source: { topic: orders.raw, format: json }
sink: { topic: orders.analytics }
quarantine: { topic: orders.quarantine }
fields:
${fields}
${header}`;
}

/** Findings of a policy text as `line:col CODE` (warnings begin with `~`), in the order of the file. */
export function found(text: string, env: Readonly<Record<string, string>> = {}): string[] {
  const { diagnostics } = loadPolicy('p.yaml', utf8(text), env);
  return diagnostics.map(d => `${d.severity === 'warning' ? '~' : ''}${d.line}:${d.col} ${d.code}`);
}

/** A policy that must be valid. */
export function policyOf(text: string, env: Readonly<Record<string, string>> = {}): Policy {
  const { policy, diagnostics } = loadPolicy('p.yaml', utf8(text), env);
  if (policy === undefined)
    throw new Error(diagnostics.map(d => `${d.line}:${d.col} ${d.code} ${d.message}`).join('\n'));
  return policy;
}
