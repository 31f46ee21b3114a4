import type { RandomSource } from '../core/ports.js';
import { Secret } from '../core/secret.js';
import { deriveRuleKeys } from '../crypto/derive.js';
import type { KeyRing, RuleKeyScope } from './ports.js';

/**
 * A key ring with fresh random keys that exist only in this process: for `veil preview` and `veil test`, which must work before
 * there is a key store and must not make tokens that could be joined with real output.
 */
export function throwawayKeys(random: RandomSource): KeyRing {
  const domains = new Map<string, Secret>();
  const keyOf = (domain: string): Secret => {
    const known = domains.get(domain);
    if (known !== undefined) return known;
    const fresh = new Secret(random.bytes(32));
    domains.set(domain, fresh);
    return fresh;
  };
  return {
    get inUse() {
      return [...domains.keys()].map(domain => `${domain}/1/00000000`);
    },
    ruleKeys: (scope: RuleKeyScope) =>
      deriveRuleKeys(keyOf(scope.domain), { ...scope, suite: 'intl-cmac', epoch: 1, keyId: '00000000' }, random),
    close() {
      for (const secret of domains.values()) secret.wipe();
      domains.clear();
    },
  };
}
