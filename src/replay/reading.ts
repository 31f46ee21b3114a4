import { asVeilError } from '../core/errors.js';

/** What went wrong while reading, without the words of the operating system. Throws FILE_UNREADABLE. */
export async function* sealedErrors(stream: AsyncIterable<unknown>, where: string): AsyncGenerator<unknown> {
  try {
    yield* stream;
  } catch (error) {
    throw asVeilError(error, 'FILE_UNREADABLE', { where });
  }
}

/** Chunks until `signal` is aborted, even while the next one is still awaited: a pipe may stay silent for ever. */
export async function* untilAborted(
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const aborted = new Promise<undefined>(done => {
    signal?.addEventListener('abort', () => done(undefined), { once: true });
  });
  let isWaiting = false;
  try {
    while (signal?.aborted !== true) {
      isWaiting = true;
      const next = await Promise.race([iterator.next(), aborted]);
      if (next === undefined) return;
      isWaiting = false;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // A generator that waits for a chunk cannot be told to return.
    if (!isWaiting) await iterator.return?.();
  }
}
