import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** How the server treats the next requests. */
export type Behaviour = 'answer' | 'hang' | 'cut' | 'garbage' | 'huge' | 'redirect' | number;

/**
 * A small server that behaves as the transit engine of HashiCorp Vault does for `encrypt/:name` and `decrypt/:name` with an
 * `aes256-gcm96` key: token check, base64 plaintext, associated_data, versioned ciphertexts, errors as `{ errors: [...] }`.
 */
export interface VaultTransitServer {
  readonly address: string;
  readonly token: string;
  /** Requests seen, retries included. */
  readonly requests: number;
  /** How each of the next requests is treated, then `answer` again. A number is an HTTP status. */
  misbehave(...behaviours: readonly Behaviour[]): void;
  /** A new version of the key; old ciphertexts still open. */
  rotate(): void;
  /** Another key of the same name: nothing wrapped before opens. */
  replaceKey(): void;
  stop(): Promise<void>;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

interface Ring {
  keys: Buffer[];
  readonly imitation: VaultTransitImitation;
}

/** Which Vault and key the server imitates. */
export interface VaultTransitImitation {
  /** Vault before 1.13, which ignores `associated_data`. Default false. */
  readonly old?: boolean;
  /** The key is derived: `context` is needed and binds. Default false. */
  readonly derived?: boolean;
}

/** Starts the server on a free port of 127.0.0.1 with the key `veil` under the mount `transit`. */
export async function startVaultTransit(imitation: VaultTransitImitation = {}): Promise<VaultTransitServer> {
  const ring: Ring = { keys: [randomBytes(32)], imitation };
  const token = `hvs.${randomBytes(12).toString('hex')}`;
  const queue: Behaviour[] = [];
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const behaviour = queue.shift() ?? 'answer';
    if (behaviour === 'answer') void bodyOf(request).then(body => handle(request, body, response, ring, token));
    else misbehave(behaviour, request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return {
    address: `http://127.0.0.1:${address.port}`,
    token,
    get requests() {
      return requests;
    },
    misbehave: (...behaviours) => void queue.push(...behaviours),
    rotate: () => void ring.keys.push(randomBytes(32)),
    replaceKey: () => {
      ring.keys = [randomBytes(32)];
    },
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** `hang` does nothing: the client waits until it gives up. */
function misbehave(behaviour: Behaviour, request: IncomingMessage, response: ServerResponse): void {
  if (behaviour === 'cut') request.socket.destroy();
  if (behaviour === 'redirect') response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end();
  if (behaviour === 'garbage') response.end('<html>busy 13800138000</html>');
  if (behaviour === 'huge') response.end('x'.repeat(1_000_000));
  if (typeof behaviour === 'number') fail(response, behaviour, 'internal text 13800138000');
}

function handle(request: IncomingMessage, body: string, response: ServerResponse, ring: Ring, token: string): void {
  const match = /^\/v1\/transit\/(encrypt|decrypt)\/([\w.-]+)$/.exec(request.url ?? '');
  const [, operation, name] = match ?? [];
  if (request.headers['x-vault-token'] !== token) fail(response, 403, 'permission denied');
  else if (match === null || request.method !== 'POST') fail(response, 404, 'no handler for route');
  else if (name !== 'veil') fail(response, 400, 'encryption key not found');
  else transit(operation === 'encrypt', body, response, ring);
}

function transit(isEncrypt: boolean, body: string, response: ServerResponse, ring: Ring): void {
  const input: Record<string, string> = JSON.parse(body);
  const { old = false, derived = false } = ring.imitation;
  if (derived && input.context === undefined) {
    fail(response, 400, "missing 'context' for key derivation");
    return;
  }
  // The context of a derived key makes another key; as part of the associated data it binds just as much.
  const data = Buffer.from(`${old ? '' : input.associated_data} ${derived ? input.context : ''}`);
  try {
    const answer = isEncrypt
      ? { ciphertext: encrypt(ring, input.plaintext ?? '', data), key_version: ring.keys.length }
      : { plaintext: decrypt(ring, input.ciphertext ?? '', data) };
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ request_id: randomBytes(8).toString('hex'), lease_id: '', renewable: false, data: answer }),
    );
  } catch {
    fail(response, 400, 'cipher: message authentication failed');
  }
}

function encrypt(ring: Ring, plaintext: string, data: Buffer): string {
  const version = ring.keys.length;
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', ring.keys[version - 1] ?? '', iv).setAAD(data);
  const sealed = Buffer.concat([cipher.update(Buffer.from(plaintext, 'base64')), cipher.final()]);
  return `vault:v${version}:${Buffer.concat([iv, sealed, cipher.getAuthTag()]).toString('base64')}`;
}

function decrypt(ring: Ring, ciphertext: string, data: Buffer): string {
  const [prefix, version, text = ''] = ciphertext.split(':');
  const key = ring.keys[Number(version?.slice(1)) - 1];
  if (prefix !== 'vault' || key === undefined) throw new Error('invalid ciphertext');
  const bytes = Buffer.from(text, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES)).setAAD(data);
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  const opened = [decipher.update(bytes.subarray(IV_BYTES, bytes.length - TAG_BYTES)), decipher.final()];
  return Buffer.concat(opened).toString('base64');
}

function fail(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ errors: [text] }));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
