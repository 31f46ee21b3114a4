import { existsSync, readFileSync } from 'node:fs';
import { textOf, utf8 } from '../core/bytes.js';
import { sealCause, VeilError } from '../core/errors.js';
import type { Secret } from '../core/secret.js';
import {
  type DeskPublicKey,
  generateDeskKeyPair,
  parseDeskPublicKey,
  printDeskPrivateKey,
  printDeskPublicKey,
} from '../crypto/desk-key.js';
import { writeNewFile } from './secret-file.js';
import { SYSTEM_RANDOM } from './system.js';

/** Where the two halves of the desk's key pair go. */
export interface DeskKeyPaths {
  readonly publicFile: string;
  readonly privateFile: string;
}

/** Name of the environment variable with the passphrase of the desk's private key. */
export const DESK_PASSPHRASE = 'VEIL_DESK_PASSPHRASE';

/**
 * Makes the desk's key pair: the private half (mode 0600) under the passphrase, or in clear when there is none; the public half
 * (mode 0644) for the workers. Throws FILE_EXISTS when either file exists: nothing is overwritten.
 */
export async function makeDeskKeyPair(paths: DeskKeyPaths, passphrase: Secret | undefined): Promise<DeskPublicKey> {
  for (const path of [paths.privateFile, paths.publicFile]) {
    if (existsSync(path)) throw new VeilError('FILE_EXISTS', { where: path });
  }
  const pair = generateDeskKeyPair(SYSTEM_RANDOM);
  const privateText = await printDeskPrivateKey(pair, passphrase, SYSTEM_RANDOM);
  pair.privateKey.wipe();
  writeNewFile(paths.privateFile, utf8(privateText));
  writeNewFile(paths.publicFile, utf8(printDeskPublicKey(pair.publicKey)), 0o644);
  return pair.publicKey;
}

/** Reads the desk's public key, which every program that quarantines needs. Throws DESK_KEY_MISSING, DESK_KEY_INVALID. */
export function readDeskPublicKey(path: string): DeskPublicKey {
  let text: string;
  try {
    text = textOf(readFileSync(path));
  } catch (error) {
    const next = `veil-desk keygen --key desk.key --public ${path}`;
    throw new VeilError('DESK_KEY_MISSING', { where: path, cause: sealCause(error), next });
  }
  return parseDeskPublicKey(text);
}
