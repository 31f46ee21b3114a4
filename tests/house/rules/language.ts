import ts from 'typescript';
import { eachLine, eachNode, isProgram, isSource, type Rule } from '../tree.js';

// Texts that the rules look for are put together here, so that this file does not breach them itself.
const ANY = ['a', 'ny'].join('');
const IGNORE = ['@ts', 'ignore'].join('-');
const LINT_OFF = ['eslint', 'disable'].join('-');
const BIOME_OFF = ['biome', 'ignore'].join('-');

/** `any` switches the type checker off. */
export const noAny: Rule = {
  name: `no ${ANY}`,
  check: tree =>
    eachNode(tree, isSource, node => (node.kind === ts.SyntaxKind.AnyKeyword ? `${ANY} is used` : undefined)),
  bites: [{ 'src/a/a.ts': `const a: ${ANY} = 1;` }, { 'tests/a.ts': `const a = b as ${ANY};` }],
  spares: [{ 'src/a/a.ts': `// as ${ANY} text\nconst a: unknown = '${ANY}';` }],
};

/** `!` claims what the checker could not see. */
export const noNonNull: Rule = {
  name: 'no non-null assertion',
  check: tree => eachNode(tree, isSource, node => (ts.isNonNullExpression(node) ? 'a non-null assertion' : undefined)),
  bites: [{ 'src/a/a.ts': 'const a = b!.c;' }],
  spares: [{ 'src/a/a.ts': 'const a = !b && b !== c;' }],
};

/** Findings are mended, not switched off. */
export const noSuppression: Rule = {
  name: 'no comment switches a checker off',
  check: tree =>
    eachLine(
      tree,
      path => isSource(path) || isProgram(path),
      /@ts-(?:ignore|nocheck|expect-error)|eslint-(?:disable)|biome-(?:ignore)/,
      'a comment that switches a checker off',
    ),
  bites: [
    { 'src/a/a.ts': `// ${IGNORE}` },
    { 'tests/a.ts': `/* ${LINT_OFF} */` },
    { 'src/a/a.ts': `// ${BIOME_OFF} lint: x` },
  ],
  spares: [{ 'src/a/a.ts': '// the linter says' }],
};

function dynamicCode(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && node.expression.getText() === 'Function') return 'new Function';
  if (!ts.isCallExpression(node)) return undefined;
  const callee = node.expression.getText();
  if (/^(globalThis\.)?(eval|Function)$/.test(callee)) return `${callee}()`;
  const first = node.arguments[0];
  const literal = first !== undefined && ts.isStringLiteralLike(first);
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword && !literal) return 'an import whose target is computed';
  return undefined;
}

/** A policy is data: nothing is compiled or loaded from text at run time. */
export const noDynamicCode: Rule = {
  name: 'no code from text',
  check: tree => [
    ...eachNode(tree, path => /^(src|transforms)\//.test(path) && isSource(path), dynamicCode),
    ...eachLine(tree, path => /^(src|transforms)\//.test(path), /from '(node:)?vm'/, 'the vm module'),
  ],
  bites: [
    { 'src/a/a.ts': "eval('1')" },
    { 'src/a/a.ts': "new Function('a', 'return a')" },
    { 'src/a/a.ts': 'await import(name)' },
    { 'src/a/a.ts': "import { runInContext } from 'node:vm';" },
  ],
  spares: [{ 'src/a/a.ts': "await import('./b.js'); evaluate('1');" }],
};

const FORBIDDEN = [ts.SyntaxKind.EnumDeclaration, ts.SyntaxKind.ModuleDeclaration];

/** Only syntax that disappears when types are taken away: no enum, no namespace, no parameter property. */
export const erasableSyntax: Rule = {
  name: 'types are erasable',
  check: tree =>
    eachNode(tree, isSource, node => {
      if (FORBIDDEN.includes(node.kind)) return 'an enum or namespace';
      return ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent)
        ? 'a parameter property'
        : undefined;
    }),
  bites: [
    { 'src/a/a.ts': 'enum A { B }' },
    { 'src/a/a.ts': 'namespace A {}' },
    { 'src/a/a.ts': 'class A { constructor(private readonly b: number) {} }' },
  ],
  spares: [{ 'src/a/a.ts': 'class A { constructor(b: number) {} }' }],
};
