import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { asVeilError } from '../core/errors.js';
import type { ScrapedMetrics } from './prometheus.js';

/** What the probes answer from. */
export interface Probes {
  readonly metrics: ScrapedMetrics;
  /** False = the process should be restarted. */
  isHealthy(): boolean;
  /** True while records flow. */
  isReady(): boolean;
}

/** A listening probe server. */
export interface ProbeServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves `/metrics`, `/healthz` and `/readyz` over HTTP. Port 0 takes a free one. Throws CONFIG_CONFLICT when the address cannot
 * be listened on.
 */
export async function openProbes(host: string, port: number, probes: Probes): Promise<ProbeServer> {
  const server = createServer((request, response) => void answer(request, response, probes));
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    throw asVeilError(error, 'CONFIG_CONFLICT', { where: `metrics ${host}:${port}`, expected: 'a free address' });
  }
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close() {
      server.closeAllConnections();
      await new Promise(closed => server.close(closed));
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, probes: Probes): Promise<void> {
  const path = request.url?.split('?')[0];
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'method not allowed\n');
  if (path === '/metrics') return send(response, 200, await probes.metrics.text(), probes.metrics.contentType);
  if (path === '/healthz') return sayWhether(response, probes.isHealthy());
  if (path === '/readyz') return sayWhether(response, probes.isReady());
  return send(response, 404, 'not found\n');
}

function sayWhether(response: ServerResponse, isSo: boolean): void {
  send(response, isSo ? 200 : 503, isSo ? 'ok\n' : 'not yet\n');
}

function send(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(text);
}
