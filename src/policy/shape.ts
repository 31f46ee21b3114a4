import { z } from 'zod';
import { kindOf } from '../core/errors.js';
import type { Findings, Place } from './findings.js';
import { nearestWord } from './nearest-word.js';
import { interpolatedValue, plainOf, type TreePath, treeAt } from './plain-tree.js';
import type { YamlTree } from './yaml-tree.js';

/** The part of JSON Schema that says which names and words a place accepts. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly maxLength?: number;
}

type Issue = z.core.$ZodIssue;

/**
 * Checks one part of a file against a zod schema and returns its value, or undefined after reporting every mistake at its own
 * place. `section` is how messages call this part ("the rule", "kafka"). Messages are written here: the library's never pass.
 */
export function checkShape<T>(
  schema: z.ZodType<T>,
  tree: YamlTree,
  section: string,
  findings: Findings,
): T | undefined {
  const shape = jsonSchemaOf(schema);
  const result = schema.safeParse(plainOf(tree, (path, text) => interpolatedValue(typeAt(shape, path), text)));
  if (result.success) return result.data;
  for (const issue of result.error.issues) report(issue, { tree, shape, section, findings });
  return undefined;
}

const schemas = new WeakMap<z.ZodType, SchemaNode>();

/** JSON Schema (draft 7) of what a file may say, before defaults are filled in. Made once for each shape. */
export function jsonSchemaOf(shape: z.ZodType): SchemaNode {
  const known = schemas.get(shape);
  if (known !== undefined) return known;
  const schema = z.toJSONSchema(shape, { target: 'draft-7', io: 'input', unrepresentable: 'any' }) as SchemaNode;
  schemas.set(shape, schema);
  return schema;
}

interface Surroundings {
  readonly tree: YamlTree;
  readonly shape: SchemaNode;
  readonly section: string;
  readonly findings: Findings;
}

function report(issue: Issue, around: Surroundings): void {
  const { findings, tree } = around;
  const path = issue.path as TreePath;
  const found = treeAt(tree, path);
  const name = path.length === 0 ? around.section : `"${path.join('.')}"`;
  if (issue.code === 'unrecognized_keys') reportUnknownNames(issue.keys, path, around);
  else if (found === undefined) reportMissing(path, around);
  else if (issue.code === 'invalid_value') reportWord(found, name, issue.values.map(String), around);
  else if (issue.code === 'invalid_union' && issue.discriminator !== undefined)
    reportWord(found, name, wordsAt(around.shape, path), around);
  else if (issue.code === 'invalid_union') reportType(found, name, 'scalar', findings);
  else if (issue.code === 'invalid_type') reportType(found, name, issue.expected, findings);
  else findings.error('POLICY_BOUNDS', found.place, { message: `${name} ${boundsText(issue)}` });
}

/** A file of another kind has nothing but unknown names. */
const MAX_UNKNOWN = 50;

function reportUnknownNames(keys: readonly string[], path: TreePath, around: Surroundings): void {
  const parent = treeAt(around.tree, path);
  const node = nodeAt(around.shape, path, around.tree);
  const known = Object.keys(node?.properties ?? {});
  const section = path.length === 0 ? around.section : `"${path.join('.')}"`;
  for (const key of keys.slice(0, MAX_UNKNOWN)) {
    const entry = parent?.type === 'map' ? parent.entries.find(({ name }) => name === key) : undefined;
    const near = nearestWord(key, known);
    around.findings.error('POLICY_UNKNOWN_WORD', entry?.place ?? around.tree.place, {
      message: `${section} has no entry "${printable(key)}"`,
      fix: near === undefined ? `it has: ${known.join(', ')}` : `did you mean "${near}"?`,
    });
  }
}

function reportMissing(path: TreePath, { tree, section, findings }: Surroundings): void {
  const last = path.at(-1);
  const parentPath = path.slice(0, -1);
  const parent = parentPath.length === 0 ? section : `"${parentPath.join('.')}"`;
  const place = treeAt(tree, parentPath)?.place ?? tree.place;
  findings.error('POLICY_MISSING', place, {
    message: `${parent} needs "${String(last)}"`,
    fix: `add "${String(last)}"`,
  });
}

/** A word that is not one of the listed ones. Text that came from the environment is not repeated. */
function reportWord(found: YamlTree, name: string, words: readonly string[], { findings }: Surroundings): void {
  const listed = `use one of: ${words.join(', ')}`;
  if (found.type !== 'scalar' || typeof found.value !== 'string') {
    findings.error('POLICY_TYPE', found.place, {
      message: `${name} must be ${one(words)}, got ${treeKind(found)}`,
      fix: listed,
    });
    return;
  }
  const near = found.interpolated ? undefined : nearestWord(found.value, words);
  const said = found.interpolated ? 'the value of its environment variable' : `"${printable(found.value)}"`;
  const fix = near === undefined ? listed : `did you mean "${near}"?`;
  findings.error('POLICY_UNKNOWN_WORD', found.place, { message: `${name} does not know ${said}`, fix });
}

function one(words: readonly string[]): string {
  return words.length === 1 ? (words[0] ?? '') : 'one of the listed words';
}

function reportType(found: YamlTree, name: string, expected: string, findings: Findings): void {
  if (expected === 'string' && found.type === 'scalar' && typeof found.value === 'number') {
    findings.error('POLICY_NUMERIC_SCALAR', found.place, { message: `${name} is text, but a number stands here` });
    return;
  }
  const wanted = TYPE_WORDS[expected] ?? expected;
  findings.error('POLICY_TYPE', found.place, {
    message: `${name} must be ${wanted}, got ${treeKind(found)}`,
    fix: `write ${wanted}`,
  });
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'a map',
  record: 'a map',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  scalar: 'one value',
};

function boundsText(issue: Issue): string {
  const unit =
    'origin' in issue && issue.origin === 'string'
      ? ' characters'
      : 'origin' in issue && issue.origin === 'array'
        ? ' items'
        : '';
  if (issue.code === 'too_big')
    return `must be at ${issue.inclusive === false ? 'less than' : 'most'} ${String(issue.maximum)}${unit}`;
  if (issue.code === 'too_small')
    return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${String(issue.minimum)}${unit}`;
  // Formats and custom checks carry a message written in this project.
  return issue.code === 'invalid_format' || issue.code === 'custom'
    ? `must be ${issue.message}`
    : 'is outside its bounds';
}

/** The schema of a place; a union is resolved by the word that stands in the file. */
function nodeAt(shape: SchemaNode, path: TreePath, tree: YamlTree | undefined): SchemaNode | undefined {
  const options = shape.oneOf ?? shape.anyOf;
  if (options !== undefined) {
    const option = options.find(({ properties }) => chooses(properties ?? {}, tree));
    return option === undefined ? undefined : nodeAt(option, path, tree);
  }
  const [step, ...rest] = path;
  if (step === undefined) return shape;
  const inner = typeof step === 'number' ? shape.items : shape.properties?.[step];
  return inner === undefined ? undefined : nodeAt(inner, rest, tree === undefined ? undefined : treeAt(tree, [step]));
}

function chooses(properties: Readonly<Record<string, SchemaNode>>, tree: YamlTree | undefined): boolean {
  if (tree?.type !== 'map') return false;
  return Object.entries(properties).some(([name, { const: word }]) => {
    const value = treeAt(tree, [name]);
    return word !== undefined && value?.type === 'scalar' && value.value === word;
  });
}

function typeAt(shape: SchemaNode, path: TreePath): string | undefined {
  return nodeAt(shape, path, undefined)?.type;
}

/** The words that choose between the options of a union. */
function wordsAt(shape: SchemaNode, path: TreePath): string[] {
  const last = path.at(-1);
  const options = shape.oneOf ?? shape.anyOf ?? [];
  return options.flatMap(({ properties }) => {
    const word = last === undefined ? undefined : properties?.[String(last)]?.const;
    return typeof word === 'string' ? [word] : [];
  });
}

function treeKind(tree: YamlTree): string {
  return tree.type === 'map' ? 'a map' : tree.type === 'list' ? 'a list' : kindOf(tree.value);
}

/** Words of the file in messages: short and without control characters. */
function printable(word: string): string {
  const clean = word.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
  return clean.length > 60 ? `${clean.slice(0, 60)}…` : clean;
}

/** Where an entry's name stands, or the map itself when it has no such entry. */
export function entryPlace(tree: YamlTree, name: string): Place {
  const entry = tree.type === 'map' ? tree.entries.find(candidate => candidate.name === name) : undefined;
  return entry?.value.place ?? tree.place;
}
