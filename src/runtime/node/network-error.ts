import { CallError, type CallErrorCode } from '../call-error.ts';

/**
 * Describes a network error in the reader's words. `address` is the host and port: messages contain neither path nor
 * query, which may contain a credential. `answered`: the head of a response had arrived.
 */
export function networkError(error: unknown, { address, answered }: { address: string; answered: boolean }): CallError {
  // Connection hooks (tunnel, address check) throw their own call errors.
  if (error instanceof CallError) return error;
  const code = errorCode(error);
  const [kind, text, hint] = explain(code, error);
  const message =
    kind === 'CONNECTION_LOST' && answered ? 'closed the connection before the response was complete.' : text;
  return new CallError(kind, `${address} ${message}`, { cause: error, ...(hint === undefined ? {} : { hint }) });
}

/** The abort reason of a signal as a call error: a timeout identifies itself, anything else is the client. */
export function abortError(reason: unknown, address: string): CallError {
  if (reason instanceof CallError) return reason;
  return isNamed(reason, 'TimeoutError')
    ? new CallError('TIMEOUT', `${address} did not respond in time.`, { cause: reason })
    : new CallError('CANCELLED', 'The client cancelled the call.', { cause: reason });
}

type Explanation = readonly [kind: CallErrorCode, text: string, hint?: string];

const LOST: Explanation = ['CONNECTION_LOST', 'closed the connection without responding.'];
const UNTRUSTED: Explanation = [
  'TLS_FAILED',
  'has a certificate from an unknown authority; pass the CA certificate with --ca <file>.',
];

const NO_TLS: Explanation = [
  'TLS_FAILED',
  'does not use TLS; it appears to serve plain HTTP.',
  'If that is intended, use an http:// URL with --base-url.',
];
const HTTP2_ONLY: Explanation = [
  'NETWORK_FAILED',
  'supports only HTTP/2, but requests are sent as HTTP/1.1.',
  'Put a reverse proxy that accepts HTTP/1.1 in front of it, and point --base-url to the proxy.',
];

const BY_CODE: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: ['CONNECTION_REFUSED', 'refused the connection: nothing is listening there.'],
  ECONNRESET: LOST,
  ECONNABORTED: LOST,
  EPIPE: LOST,
  UND_ERR_SOCKET: LOST,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: [
    'CONNECTION_LOST',
    'sent a response whose length does not match its Content-Length.',
  ],
  UND_ERR_HEADERS_OVERFLOW: ['ANSWER_TOO_LARGE', 'sent more response headers than can be read.'],
  UND_ERR_CONNECT_TIMEOUT: ['TIMEOUT', 'did not accept the connection in time.'],
  ETIMEDOUT: ['TIMEOUT', 'did not accept the connection in time.'],
  ENOTFOUND: ['HOST_NOT_FOUND', 'is an unknown host: the name does not resolve.'],
  EAI_AGAIN: ['HOST_NOT_FOUND', 'cannot be resolved: the DNS server does not respond.'],
  EHOSTUNREACH: ['NETWORK_FAILED', 'cannot be reached: there is no route to the host.'],
  ENETUNREACH: ['NETWORK_FAILED', 'cannot be reached: there is no route to its network.'],
  UND_ERR_DESTROYED: ['CANCELLED', 'was cancelled: this server is shutting down.'],
  UND_ERR_CLOSED: ['CANCELLED', 'was cancelled: this server is shutting down.'],
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: HTTP2_ONLY,
  ERR_SSL_NO_APPLICATION_PROTOCOL: HTTP2_ONLY,
  CERT_HAS_EXPIRED: ['TLS_FAILED', 'has a certificate that has expired.', 'The owner of the API must renew it.'],
  CERT_NOT_YET_VALID: ['TLS_FAILED', 'has a certificate that is not valid yet.', 'Check the clock of this machine.'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'TLS_FAILED',
    'has a certificate for another host name.',
    'Use a host name from the certificate, with --base-url.',
  ],
};

function explain(code: string, error: unknown): Explanation {
  const known = Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
  if (known !== undefined) return known;
  // undici does not always pass on the code of its parser.
  if (isNamed(error, 'HTTPParserError')) return notHttp1((error as { readonly data?: unknown }).data);
  if (/^(CERT_|ERR_TLS_|ERR_SSL_|EPROTO$|UNABLE_TO_|HOSTNAME_)/.test(code)) {
    return ['TLS_FAILED', `did not agree on a secure connection (${code}).`];
  }
  // The sender's own errors mention the header or the path, never its value.
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
    return ['UNSAFE_ARGUMENT', `was not called: the request is not valid HTTP (${messageOf(error)}).`];
  }
  return ['NETWORK_FAILED', `cannot be reached (${code || messageOf(error)}).`];
}

/** @param data the bytes that are not HTTP/1.1, one character each, if undici passes them on */
function notHttp1(data: unknown): Explanation {
  const bytes = [...String(data ?? '').slice(0, 5)].map((character) => character.charCodeAt(0));
  // RFC 9113 §3.4: a server starts with a SETTINGS frame (type 4 after a length of 3 bytes). RFC 8446 §5.1: an alert.
  if (bytes[0] === 0 && bytes[1] === 0 && bytes[3] === 4) return HTTP2_ONLY;
  if (bytes[0] === 0x15 && bytes[1] === 3) {
    return ['TLS_FAILED', 'uses TLS, but the request was plain HTTP.', 'Use an https:// URL with --base-url.'];
  }
  return ['CONNECTION_LOST', 'sent something that is not HTTP/1.1.'];
}

/** `code` of the error or, if several addresses were tried, of the first attempt. */
function errorCode(error: unknown): string {
  if (error instanceof AggregateError && !hasCode(error)) return errorCode(error.errors[0]);
  return hasCode(error) ? error.code : '';
}

const hasCode = (error: unknown): error is { code: string } =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string';
const isNamed = (error: unknown, name: string): boolean =>
  typeof error === 'object' && error !== null && 'name' in error && error.name === name;
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown reason');
