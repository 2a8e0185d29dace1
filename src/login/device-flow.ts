import { refused } from '../runtime/api/auth/code-grant.ts';
import { LoginError } from '../runtime/api/auth/login-error.ts';
import { readJson } from '../runtime/api/auth/read-json.ts';
import {
  type AuthorizationServer,
  checkedEndpoint,
  type IssuerAccess,
  unreachable,
} from '../runtime/api/auth/server-metadata.ts';
import { postForm, requestToken, type Token, type TokenClient } from '../runtime/api/auth/token-request.ts';
import type { CodeFlow } from './code-flow.ts';

/** What the person has to do (RFC 8628 §3.3). */
export interface DevicePrompt {
  readonly url: string;
  readonly userCode: string;
  /** The URL with the code in it, if the server has one. */
  readonly completeUrl?: string;
}

export interface DeviceFlow extends Pick<CodeFlow, 'server' | 'access' | 'scopes' | 'parameters'> {
  readonly client: () => Promise<TokenClient>;
  readonly onPrompt: (prompt: DevicePrompt) => void;
  /** Waits, in milliseconds; rejects with the reason of the signal. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/**
 * Device authorization (RFC 8628): the person opens a URL on any device and enters a code, while this process polls.
 *
 * @throws LoginError, and the reason of the signal
 */
export async function deviceFlow(flow: DeviceFlow): Promise<{ readonly token: Token; readonly client: TokenClient }> {
  const { server, access, onPrompt, sleep, scopes, parameters } = flow;
  const endpoint = server.deviceAuthorizationEndpoint;
  const problem = deviceFlowProblem(server);
  if (endpoint === undefined || problem !== undefined) throw problem;
  const client = await flow.client();
  const scope = scopes.join(' ');
  const { prompt, deviceCode, expiresIn, interval } = await startDevice(endpoint, {
    access,
    client,
    grant: { ...parameters, ...(scope !== '' && { scope }) },
  });
  onPrompt(prompt);
  const grant = { ...parameters, grant_type: DEVICE_GRANT, device_code: deviceCode };
  let pause = interval;
  for (let waited = 0; waited < expiresIn; waited += pause) {
    await sleep(pause * 1000, access.signal);
    const answer = await poll(grant, { server, client, access });
    if (answer === 'unreachable') {
      // RFC 8628 §3.5: back off, exponentially, after a connection timeout.
      pause = Math.min(pause * 2, MOST_PAUSE);
      continue;
    }
    if ('token' in answer) return { token: answer.token, client };
    if (answer.refused === 'slow_down') pause += SLOW_DOWN;
    else if (answer.refused !== 'authorization_pending') throw ended(answer.refused, answer.detail);
  }
  throw ended('expired_token', '');
}

/** Why nobody can log in at a server with this flow; `undefined` if they can. */
export function deviceFlowProblem({
  issuer,
  deviceAuthorizationEndpoint,
}: AuthorizationServer): LoginError | undefined {
  if (deviceAuthorizationEndpoint !== undefined) return undefined;
  const hint = 'Leave out --device to log in with the browser of this computer.';
  return new LoginError('LOGIN_UNSUPPORTED', `${issuer} has no device authorization endpoint.`, { hint });
}

/** Seconds: RFC 8628 §3.2 (default interval), §3.5 (slow down). */
const INTERVAL = 5;
const SLOW_DOWN = 5;
const MOST_PAUSE = 60;

async function poll(
  grant: Readonly<Record<string, string>>,
  { server, client, access }: Pick<DeviceFlow, 'server' | 'access'> & { readonly client: TokenClient },
) {
  try {
    const { send, signal } = access;
    return await requestToken({ tokenUrl: server.tokenEndpoint, client, grant, send, signal });
  } catch (error) {
    if (access.signal.aborted) throw access.signal.reason;
    if (error instanceof Error && 'code' in error && error.code === 'CREDENTIAL_REFUSED') throw error;
    return 'unreachable' as const;
  }
}

async function startDevice(
  url: string,
  { access, client, grant }: { access: IssuerAccess; client: TokenClient; grant: Readonly<Record<string, string>> },
) {
  const { send, signal } = access;
  const response = await postForm(url, { client, grant, send, signal }).catch((error) =>
    Promise.reject(signal.aborted ? error : unreachable(url, error)),
  );
  const answer = await readJson(response.body);
  const { device_code: deviceCode, user_code: userCode, verification_uri: page, error } = answer;
  if (response.status !== 200 || typeof deviceCode !== 'string' || typeof userCode !== 'string') {
    const { error_description: description } = answer;
    const why = typeof error === 'string' ? error : `status ${response.status}`;
    throw refused(why, typeof description === 'string' ? description : undefined);
  }
  if (typeof page !== 'string') throw refused('it sent no verification URL');
  const { verification_uri_complete: complete, expires_in: expires, interval } = answer;
  // What the person opens is a web page.
  const check = (pageUrl: string) => checkedEndpoint(pageUrl, { name: 'verification_uri', access });
  return {
    prompt: {
      url: check(page),
      userCode,
      ...(typeof complete === 'string' && { completeUrl: check(complete) }),
    },
    deviceCode,
    expiresIn: typeof expires === 'number' && expires > 0 ? expires : 300,
    interval: typeof interval === 'number' && interval > 0 ? interval : INTERVAL,
  };
}

function ended(error: string, detail: string): LoginError {
  if (error !== 'expired_token') return refused(detail);
  return new LoginError('LOGIN_TIMEOUT', 'The code expired before anybody entered it.', {
    hint: 'Run the command again for a new code.',
  });
}
