import { isLoopbackHost } from '../core/loopback.js';
import type { DeploymentEntries } from './deployment-shape.js';
import type { Findings } from './findings.js';
import { type TreePath, treeAt } from './plain-tree.js';
import type { YamlTree } from './yaml-tree.js';

/** Checks what the shape of veil.yaml cannot say: entries that need or exclude one another. */
export function lintDeployment(entries: DeploymentEntries, tree: YamlTree, findings: Findings): void {
  const check = new EntryChecks(tree, findings);
  const { kafka, keys } = entries;
  if (kafka?.tls !== undefined) check.together(['kafka', 'tls'], 'cert', 'key');
  if (kafka?.sasl?.mechanism === 'OAUTHBEARER') {
    for (const name of ['tokenEndpoint', 'clientId']) check.needs(['kafka', 'sasl'], name);
    check.encrypted(['kafka', 'sasl', 'tokenEndpoint'], kafka.sasl.tokenEndpoint);
    check.exactlyOne(['kafka', 'sasl'], ['clientSecret', 'clientSecretFile']);
  } else if (kafka?.sasl !== undefined) {
    check.needs(['kafka', 'sasl'], 'username');
    check.exactlyOne(['kafka', 'sasl'], ['password', 'passwordFile']);
  }
  if (keys.provider !== undefined) {
    check.exactlyOne(['keys', 'provider'], ['file', 'vaultTransit']);
    check.atMostOne(['keys', 'provider'], ['passphrase', 'passphraseFile']);
    check.atMostOne(['keys', 'provider'], ['passphrase', 'vaultTransit']);
    check.atMostOne(['keys', 'provider'], ['passphraseFile', 'vaultTransit']);
  }
  if (keys.provider?.vaultTransit !== undefined) {
    check.exactlyOne(['keys', 'provider', 'vaultTransit'], ['token', 'tokenFile']);
    check.encrypted(['keys', 'provider', 'vaultTransit', 'url'], keys.provider.vaultTransit.url);
  }
  if (keys.store !== undefined) check.exactlyOne(['keys', 'store'], ['sqlite', 'postgres']);
  if (keys.store?.postgres !== undefined) check.atMostOne(['keys', 'store', 'postgres'], ['password', 'passwordFile']);
}

/** Relations between the entries of one map of the file. */
class EntryChecks {
  readonly #tree: YamlTree;
  readonly #findings: Findings;

  constructor(tree: YamlTree, findings: Findings) {
    this.#tree = tree;
    this.#findings = findings;
  }

  needs(path: TreePath, name: string): void {
    if (this.#at([...path, name]) !== undefined) return;
    this.#findings.error('POLICY_MISSING', this.#place(path), {
      message: `"${path.join('.')}" needs "${name}"`,
      fix: `add "${name}"`,
    });
  }

  together(path: TreePath, first: string, second: string): void {
    const [a, b] = [this.#at([...path, first]), this.#at([...path, second])];
    if (a !== undefined && b === undefined) this.needs(path, second);
    if (b !== undefined && a === undefined) this.needs(path, first);
  }

  exactlyOne(path: TreePath, names: readonly string[]): void {
    this.atMostOne(path, names);
    if (names.some(name => this.#at([...path, name]) !== undefined)) return;
    const listed = names.map(name => `"${name}"`).join(' or ');
    this.#findings.error('POLICY_MISSING', this.#place(path), {
      message: `"${path.join('.')}" needs ${listed}`,
      fix: 'add one of them',
    });
  }

  atMostOne(path: TreePath, names: readonly string[]): void {
    const given = names.filter(name => this.#at([...path, name]) !== undefined);
    const [first, second] = given;
    if (first === undefined || second === undefined) return;
    this.#findings.error('CONFIG_CONFLICT', this.#place([...path, second]), {
      message: `"${path.join('.')}" has both "${first}" and "${second}"`,
    });
  }

  /** Secrets go to this URL: `http` only towards this machine. */
  encrypted(path: TreePath, url: string | undefined): void {
    if (url?.startsWith('http:') !== true) return;
    if (URL.canParse(url) && isLoopbackHost(new URL(url).hostname)) return;
    this.#findings.error('ROUTE_PLAINTEXT', this.#place(path), {
      message: `secrets would go to "${path.join('.')}" in clear`,
      fix: 'use https',
    });
  }

  #at(path: TreePath): YamlTree | undefined {
    return treeAt(this.#tree, path);
  }

  #place(path: TreePath): { line: number; col: number } {
    return this.#at(path)?.place ?? this.#tree.place;
  }
}
