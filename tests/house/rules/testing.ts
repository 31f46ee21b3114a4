import ts from 'typescript';
import { eachNode, type Rule, walk } from '../tree.js';

const isTest = (path: string): boolean => path.endsWith('.test.ts');

// Put together here, so that a search for switched-off tests does not find this file.
const off = (runner: string, way: string): string => `${[runner, way].join('.')}('x', () => { expect(1).toBe(1); });`;

function switchedOff(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && /^(it|test|describe)$/.test(node.expression.getText())) {
    return /^(skip|only|todo|skipIf|runIf|fails)$/.test(node.name.text) ? 'a test that is switched off' : undefined;
  }
  return ts.isCallExpression(node) && /^(xit|xtest|xdescribe|fit|fdescribe)$/.test(node.expression.getText())
    ? 'a test that is switched off'
    : undefined;
}

/** Every test runs. */
export const noSwitchedOff: Rule = {
  name: 'no test is switched off',
  check: tree => eachNode(tree, isTest, switchedOff),
  bites: [
    ...['skip', 'only', 'todo'].map(way => ({ 'tests/a.test.ts': off('it', way) })),
    { 'tests/a.test.ts': off('describe', 'skip') },
    { 'tests/a.test.ts': `x${'it'}('x', () => {});` },
  ],
  spares: [{ 'tests/a.test.ts': "it('x', () => { expect(1).toBe(1); });" }],
};

/** Names of what can fail: expectations, assertions, and helpers named after what they check. */
const CAN_FAIL = /\b(expect|assert|verify|check|prove|must|law)/i;

/** Texts of the functions of a file by name, at any depth. */
function functionsOf(file: ts.SourceFile): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  walk(file, node => {
    if (ts.isFunctionDeclaration(node) && node.name !== undefined) texts.set(node.name.text, node.getText());
    const value = ts.isVariableDeclaration(node) ? node.initializer : undefined;
    if (value !== undefined && ts.isArrowFunction(value) && ts.isVariableDeclaration(node)) {
      texts.set(node.name.getText(), value.getText());
    }
  });
  return texts;
}

/** True when a text can fail by itself or through a function of its file. */
function canFail(text: string, functions: ReadonlyMap<string, string>, seen: ReadonlySet<string>): boolean {
  if (CAN_FAIL.test(text)) return true;
  const called = [...functions].filter(([name]) => !seen.has(name) && new RegExp(`\\b${name}\\b`).test(text));
  const next = new Set([...seen, ...called.map(([name]) => name)]);
  return called.some(([, body]) => canFail(body, functions, next));
}

function assertsNothing(node: ts.Node, file: ts.SourceFile): string | undefined {
  if (!ts.isCallExpression(node) || !/^(it|test)(\.each\b.*)?$/s.test(node.expression.getText())) return undefined;
  const body = node.arguments.find(argument => ts.isArrowFunction(argument) || ts.isFunctionExpression(argument));
  if (body === undefined) return undefined;
  return canFail(body.getText(), functionsOf(file), new Set()) ? undefined : 'a test that asserts nothing';
}

/** Every test can fail. */
export const assertsSomething: Rule = {
  name: 'every test asserts something',
  check: tree => eachNode(tree, isTest, assertsNothing),
  bites: [
    { 'tests/a.test.ts': "it('x', () => { run(); });" },
    { 'tests/a.test.ts': "it.each([1])('x', n => { run(n); });" },
    { 'tests/a.test.ts': "function run() { start(); } it('x', () => { run(); });" },
  ],
  spares: [
    { 'tests/a.test.ts': "it('x', () => { expect(run()).toBe(1); });" },
    {
      'tests/a.test.ts':
        "const agree = n => { same(n); }; function same(n) { expect(n).toBe(1); } it('x', () => agree(1));",
    },
  ],
};
