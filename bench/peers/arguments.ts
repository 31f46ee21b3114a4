/** What a peer program is told: `BOOTSTRAP SOURCE SINK GROUP TOTAL`. */
export interface PeerArguments {
  readonly bootstrap: string;
  readonly source: string;
  readonly sink: string;
  /** Consumer group, also used as transactional id. */
  readonly group: string;
  /** Records after which the program ends. */
  readonly total: number;
}

/** Reads the command line of a peer program. */
export function peerArguments(): PeerArguments {
  const [bootstrap, source, sink, group, total] = process.argv.slice(2);
  if (bootstrap === undefined || source === undefined || sink === undefined || group === undefined) {
    throw new Error('usage: PEER BOOTSTRAP SOURCE SINK GROUP TOTAL');
  }
  return { bootstrap, source, sink, group, total: Number(total) };
}
