import { fieldAssociatedData } from '../src/crypto/field-aead.js';
import { encryptTokenPrefix, writeEncryptToken } from '../src/crypto/token-grammar.js';
import type { TransformDefinition } from '../src/transform/spec.js';
import { keysOf } from './parts/keyed.js';

/**
 * encrypt: AES-SIV (RFC 5297) with a random nonce; token `e1-<key id>-<epoch>-<base64url>`. The associated data names route, field
 * path, key id and epoch, so a token moved elsewhere does not open. The value's bytes and JSON type come back exactly.
 * When not to use it: when nobody will ever need the value back (drop it), or when equal values must be found (pseudonymize).
 * What an attacker still learns: the length of the value in bytes, and that it is there.
 */
export const encrypt: TransformDefinition = {
  spec: {
    name: 'encrypt',
    summary: 'authenticated encryption that opens in this field of this route only',
    family: 'cryptographic',
    way: 'column',
    reversible: 'with the domain key',
    deterministic: 'no',
    keyed: true,
    linking: 'path',
    input: 'text',
    needsKind: false,
    subtree: true,
    output: 'string',
    parameters: {},
    analystCan: 'nothing without the key',
    attackerLearns: 'the length of the value in bytes',
    whenNotToUse: 'when nobody needs the value back, or equal values must be recognised',
    examples: [
      { kind: 'cn-id-card', in: '11010519491231002X', out: { matches: '^e1-[0-9a-f]{8}-\\d+-[A-Za-z0-9_-]{68}$' } },
      { in: { street: '人民路 1 号' }, out: { matches: '^e1-[0-9a-f]{8}-\\d+-[A-Za-z0-9_-]+$' } },
    ],
  },
  create(_params, context) {
    const keys = keysOf(context);
    const { keyId, epoch } = keys;
    const place = { policy: context.policy, path: context.path.text, keyId, epoch };
    const cipher = keys.aead(fieldAssociatedData(place));
    const prefix = encryptTokenPrefix(keyId, epoch);
    let sealed: Uint8Array = new Uint8Array(0);
    let sealedStarts = new Uint32Array(0);
    return {
      apply(column, out) {
        const { count, starts, ends } = column;
        if (count >= sealedStarts.length) sealedStarts = new Uint32Array(2 * count + 1);
        let size = 0;
        for (let row = 0; row < count; row++) {
          sealedStarts[row] = size;
          size += cipher.overhead + 1 + (ends[row] ?? 0) - (starts[row] ?? 0);
        }
        sealedStarts[count] = size;
        if (size > sealed.length) sealed = new Uint8Array(2 * size);
        cipher.seal(column, sealed, sealedStarts);
        for (let row = 0; row < count; row++) {
          const at = writeEncryptToken(prefix, sealed, sealedStarts[row] ?? 0, sealedStarts[row + 1] ?? 0, out);
          out.plain(row, at, out.length);
        }
      },
    };
  },
};
