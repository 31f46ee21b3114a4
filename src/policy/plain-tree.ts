import type { YamlScalar, YamlTree } from './yaml-tree.js';

/** Names and indexes from the root of a tree. */
export type TreePath = readonly (string | number)[];

/** The part of a tree at a path, or undefined when there is none. */
export function treeAt(tree: YamlTree, path: TreePath): YamlTree | undefined {
  let at: YamlTree | undefined = tree;
  for (const step of path) {
    if (at?.type === 'map') at = at.entries.find(({ name }) => name === step)?.value;
    else if (at?.type === 'list' && typeof step === 'number') at = at.items[step];
    else return undefined;
  }
  return at;
}

/** The tree as plain values. Objects have no prototype, so that no name of a file (`__proto__`) means more than a name. */
export function plainOf(
  tree: YamlTree,
  interpolated: (path: TreePath, text: string) => unknown = (_path, text) => text,
  path: TreePath = [],
): unknown {
  if (tree.type === 'list') return tree.items.map((item, index) => plainOf(item, interpolated, [...path, index]));
  if (tree.type === 'scalar') return plainScalar(tree, path, interpolated);
  const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const { name, value } of tree.entries) object[name] = plainOf(value, interpolated, [...path, name]);
  return object;
}

function plainScalar(
  scalar: YamlScalar,
  path: TreePath,
  interpolated: (path: TreePath, text: string) => unknown,
): unknown {
  return scalar.interpolated && typeof scalar.value === 'string' ? interpolated(path, scalar.value) : scalar.value;
}

/** Environment variables are text; where a number, a flag or a list is expected, text that spells one (a,b,c) becomes one. */
export function interpolatedValue(type: string | undefined, text: string): unknown {
  if ((type === 'integer' || type === 'number') && /^-?\d{1,15}(\.\d{1,15})?$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return type === 'array' ? text.split(',').map(item => item.trim()) : text;
}
