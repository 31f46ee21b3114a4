import type { Policy } from '../policy/policy.js';

/** The three topics of a route, or undefined when one of them is not a topic. */
export function routeTopics({
  source,
  sink,
  quarantine,
}: Policy): Record<'source' | 'sink' | 'quarantine', string> | undefined {
  if (quarantine === undefined || !('topic' in source) || !('topic' in sink) || !('topic' in quarantine))
    return undefined;
  return { source: source.topic, sink: sink.topic, quarantine: quarantine.topic };
}
