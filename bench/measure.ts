/** One way of doing the same work. `run` does all of it once. */
export interface Contender {
  readonly name: string;
  run(): void | Promise<void>;
}

/** Process CPU time (user and system, all threads) of each round, in microseconds. */
export type Rounds = ReadonlyMap<string, readonly number[]>;

/**
 * Runs the contenders in alternating rounds and takes process CPU time: on a shared machine wall time moves by tens of percent
 * between one minute and the next, CPU time by a few. The first contender changes from round to round; one round before is not counted.
 */
export async function alternate(contenders: readonly Contender[], rounds: number): Promise<Rounds> {
  const taken = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(i + round + contenders.length) % contenders.length];
      if (contender === undefined) continue;
      const start = process.cpuUsage();
      await contender.run();
      const { user, system } = process.cpuUsage(start);
      if (round >= 0) taken.get(contender.name)?.push(user + system);
    }
  }
  return taken;
}

/** The middle value; the mean of the two middle ones when their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Median of the ratios inside each round: both sides of a ratio were taken in the same phase of the machine. */
export function medianRatio(above: readonly number[], below: readonly number[]): number {
  return median(above.map((value, round) => value / (below[round] ?? Number.NaN)));
}
