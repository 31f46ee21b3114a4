import type { TransformDefinition } from '../src/transform/spec.js';
import { keysOf } from './parts/keyed.js';
import { tagTokens } from './parts/tag-tokens.js';

/**
 * hash: a keyed digest (PRF) of the value as a token `h1-<epoch>-<32 hex>`. Equal values of one field of one route are equal; they
 * link to nothing else unless the rule names a domain. An unkeyed digest does not exist here: all mobile numbers can be tried in
 * minutes. An object or array is hashed in its canonical text; the JSON type is not part of the digest, so 5 and "5" are equal.
 * When not to use it: to join with other topics on purpose; that is `pseudonymize`, where the domain is stated.
 * What an attacker still learns: which records hold equal values, and how often each occurs.
 */
export const hash: TransformDefinition = {
  spec: {
    name: 'hash',
    summary: 'a keyed digest that links equal values of this field only',
    family: 'cryptographic',
    way: 'column',
    reversible: 'with the domain key',
    deterministic: 'per epoch',
    keyed: true,
    linking: 'path',
    input: 'normal',
    needsKind: false,
    subtree: true,
    output: 'string',
    parameters: {},
    analystCan: 'count distinct values, group by them and join inside this field',
    attackerLearns:
      'which records hold equal values and how frequent each is; with the domain key also guesses of the value',
    whenNotToUse: 'for joins between fields or topics: use pseudonymize with a named domain',
    examples: [
      { kind: 'email', in: 'li.lei@example.com', out: { matches: '^h1-\\d+-[0-9a-f]{32}$' } },
      { in: { city: '深圳市', floor: 3 }, out: { matches: '^h1-\\d+-[0-9a-f]{32}$' } },
    ],
    lint: (_params, kind) =>
      kind?.name === 'free-text'
        ? [
            {
              severity: 'weak',
              message: 'texts are rarely equal, so the digest says nothing',
              fix: 'drop or encrypt it',
            },
          ]
        : [],
  },
  create: (_params, context) => tagTokens('h1', keysOf(context)),
};
