import { createCipheriv } from 'node:crypto';
import { concatBytes } from '../../src/core/bytes.js';

const ZERO = new Uint8Array(16);

/** One AES block, by a fresh cipher object. */
function block(key: Uint8Array, input: Uint8Array): Uint8Array {
  return createCipheriv(`aes-${key.length * 8}-ecb`, key, null)
    .setAutoPadding(false)
    .update(input);
}

function asBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function asBlock(x: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(BigInt.asUintN(128, x).toString(16).padStart(32, '0'), 'hex'));
}

/** dbl of RFC 5297 with big integers. */
export function referenceDouble(bytes: Uint8Array): Uint8Array {
  const x = asBigInt(bytes) << 1n;
  return asBlock(x >> 128n === 1n ? x ^ 0x87n : x);
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return asBlock(asBigInt(a) ^ asBigInt(b));
}

/** AES-CMAC written straight from RFC 4493, with OpenSSL's CBC: shares no line with the product. Hex. */
export function referenceCmac(key: Uint8Array, message: Uint8Array): string {
  const k1 = referenceDouble(block(key, ZERO));
  const whole = message.length > 0 && message.length % 16 === 0;
  const cut = whole ? message.length - 16 : Math.floor(message.length / 16) * 16;
  const tail = message.subarray(cut);
  const padded = whole ? tail : concatBytes(tail, Uint8Array.of(0x80), ZERO.subarray(tail.length + 1));
  const last = xor(padded, whole ? k1 : referenceDouble(k1));
  const cbc = createCipheriv(`aes-${key.length * 8}-cbc`, key, ZERO).setAutoPadding(false);
  return cbc
    .update(concatBytes(message.subarray(0, cut), last))
    .subarray(-16)
    .toString('hex');
}

/** AES-SIV written straight from RFC 5297: V ‖ C, hex. */
export function referenceSiv(key: Uint8Array, components: readonly Uint8Array[], plaintext: Uint8Array): string {
  const k1 = key.subarray(0, key.length / 2);
  const mac = (message: Uint8Array) => new Uint8Array(Buffer.from(referenceCmac(k1, message), 'hex'));
  let d: Uint8Array = mac(ZERO);
  for (const component of components) d = xor(referenceDouble(d), mac(component));
  const short = plaintext.length < 16;
  const cut = short ? 0 : plaintext.length - 16;
  const end = short
    ? concatBytes(plaintext, Uint8Array.of(0x80), ZERO.subarray(plaintext.length + 1))
    : plaintext.subarray(cut);
  const v = mac(concatBytes(plaintext.subarray(0, cut), xor(end, short ? referenceDouble(d) : d)));
  const counter = asBlock(asBigInt(v) & ~((1n << 63n) | (1n << 31n)));
  const stream = createCipheriv(`aes-${key.length * 4}-ctr`, key.subarray(key.length / 2), counter);
  return Buffer.concat([v, stream.update(plaintext)]).toString('hex');
}
