import { textOf } from '../core/bytes.js';
import type { SecretSource } from '../policy/deployment.js';
import { secretOf } from './secret-file.js';

/** The text of a secret, for libraries that take strings only. Throws FILE_* when its file cannot be read. */
export function textOfSecret(source: SecretSource): string {
  return secretOf(source).use(bytes => textOf(bytes));
}
