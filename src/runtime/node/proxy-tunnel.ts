import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { CallError } from '../call-error.ts';

/** A proxy: its address, and the header for the user name and password in its URL (RFC 7617). */
export interface HttpProxy {
  readonly url: URL;
  readonly authorization?: string;
}

/** Parses a proxy's URL, `http://user:password@host:3128`. */
export function readProxy(text: string): HttpProxy {
  const url = new URL(text);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  if (username === '' && password === '') return { url };
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url, authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/**
 * Opens a connection to `target` (`host:port`) through a proxy: CONNECT, RFC 9110 §9.3.6. The proxy resolves the name.
 * undici's own `ProxyAgent` keeps only the last of several headers with one name, and sends no user name without
 * password.
 *
 * @throws CallError `NETWORK_FAILED` if the proxy cannot be reached or refuses; the message names the proxy
 */
export function openTunnel(
  { url, authorization }: HttpProxy,
  { target, secureContext, timeoutMs }: { target: string; secureContext?: SecureContext; timeoutMs: number },
): Promise<Socket> {
  const request = url.protocol === 'https:' ? secureRequest : plainRequest;
  const failed = (why: string, cause?: unknown) =>
    new CallError('NETWORK_FAILED', `The proxy ${url.host} ${why}.`, { cause });
  return new Promise((resolve, reject) => {
    const connect = request(url, {
      method: 'CONNECT',
      path: target,
      agent: false,
      timeout: timeoutMs,
      headers: { host: target, ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }) },
      ...(secureContext === undefined ? {} : { secureContext }),
    });
    connect.once('connect', ({ statusCode = 0, statusMessage }, socket, head) => {
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy();
        reject(failed(`refused to connect to ${target}: ${statusCode} ${statusMessage}`));
        return;
      }
      if (head.length > 0) socket.unshift(head);
      socket.setTimeout(0);
      // An HTTP(S) client's socket is a net.Socket; the event's type says Duplex because of servers.
      resolve(socket as Socket);
    });
    connect.once('timeout', () => connect.destroy(failed('did not respond in time')));
    connect.once('response', ({ statusCode }) => connect.destroy(failed(`responded ${statusCode} to CONNECT`)));
    connect.once('error', (error) => {
      reject(error instanceof CallError ? error : failed('cannot be reached', error));
    });
    connect.end();
  });
}
