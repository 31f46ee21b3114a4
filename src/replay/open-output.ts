import type { OutputFile } from './output.js';
import { PartialFile, type PartialFileOptions } from './partial-file.js';
import { StandardOutput } from './standard-output.js';

/** Opens a file, or standard output for `-`. Throws FILE_EXISTS, CHECKPOINT_INVALID, FILE_UNWRITABLE, DISK_FULL. */
export function openOutput(path: string, options: PartialFileOptions): OutputFile {
  return path === '-' ? new StandardOutput() : new PartialFile(path, options);
}
