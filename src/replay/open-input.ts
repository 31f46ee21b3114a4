import type { Encoding } from './decoding.js';
import { FileInput } from './file-input.js';
import type { Input } from './input.js';
import { StandardInput } from './standard-input.js';

/** Opens a regular file, or standard input for `-`. Throws FILE_UNREADABLE. */
export function openInput(path: string, encoding: Encoding): Input {
  return path === '-' ? new StandardInput(encoding) : new FileInput(path, encoding);
}
