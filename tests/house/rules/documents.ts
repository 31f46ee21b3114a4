import { posix } from 'node:path';
import ts from 'typescript';
import { type Finding, parse, type Rule, type Tree, walk } from '../tree.js';

const isPage = (path: string): boolean => /^(README\.md|docs\/[\w-]+\.md)$/.test(path);

/** A path of the project in code marks, with a test's titles behind it: `tests/a.test.ts`: "one title", "another". */
const NAMED = /`((?:src|transforms|configs|scripts|tests|docs|bench)\/[\w./-]*)`((?::|,)? ?"[^"]+"(?:, "[^"]+")*)?/g;
const LINK = /\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g;

/** A page, the place in it, and what it names. */
interface Naming {
  readonly path: string;
  readonly line: number;
  readonly named: string;
  readonly titles: readonly string[];
}

/** Every path that a page names in code marks, with the test titles behind it. */
export function namingsOf(path: string, text: string): Naming[] {
  return text.split('\n').flatMap((content, index) =>
    [...content.matchAll(NAMED)].map(([, named = '', titles = '']) => ({
      path,
      line: index + 1,
      named,
      titles: [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title),
    })),
  );
}

/**
 * Titles of a test file: what describe, it and test are called with, and the first texts of the rows of their tables, which may
 * stand in a constant.
 */
export function titlesOf(path: string, text: string): ReadonlySet<string> {
  const titles = new Set<string>();
  walk(parse(path, text), node => {
    const first = isTestCall(node)
      ? node.arguments[0]
      : ts.isArrayLiteralExpression(node)
        ? node.elements[0]
        : undefined;
    if (first !== undefined && ts.isStringLiteralLike(first)) titles.add(first.text);
  });
  return titles;
}

function isTestCall(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && /^(describe|it|test)\b/.test(node.expression.getText());
}

function exists(tree: Tree, path: string): boolean {
  const folder = path.endsWith('/') ? path : `${path}/`;
  return tree.has(path) || [...tree.keys()].some(name => name.startsWith(folder));
}

function checkNaming(tree: Tree, { path, line, named, titles }: Naming): Finding[] {
  if (!exists(tree, named)) return [{ path, line, says: `${named} does not exist` }];
  if (titles.length === 0) return [];
  const known = titlesOf(named, tree.get(named) ?? '');
  return titles
    .filter(title => !known.has(title))
    .map(title => ({ path, line, says: `${named} has no test "${title}"` }));
}

function checkLinks(tree: Tree, path: string, text: string): Finding[] {
  return text.split('\n').flatMap((content, index) =>
    [...content.matchAll(LINK)]
      .map(([, target = '']) => posix.join(posix.dirname(path), target))
      .filter(target => !exists(tree, target))
      .map(target => ({ path, line: index + 1, says: `the link leads to ${target}, which does not exist` })),
  );
}

const PROOF = 'tests/a/a.test.ts';
const TEST = "it('holds', () => {}); const ROWS = [['a row', 1]]; it.each(ROWS)('%s', () => {});";

/** What the pages name is there: files, folders, tests by their titles, and where links lead. */
export const documents: Rule = {
  name: 'documents name files and tests that exist',
  check: tree =>
    [...tree]
      .filter(([path]) => isPage(path))
      .flatMap(([path, text]) => [
        ...namingsOf(path, text).flatMap(naming => checkNaming(tree, naming)),
        ...checkLinks(tree, path, text),
      ]),
  bites: [
    { 'docs/clauses.md': 'see `src/a/gone.ts`' },
    { 'README.md': '[more](docs/gone.md)' },
    { 'docs/a.md': '[more](gone.md)' },
    { 'docs/clauses.md': `| 7.2 | \`${PROOF}\`: "holds", "gone" |`, [PROOF]: TEST },
    { 'docs/threat-model.md': `\`${PROOF}\` "another row"`, [PROOF]: TEST },
  ],
  spares: [
    { 'docs/clauses.md': `\`${PROOF}\`: "holds", "a row" and \`tests/a\``, [PROOF]: TEST },
    { 'README.md': '[more](docs/a.md#part), [site](https://example.com)', 'docs/a.md': '[back](../README.md)' },
    { 'src/a/a.ts': '// `src/a/gone.ts`' },
  ],
};
