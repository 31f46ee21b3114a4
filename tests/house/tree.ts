import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** Folder of the project. */
export const ROOT = join(import.meta.dirname, '../..');

/** Text files by path relative to the project, with forward slashes. */
export type Tree = ReadonlyMap<string, string>;

/** One breach of a rule. */
export interface Finding {
  readonly path: string;
  /** 1-based; 0 when the finding is about the whole file. */
  readonly line: number;
  readonly says: string;
}

/** A house rule: what it checks, and small trees that it must flag (`bites`) or leave alone (`spares`). */
export interface Rule {
  readonly name: string;
  check(tree: Tree): readonly Finding[];
  readonly bites: readonly Readonly<Record<string, string>>[];
  readonly spares: readonly Readonly<Record<string, string>>[];
}

const BINARY = /\.(png|jpg|gif|ico|gz|zst|wasm|avro|bin)$/;

/** Every file that git tracks or would track: rules hold for work in progress as well. */
export function projectTree(): Tree {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const names = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 }).split('\0');
  const tree = new Map<string, string>();
  for (const name of names) {
    const path = join(ROOT, name);
    if (name === '' || BINARY.test(name) || !existsSync(path) || !statSync(path).isFile()) continue;
    tree.set(name, readFileSync(path, 'utf8'));
  }
  return tree;
}

const parsed = new Map<string, ts.SourceFile>();

/** Syntax tree of a source text; parents are set. */
export function parse(path: string, text: string): ts.SourceFile {
  const key = `${path}\n${text}`;
  let file = parsed.get(key);
  if (file === undefined) {
    file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
    parsed.set(key, file);
  }
  return file;
}

/** Calls `visit` for every node of the file. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild(child => {
    walk(child, visit);
  });
}

/** 1-based line on which a node starts (its comments aside). */
export function lineOf(file: ts.SourceFile, node: ts.Node): number {
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
}

/** Findings of a check made on each syntax tree of the files that `wanted` accepts. */
export function eachNode(
  tree: Tree,
  wanted: (path: string) => boolean,
  says: (node: ts.Node, file: ts.SourceFile) => string | undefined,
): Finding[] {
  const findings: Finding[] = [];
  for (const [path, text] of tree) {
    if (!wanted(path)) continue;
    const file = parse(path, text);
    walk(file, node => {
      const said = says(node, file);
      if (said !== undefined) findings.push({ path, line: lineOf(file, node), says: said });
    });
  }
  return findings;
}

/** Findings for every line of the wanted files that matches. */
export function eachLine(tree: Tree, wanted: (path: string) => boolean, pattern: RegExp, says: string): Finding[] {
  const findings: Finding[] = [];
  for (const [path, text] of tree) {
    if (!wanted(path)) continue;
    text.split('\n').forEach((line, index) => {
      if (pattern.test(line)) findings.push({ path, line: index + 1, says });
    });
  }
  return findings;
}

/** True for TypeScript sources. */
export const isSource = (path: string): boolean => path.endsWith('.ts');

/** True for what is shipped: src and transforms. */
export const isProduct = (path: string): boolean => isSource(path) && /^(src|transforms)\//.test(path);

/** True for everything written by hand that is not a test. */
export const isProgram = (path: string): boolean => /^(src|transforms|scripts|bench)\/.*\.(ts|mjs)$/.test(path);

/** One import of a file: the specifier, and the path it leads to when it is relative. */
export interface Import {
  readonly specifier: string;
  readonly target: string | undefined;
  readonly line: number;
}

/** Everything a file imports: import and export-from declarations, import types, dynamic imports and require calls. */
export function importsOf(path: string, text: string): Import[] {
  const file = parse(path, text);
  const found: Import[] = [];
  walk(file, node => {
    const literal = specifierOf(node);
    if (literal === undefined) return;
    found.push({ specifier: literal, target: targetOf(path, literal), line: lineOf(file, node) });
  });
  return found;
}

function specifierOf(node: ts.Node): string | undefined {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) {
    return ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : undefined;
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
    return node.argument.literal.text;
  }
  if (!ts.isCallExpression(node)) return undefined;
  const loads =
    node.expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(node.expression) && node.expression.text === 'require');
  const first = node.arguments[0];
  return loads && first !== undefined && ts.isStringLiteralLike(first) ? first.text : undefined;
}

function targetOf(path: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const target = posix.join(posix.dirname(path), specifier);
  return path.endsWith('.ts') ? target.replace(/\.js$/, '.ts') : target;
}
