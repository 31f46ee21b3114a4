import { DESK_PASSPHRASE } from '../adapters/desk-key-files.js';
import { readSecretLine } from '../adapters/secret-file.js';
import { type OptionValues, textOption, type VerbOption } from '../cli/command-line.js';
import { VeilError } from '../core/errors.js';
import { Secret } from '../core/secret.js';

/** Options that say where the passphrase of the private key comes from. Never the command line: others see it. */
export const PASSPHRASE_FILE: VerbOption = {
  flags: '--passphrase-file <file>',
  about: `file whose first line is the passphrase (default: the environment variable ${DESK_PASSPHRASE})`,
};

/** The passphrase from `--passphrase-file` or the environment, or undefined. Throws FILE_UNREADABLE, FILE_PERMISSIONS. */
export function passphraseOption(options: OptionValues): Secret | undefined {
  const file = textOption(options, 'passphraseFile');
  if (file !== undefined) return readSecretLine(file);
  const text = process.env[DESK_PASSPHRASE];
  return text === undefined || text === '' ? undefined : Secret.fromText(text);
}

/** The passphrase, or undefined when `--no-passphrase` says so. Throws KEY_PASSPHRASE when nothing says anything. */
export function decidedPassphrase(options: OptionValues): Secret | undefined {
  if (options.passphrase === false) return undefined;
  const passphrase = passphraseOption(options);
  if (passphrase !== undefined) return passphrase;
  const next = `set ${DESK_PASSPHRASE}, give --passphrase-file, or say --no-passphrase`;
  throw new VeilError('KEY_PASSPHRASE', { where: 'desk private key', expected: 'a passphrase', next });
}
