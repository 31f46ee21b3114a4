import ts from 'typescript';
import { eachNode, type Rule } from '../tree.js';

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

function assertsNothing(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) || !/^(it|test)(\.each\b.*)?$/s.test(node.expression.getText())) return undefined;
  const body = node.arguments.find(argument => ts.isArrowFunction(argument) || ts.isFunctionExpression(argument));
  if (body === undefined) return undefined;
  return CAN_FAIL.test(body.getText()) ? undefined : 'a test that asserts nothing';
}

/** Every test can fail. */
export const assertsSomething: Rule = {
  name: 'every test asserts something',
  check: tree => eachNode(tree, isTest, assertsNothing),
  bites: [
    { 'tests/a.test.ts': "it('x', () => { run(); });" },
    { 'tests/a.test.ts': "it.each([1])('x', n => { run(n); });" },
  ],
  spares: [{ 'tests/a.test.ts': "it('x', () => { expect(run()).toBe(1); });" }],
};
