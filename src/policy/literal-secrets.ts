import type { Findings } from './findings.js';
import type { YamlScalar, YamlTree } from './yaml-tree.js';

/** Entries whose value is a secret: `password`, `saslPassword`, `client_secret`, `passphrase`, `apiKey`, `token`. Not `passwordFile`. */
const SECRET_ENTRY = /(?:passwd|password|passphrase|secret|token|credentials?|(?:api|access|private|secret)[-_]?key)$/i;

/** Texts that are secrets whatever their entry is called: PEM private keys, well-known token prefixes, passwords inside URLs. */
const SECRET_TEXT =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(?:hv[sbr]\.[A-Za-z0-9_-]{20,}|AKIA[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{30,})|^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^@/\s]+@/;

/** A reference alone, without a default: the only way a secret may stand in a file. */
const REFERENCE_ONLY = /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/;

/**
 * Finds secrets written into a file. Must run before interpolation, so that what it sees is what the file says. `isNameSpace`
 * tells which maps have names chosen by the user (field paths), where a name says nothing about the value. Never repeats a value.
 */
export function findLiteralSecrets(tree: YamlTree, findings: Findings, isNameSpace: (path: string) => boolean): void {
  visit(tree, '', undefined, findings, isNameSpace);
}

function visit(
  tree: YamlTree,
  path: string,
  entry: string | undefined,
  findings: Findings,
  isNameSpace: (path: string) => boolean,
): void {
  if (tree.type === 'scalar') checkScalar(tree, entry, findings);
  else if (tree.type === 'list') for (const item of tree.items) visit(item, path, entry, findings, isNameSpace);
  else {
    for (const { name, value } of tree.entries) {
      const inner = path === '' ? name : `${path}.${name}`;
      visit(value, inner, isNameSpace(path) ? undefined : name, findings, isNameSpace);
    }
  }
}

function checkScalar(scalar: YamlScalar, entry: string | undefined, findings: Findings): void {
  const { value, place } = scalar;
  if (typeof value !== 'string' && typeof value !== 'number') return;
  const text = String(value);
  if (SECRET_TEXT.test(text)) findings.error('POLICY_SECRET', place);
  else if (entry !== undefined && SECRET_ENTRY.test(entry) && text !== '' && !REFERENCE_ONLY.test(text)) {
    const file = `${entry}File`;
    findings.error('POLICY_SECRET', place, {
      message: `"${entry}" holds a secret in clear`,
      fix: `write \${NAME} without a default, or use "${file}"`,
    });
  }
}
