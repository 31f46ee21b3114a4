import { describe, expect, it } from 'vitest';
import { CODES } from '../../src/core/codes.js';
import { Token } from '../../src/core/token.js';
import { KINDS } from '../../src/kinds/index.js';
import { hash } from '../../transforms/hash.js';
import { transformNamed } from '../../transforms/index.js';
import { contextOf, run } from '../testkit/apply-transform.js';

const textOf = (rule: Parameters<typeof run>[1], text: string, token: number = Token.STRING): string | undefined =>
  run(hash, rule, [{ text, token }])[0]?.text;

describe('hash', () => {
  it('links equal values of one field only, unless a domain is named', () => {
    const here = textOf({ path: 'user.email' }, 'a@example.com');
    expect(textOf({ path: 'user.email' }, 'a@example.com')).toBe(here);
    expect(textOf({ path: 'seller.email' }, 'a@example.com')).not.toBe(here);
    const shared = { scope: { domain: 'mails', path: '' } };
    expect(textOf({ ...shared, path: 'user.email' }, 'a@example.com')).toBe(
      textOf({ ...shared, path: 'x' }, 'a@example.com'),
    );
  });

  it('differs between the PRF suites and from the pseudonym', () => {
    const cmac = textOf({}, 'x');
    expect(textOf({ scope: { suite: 'intl-hmac' } }, 'x')).not.toBe(cmac);
    const pseudonymize = transformNamed('pseudonymize');
    const kind = KINDS.get('account-id');
    const [pseudonym] = pseudonymize === undefined ? [] : run(pseudonymize, { kind }, [{ text: 'x-1' }]);
    expect(pseudonym?.text?.slice(-32)).not.toBe(textOf({ kind }, 'x-1')?.slice(-32));
  });

  it('takes subtrees and does not tell 5 from "5"', () => {
    expect(hash.spec.subtree).toBe(true);
    expect(textOf({}, '{"a":[1,2]}', Token.OBJECT)).toMatch(/^h1-1-[0-9a-f]{32}$/);
    expect(textOf({}, '5', Token.NUMBER)).toBe(textOf({}, '5'));
  });

  it('cannot be made without keys', () => {
    expect(CODES.INTERNAL.category).toBe('internal');
    expect(() => hash.create({}, { ...contextOf(hash, {}), keys: undefined })).toThrow(/^INTERNAL: user\.field/);
  });
});
