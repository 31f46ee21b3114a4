import { asVeilError, VeilError } from '../core/errors.js';

/** What a token is asked for with. */
export interface OauthRequest {
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string | undefined;
}

const WITHIN_MS = 10_000;

/** An access token by the client credentials grant (RFC 6749 section 4.4). Throws BROKER_AUTH; the answer is never quoted. */
export async function fetchOauthToken({ tokenEndpoint, clientId, clientSecret, scope }: OauthRequest): Promise<string> {
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64');
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) });
  try {
    const headers = { authorization: `Basic ${basic}`, accept: 'application/json' };
    const signal = AbortSignal.timeout(WITHIN_MS);
    const response = await fetch(tokenEndpoint, { method: 'POST', headers, body: form, signal, redirect: 'error' });
    const answer: unknown = response.ok ? await response.json() : undefined;
    const token =
      typeof answer === 'object' && answer !== null && 'access_token' in answer ? answer.access_token : undefined;
    if (typeof token === 'string') return token;
    throw new VeilError('BROKER_AUTH', {
      where: 'token endpoint',
      expected: 'an access token',
      got: `HTTP status ${response.status}`,
    });
  } catch (error) {
    throw asVeilError(error, 'BROKER_AUTH', { where: 'token endpoint' });
  }
}
