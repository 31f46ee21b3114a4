import ts from 'typescript';
import { eachNode, type Finding, isProduct, isProgram, isSource, type Rule, type Tree } from '../tree.js';

const FILE_LINES = 400;
const FUNCTION_LINES = 70;

const lines = (count: number): string => 'const a = 1;\n'.repeat(count);

function checkFileLength(tree: Tree): Finding[] {
  return [...tree]
    .filter(([path]) => isSource(path) || isProgram(path))
    .map(([path, text]) => ({ path, length: text.split('\n').length - 1 }))
    .filter(({ length }) => length > FILE_LINES)
    .map(({ path, length }) => ({ path, line: 0, says: `${length} lines; ${FILE_LINES} is the limit` }));
}

/** Files are short enough to be read in one go. */
export const fileLength: Rule = {
  name: `files have at most ${FILE_LINES} lines`,
  check: checkFileLength,
  bites: [{ 'src/core/a.ts': lines(FILE_LINES + 1) }],
  spares: [{ 'src/core/a.ts': lines(FILE_LINES) }],
};

function functionLength(node: ts.Node, file: ts.SourceFile): string | undefined {
  if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return undefined;
  const first = file.getLineAndCharacterOfPosition(node.getStart(file)).line;
  const last = file.getLineAndCharacterOfPosition(node.getEnd()).line;
  const length = last - first + 1;
  return length > FUNCTION_LINES ? `a function of ${length} lines; ${FUNCTION_LINES} is the limit` : undefined;
}

/** Functions are short enough to be seen at once. */
export const functionLengths: Rule = {
  name: `functions have at most ${FUNCTION_LINES} lines`,
  check: tree => eachNode(tree, isProgram, functionLength),
  bites: [
    { 'src/core/a.ts': `export function f() {\n${lines(FUNCTION_LINES)}}` },
    { 'src/core/a.ts': `class A { m() {\n${lines(FUNCTION_LINES)}} }` },
    { 'scripts/a.mjs': `const f = () => {\n${lines(FUNCTION_LINES)}};` },
  ],
  spares: [{ 'src/core/a.ts': `export function f() {\n${lines(FUNCTION_LINES - 2)}}` }],
};

function isExported(node: ts.Node): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(m => m.kind === ts.SyntaxKind.ExportKeyword);
}

/** `const X = {...}` and `type X = ...` are one thing with one comment. */
function hasConstant(file: ts.SourceFile, name: string): boolean {
  return file.statements.some(
    statement =>
      ts.isVariableStatement(statement) &&
      statement.declarationList.declarations.some(declared => declared.name.getText(file) === name),
  );
}

function undocumented(node: ts.Node, file: ts.SourceFile): string | undefined {
  if (node.parent !== file || !isExported(node)) return undefined;
  if (ts.isTypeAliasDeclaration(node) && hasConstant(file, node.name.text)) return undefined;
  return isDocumented(node, file) ? undefined : 'an export without a doc comment';
}

/** A comment stands above the export, or above the first of a group of exported values without a blank line between them. */
function isDocumented(node: ts.Node, file: ts.SourceFile): boolean {
  const comments = ts.getLeadingCommentRanges(file.text, node.getFullStart()) ?? [];
  if (comments.some(({ pos, end }) => /^\/\*\*\s*\S.*\*\/$/s.test(file.text.slice(pos, end)))) return true;
  if (!ts.isVariableStatement(node) || comments.length > 0 || /\n\s*\n/.test(node.getFullText())) return false;
  const above = file.statements[file.statements.indexOf(node) - 1];
  return above !== undefined && ts.isVariableStatement(above) && isExported(above) && isDocumented(above, file);
}

/** A reader learns from the declaration what a thing is. */
export const docComments: Rule = {
  name: 'every export has a doc comment',
  check: tree => eachNode(tree, path => isProduct(path) || isProgram(path), undocumented),
  bites: [
    { 'src/core/a.ts': 'export const a = 1;' },
    { 'src/core/a.ts': '// a comment\nexport interface A {}' },
    { 'transforms/a.ts': '/** Of b. */\nconst b = 1;\nexport function f() {}' },
    { 'src/core/a.ts': '/***/\nexport type A = 1;' },
    { 'src/core/a.ts': '/** One. */\nexport const a = 1;\n\nexport const b = 2;' },
    { 'src/core/a.ts': '/** One. */\nexport const a = 1;\nexport function f() {}' },
  ],
  spares: [
    { 'src/core/a.ts': '/** What it is. */\nexport const a = 1;\nconst b = 2;' },
    { 'src/core/a.ts': '/** Both. */\nexport const a = 1;\nexport const b = 2;\nexport const c = 3;' },
    { 'src/core/a.ts': '/** What it is. */\nexport const A = { x: 1 } as const;\nexport type A = typeof A;' },
  ],
};
