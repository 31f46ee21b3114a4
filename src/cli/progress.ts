import { Presets, SingleBar } from 'cli-progress';
import { printError } from './command-line.js';

/** Shows how far a job is: a bar on a terminal, a line every ten seconds elsewhere. Counts only, on standard error. */
export interface ProgressView {
  /** `done` of the total that was given at the start; `note` is a constant text with counts. */
  update(done: number, note: string): void;
  close(): void;
}

/** Opens a progress view. `total` in bytes or records; undefined when it is not known. */
export function openProgress(total: number | undefined): ProgressView {
  return process.stderr.isTTY && total !== undefined ? barView(total) : lineView(total);
}

function barView(total: number): ProgressView {
  const bar = new SingleBar(
    { format: '{bar} {percentage}%  {note}  {eta_formatted} left', hideCursor: true, stream: process.stderr },
    Presets.shades_classic,
  );
  bar.start(total, 0, { note: '' });
  return { update: (done, note) => bar.update(done, { note }), close: () => bar.stop() };
}

const LINE_EVERY_MS = 10_000;

function lineView(total: number | undefined): ProgressView {
  let next = Date.now() + LINE_EVERY_MS;
  return {
    update(done, note) {
      if (Date.now() < next) return;
      next = Date.now() + LINE_EVERY_MS;
      printError(total === undefined ? note : `${Math.floor((100 * done) / Math.max(1, total))}%  ${note}`);
    },
    close() {},
  };
}
