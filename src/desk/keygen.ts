import { makeDeskKeyPair } from '../adapters/desk-key-files.js';
import { print, printJson, textOption, type Verb } from '../cli/command-line.js';
import { decidedPassphrase, PASSPHRASE_FILE } from './passphrase-option.js';

const DEFAULTS = { key: 'desk.key', public: 'desk.pub' } as const;

/** `veil-desk keygen`: the key pair that quarantined records are encrypted to. */
export const keygen: Verb = {
  name: 'keygen',
  summary: 'make the key pair that quarantined records are encrypted to; nothing is overwritten',
  options: [
    { flags: '--key <file>', about: 'private key: stays at the desk', default: DEFAULTS.key },
    { flags: '--public <file>', about: 'public key: goes to every worker', default: DEFAULTS.public },
    PASSPHRASE_FILE,
    { flags: '--no-passphrase', about: 'leave the private key unprotected but for the permissions of its file' },
  ],
  examples: ['veil-desk keygen', 'veil-desk keygen --key safe/desk.key --public desk.pub --passphrase-file passphrase'],
  async run({ options }) {
    const privateFile = textOption(options, 'key') ?? DEFAULTS.key;
    const publicFile = textOption(options, 'public') ?? DEFAULTS.public;
    const passphrase = decidedPassphrase(options);
    const { keyId } = await makeDeskKeyPair({ publicFile, privateFile }, passphrase);
    passphrase?.wipe();
    if (options.json === true)
      printJson({ fingerprint: keyId, privateFile, publicFile, isProtected: passphrase !== undefined });
    else {
      print(`public key   ${publicFile}  ${keyId}  give it to the workers (desk.publicKey in veil.yaml)`);
      print(`private key  ${privateFile}  keep it at the desk, away from the workers, with a backup`);
    }
    return 0;
  },
};
