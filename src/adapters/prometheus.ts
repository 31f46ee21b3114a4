import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { METRICS, type MetricDefinition } from '../core/metric-names.js';
import type { Metrics } from '../core/ports.js';

/** Metrics that can be scraped. */
export interface ScrapedMetrics extends Metrics {
  readonly contentType: string;
  /** The exposition text. */
  text(): Promise<string>;
}

/** Registers every metric of `METRICS`, and those of the process. A name that is not in the table is an error of the program. */
export function openPrometheus(): ScrapedMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  const definitions: readonly MetricDefinition[] = Object.values(METRICS);
  for (const { name, type, help, labels, buckets = [] } of definitions) {
    const shared = { name, help, labelNames: [...labels], registers: [registry] };
    if (type === 'counter') counters.set(name, new Counter(shared));
    else if (type === 'gauge') gauges.set(name, new Gauge(shared));
    else histograms.set(name, new Histogram({ ...shared, buckets: [...buckets] }));
  }
  return {
    count: (name, by, labels = {}) => counters.get(name)?.inc({ ...labels }, by),
    gauge: (name, value, labels = {}) => gauges.get(name)?.set({ ...labels }, value),
    observe: (name, seconds, labels = {}) => histograms.get(name)?.observe({ ...labels }, seconds),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
