import { isDeepStrictEqual } from 'node:util';
import { type EventSize, SENSITIVE } from './events.js';

type Tree = Record<string, Record<string, unknown>>;

/**
 * Compares outputs with their inputs, independently of how they were made: everything that is not sensitive is the same, every
 * sensitive value became something else, and per path equal values became equal tokens and different values different ones.
 * Throws on the first difference, naming the path only.
 */
export function checkOutputs(size: EventSize, inputs: readonly Uint8Array[], outputs: readonly Uint8Array[]): void {
  if (inputs.length !== outputs.length) throw new Error(`${outputs.length} outputs for ${inputs.length} inputs`);
  const links = SENSITIVE[size].map(() => ({ forth: new Map<unknown, unknown>(), back: new Map<unknown, unknown>() }));
  inputs.forEach((bytes, n) => {
    const [input, output] = [parsed(bytes), parsed(outputs[n] ?? new Uint8Array())];
    SENSITIVE[size].forEach(([parent, name], i) => {
      const [original, token] = [take(input, parent, name), take(output, parent, name)];
      const { forth, back } = links[i] ?? { forth: new Map(), back: new Map() };
      if (token === original || typeof token !== 'string')
        throw new Error(`record ${n}: ${parent}.${name} was not replaced`);
      if (put(forth, original, token) !== token)
        throw new Error(`record ${n}: ${parent}.${name} has two tokens for one value`);
      if (put(back, token, original) !== original)
        throw new Error(`record ${n}: ${parent}.${name} has one token for two values`);
    });
    if (!isDeepStrictEqual(input, output)) throw new Error(`record ${n}: a kept field changed`);
  });
}

const parsed = (bytes: Uint8Array): Tree => JSON.parse(Buffer.from(bytes).toString()) as Tree;

function take(tree: Tree, parent: string, name: string): unknown {
  const holder = tree[parent];
  const value = holder?.[name];
  delete holder?.[name];
  return value;
}

function put(map: Map<unknown, unknown>, key: unknown, value: unknown): unknown {
  if (!map.has(key)) map.set(key, value);
  return map.get(key);
}
