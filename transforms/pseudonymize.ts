import { VeilError } from '../src/core/errors.js';
import type { Kind } from '../src/kinds/kind.js';
import type { Parameters, RuleFinding, TransformDefinition } from '../src/transform/spec.js';
import { keysOf } from './parts/keyed.js';
import { samePseudonyms } from './parts/same-pseudonyms.js';
import { tagTokens } from './parts/tag-tokens.js';

/** log10 of the smallest domain for format-preserving encryption (SP 800-38G Rev. 1, section 5.1). */
const SMALLEST_DOMAIN_LOG10 = 6;

/**
 * pseudonymize: equal values get equal pseudonyms everywhere in the named domain and nowhere else; another domain, kind or epoch
 * gives unrelated ones. `form: token` writes `p1-<epoch>-<32 hex>`; `form: same` writes another valid value of the kind by
 * format-preserving encryption (FF1, NIST SP 800-38G), without epoch and not to be told from a real one.
 * When not to use it: to publish data (a pseudonym is personal information, GB/T 35273 3.15), and for texts.
 * What an attacker still learns: which records are of one person, how many, and whatever the other fields say about them.
 */
export const pseudonymize: TransformDefinition = {
  spec: {
    name: 'pseudonymize',
    summary: 'a stable stand-in that joins inside a named domain',
    family: 'pseudonymization',
    way: 'column',
    reversible: 'with the domain key',
    deterministic: 'per epoch',
    keyed: true,
    linking: 'domain',
    input: 'normal',
    needsKind: true,
    subtree: false,
    output: 'string or number',
    parameters: {
      form: {
        type: 'choice',
        values: ['token', 'same'],
        default: 'token',
        about: 'token: p1-<epoch>-<hex>; same: another valid value of the kind (format-preserving)',
      },
    },
    analystCan: 'join, count distinct and follow one person inside the domain',
    attackerLearns: 'which records belong together; with the domain key also guesses of the value',
    whenNotToUse: 'as anonymisation: pseudonyms are personal information; and for free text',
    examples: [
      { kind: 'account-id', params: { form: 'token' }, in: 'user-10086', out: { matches: '^p1-\\d+-[0-9a-f]{32}$' } },
      { kind: 'cn-mobile', params: { form: 'same' }, in: '13800138000', out: { matches: '^1[3-9]\\d{9}$' } },
      { kind: 'cn-mobile', params: { form: 'same' }, in: 13800138000, out: { matches: '^1[3-9]\\d{9}$' } },
    ],
    lint: lintPseudonymize,
  },
  create(params, context) {
    const keys = keysOf(context);
    if (params.form !== 'same') return tagTokens('p1', keys);
    const fpe = context.kind?.fpe;
    if (fpe === undefined) throw new VeilError('RULE_KIND', { where: context.path.text });
    return samePseudonyms(fpe, keys.fpe('same'));
  },
};

function lintPseudonymize(params: Parameters, kind: Kind | undefined): readonly RuleFinding[] {
  if (kind === undefined) return [];
  if (params.form === 'same' && kind.fpe === undefined) {
    return [{ severity: 'wrong', message: `${kind.name} has no format to preserve`, fix: 'use form: token' }];
  }
  if (params.form === 'same' && kind.guessSpaceLog10 < SMALLEST_DOMAIN_LOG10) {
    return [
      {
        severity: 'wrong',
        message: `there are fewer than 10^${SMALLEST_DOMAIN_LOG10} values of ${kind.name}: too few for format-preserving encryption`,
        fix: 'use form: token',
      },
    ];
  }
  if (kind.name === 'free-text') {
    return [
      {
        severity: 'weak',
        message: 'texts are rarely equal, so pseudonyms of them join nothing',
        fix: 'drop or encrypt it',
      },
    ];
  }
  return [];
}
