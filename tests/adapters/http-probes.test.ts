import { afterEach, expect, it } from 'vitest';
import { openProbes, type ProbeServer } from '../../src/adapters/http-probes.js';
import { openPinoLog } from '../../src/adapters/pino-log.js';
import { openPrometheus } from '../../src/adapters/prometheus.js';
import { EVENTS } from '../../src/core/events.js';
import { METRICS } from '../../src/core/metric-names.js';

let server: ProbeServer | undefined;
afterEach(() => server?.close());

it('serves metrics, health and readiness, and nothing else', async () => {
  const metrics = openPrometheus();
  let ready = false;
  server = await openProbes('127.0.0.1', 0, { metrics, isHealthy: () => true, isReady: () => ready });
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${server?.port}${path}`, { method });
    return [response.status, await response.text()] as const;
  };
  metrics.count(METRICS.RECORDS.name, 3, { policy: 'orders', outcome: 'forward' });
  metrics.gauge(METRICS.LAG.name, 7, { policy: 'orders' });
  metrics.observe(METRICS.COMMIT_SECONDS.name, 0.003, { policy: 'orders' });
  const [status, text] = await ask('/metrics');
  expect(status).toBe(200);
  expect(text).toContain('veil_records_total{policy="orders",outcome="forward"} 3');
  expect(text).toContain('veil_consumer_lag_records{policy="orders"} 7');
  expect(text).toContain('veil_transaction_commit_seconds_bucket{le="0.005",policy="orders"} 1');
  expect(await ask('/healthz')).toEqual([200, 'ok\n']);
  expect((await ask('/readyz'))[0]).toBe(503);
  ready = true;
  expect((await ask('/readyz'))[0]).toBe(200);
  expect((await ask('/'))[0]).toBe(404);
  expect((await ask('/metrics', 'POST'))[0]).toBe(405);
});

it('an address in use is a configuration error', async () => {
  const probes = { metrics: openPrometheus(), isHealthy: () => true, isReady: () => true };
  server = await openProbes('127.0.0.1', 0, probes);
  await expect(openProbes('127.0.0.1', server.port, probes)).rejects.toMatchObject({ code: 'CONFIG_CONFLICT' });
});

it('metric names and labels follow the convention: base units, counters end in _total, no label holds data', () => {
  const allowed = new Set(['policy', 'outcome', 'code', 'result']);
  for (const { name, type, labels, help } of Object.values(METRICS)) {
    expect(name).toMatch(/^veil_[a-z]+(_[a-z]+)*$/);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    if (type === 'histogram') expect(name).toMatch(/_seconds$/);
    for (const label of labels) expect(allowed).toContain(label);
    expect(help.length).toBeGreaterThan(10);
  }
});

it('log lines are JSON with level, time, event and the given fields, and nothing of the machine', () => {
  const lines: string[] = [];
  const log = openPinoLog('warn', { write: line => void lines.push(line) });
  log.info(EVENTS.STARTED, { policy: 'orders' });
  log.warn(EVENTS.RECOVERING, { policy: 'orders', code: 'TXN_UNKNOWN', failures: 2 });
  expect(lines).toHaveLength(1);
  const { time, ...rest } = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
  expect(rest).toEqual({ level: 'warn', policy: 'orders', code: 'TXN_UNKNOWN', failures: 2, event: 'recovering' });
  expect(Date.parse(String(time))).toBeGreaterThan(0);
});
