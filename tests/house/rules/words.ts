import { eachLine, type Rule } from '../tree.js';

// Texts that the rules look for are put together here, so that this file does not breach them itself.
const UNFINISHED = ['TO' + 'DO', 'FIX' + 'ME', 'not ' + 'implemented', 'for' + ' now', 'place' + 'holder'];

const isWritten = (path: string): boolean => path !== 'package-lock.json' && path !== 'LICENSE';

/** What is here is finished; what is not finished is in an issue. */
export const unfinishedWords: Rule = {
  name: 'no unfinished work is left in the tree',
  check: tree => eachLine(tree, isWritten, new RegExp(`\\b(${UNFINISHED.join('|')})\\b`), 'a word of unfinished work'),
  bites: UNFINISHED.map(word => ({ 'src/a/a.ts': `// ${word} later` })),
  spares: [{ 'src/a/a.ts': '// done' }],
};

/** Paths that exist on one machine only. */
const MACHINE_PATH = /(?<![\w.~}-])\/(?:work|root|home\/\w|Users)\//;

/** Nothing depends on where it was written. */
export const machinePaths: Rule = {
  name: 'no path of one machine',
  check: tree => eachLine(tree, path => isWritten(path), MACHINE_PATH, 'an absolute path of one machine'),
  bites: ['work', 'root', 'Users'].map(folder => ({ 'scripts/a.mjs': `const p = '/${folder}/x';` })),
  spares: [{ 'scripts/a.mjs': "const p = './work/x'; const q = '/etc/ssl';" }],
};

const HOSTS = [
  'npm' + 'js',
  'npm' + 'mirror',
  'pypi',
  'python' + 'hosted',
  'maven' + '.apache',
  'maven' + '.org',
  'debian',
  'golang',
];
const REGISTRY = new RegExp(`https?://[\\w.-]*\\b(${HOSTS.join('|').replaceAll('.', '\\.')})\\b[\\w.-]*/?`, 'i');

/** Names of XML schemas look like addresses and load nothing. */
const isXmlName = (path: string): boolean => path.endsWith('pom.xml');

/** Where packages come from is the business of the machine, not of the project. */
export const registryHosts: Rule = {
  name: 'no address of a package registry',
  check: tree => eachLine(tree, path => !isXmlName(path), REGISTRY, 'an address of a package registry'),
  bites: [
    { '.npmrc': `registry=https://registry.${'npm' + 'js'}.org/` },
    { 'package-lock.json': `"resolved": "https://registry.${'npm' + 'js'}.org/a/-/a-1.0.0.tgz"` },
  ],
  spares: [{ 'README.md': 'see https://kafka.apache.org/documentation' }],
};
