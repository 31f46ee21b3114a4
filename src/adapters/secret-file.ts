import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Code } from '../core/codes.js';
import { asVeilError, sealCause, VeilError } from '../core/errors.js';
import { Secret } from '../core/secret.js';
import type { SecretSource } from '../policy/deployment.js';

/** Who may read a secret file: the owner alone, or also the group (secrets mounted by an orchestrator or a Vault agent). */
export type Readers = 'owner' | 'group';

const FORBIDDEN: Readonly<Record<Readers, number>> = { owner: 0o077, group: 0o037 };
const MAX_BYTES = 1024 * 1024;

/**
 * Reads a file that holds a secret. Throws `missing` when it is absent, FILE_PERMISSIONS when others may read or change it,
 * FILE_UNREADABLE otherwise. Permissions are taken from the opened file, so that it cannot be exchanged in between.
 */
export function readSecretFile(path: string, readers: Readers, missing: Code = 'FILE_UNREADABLE'): Uint8Array {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const cause = sealCause(error);
    throw new VeilError(cause.code === 'ENOENT' ? missing : 'FILE_UNREADABLE', { where: path, cause });
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new VeilError('FILE_UNREADABLE', { where: path, expected: 'a regular file' });
    checkMode(path, stat.mode, readers);
    if (stat.size > MAX_BYTES) {
      throw new VeilError('FILE_UNREADABLE', {
        where: path,
        expected: `at most ${MAX_BYTES} bytes`,
        got: `${stat.size} bytes`,
      });
    }
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    throw asVeilError(error, 'FILE_UNREADABLE', { where: path });
  } finally {
    closeSync(file);
  }
}

/** Throws FILE_PERMISSIONS when `mode` lets more people in than `readers`. */
export function checkMode(path: string, mode: number, readers: Readers): void {
  if ((mode & FORBIDDEN[readers]) === 0) return;
  const allowed = readers === 'owner' ? 'mode 0600' : 'mode 0640 at most';
  throw new VeilError('FILE_PERMISSIONS', {
    where: path,
    expected: allowed,
    got: `mode 0${(mode & 0o777).toString(8)}`,
  });
}

/** A passphrase, password or token from a file: its first line. Throws as `readSecretFile`, or FILE_UNREADABLE when empty. */
export function readSecretLine(path: string, missing: Code = 'FILE_UNREADABLE'): Secret {
  const bytes = readSecretFile(path, 'group', missing);
  const end = bytes.findIndex(byte => byte === 0x0a || byte === 0x0d);
  const line = bytes.slice(0, end < 0 ? bytes.length : end);
  bytes.fill(0);
  if (line.length === 0)
    throw new VeilError('FILE_UNREADABLE', { where: path, expected: 'a secret', got: 'an empty line' });
  return new Secret(line);
}

/** A copy of a configured secret; the caller owns it. Throws as `readSecretLine`. */
export function secretOf(source: SecretSource): Secret {
  return 'file' in source ? readSecretLine(source.file) : new Secret(source.secret.use(bytes => bytes.slice()));
}

/** Writes a new file with its directory, durably and whole or not at all. Throws FILE_EXISTS: nothing is ever overwritten. */
export function writeNewFile(path: string, bytes: Uint8Array, mode = 0o600): void {
  const temporary = temporaryBeside(path);
  try {
    writeDurably(temporary, bytes, mode);
    publish(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Replaces an existing file by a new content, durably and whole or not at all. Mode 0600. */
export function replaceFile(path: string, bytes: Uint8Array): void {
  const temporary = temporaryBeside(path);
  try {
    writeDurably(temporary, bytes, 0o600);
    renameSync(temporary, path);
    syncPath(dirname(path));
  } catch (error) {
    throw asVeilError(error, 'DISK_FULL', { where: path });
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** A fresh name in the same directory, which is made (0700) when it is absent. */
export function temporaryBeside(path: string): string {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw asVeilError(error, 'FILE_UNREADABLE', { where: dirname(path) });
  }
  return `${path}.new-${randomBytes(6).toString('hex')}`;
}

/** Gives the finished `temporary` its name. A hard link fails when the name is taken, where a rename would overwrite. Throws FILE_EXISTS. */
export function publish(temporary: string, path: string): void {
  try {
    syncPath(temporary);
    linkSync(temporary, path);
    syncPath(dirname(path));
  } catch (error) {
    const cause = sealCause(error);
    throw new VeilError(cause.code === 'EEXIST' ? 'FILE_EXISTS' : 'DISK_FULL', { where: path, cause });
  }
}

function writeDurably(path: string, bytes: Uint8Array, mode: number): void {
  try {
    const file = openSync(path, 'wx', mode);
    try {
      fchmodSync(file, mode);
      writeFileSync(file, bytes);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw asVeilError(error, 'DISK_FULL', { where: path });
  }
}

function syncPath(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
