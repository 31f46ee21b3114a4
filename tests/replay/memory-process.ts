import { ReplayWorkspace } from '../testkit/replay.js';

/*
 * Replays in.csv of a workspace and prints, as JSON, the largest resident memory until byte `argv[3]` of the input, the largest of
 * the whole run, and the number of forwarded records.
 */
const [, , directory = '.', border = '0'] = process.argv;
const space = new ReplayWorkspace(directory);
let early = 0;
let peak = 0;
const report = await space.replay({
  onProgress: ({ bytes }) => {
    peak = Math.max(peak, process.memoryUsage.rss());
    if (bytes < Number(border)) early = peak;
  },
});
process.stdout.write(JSON.stringify({ early, peak, records: report?.records.forwarded }));
