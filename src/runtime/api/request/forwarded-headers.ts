import { OptionError } from '../../options/option-error.ts';
import { pattern } from '../../options/option-kinds.ts';
import type { CallContext } from '../../provider.ts';
import { HEADER_NAME_SYNTAX } from '../header-syntax.ts';

export const HEADER_NAME = pattern('a header name such as X-Tenant', HEADER_NAME_SYNTAX);

/** About the connection or the body of the client's own request (RFC 9110 §7.6.1), or about MCP. */
const NEVER: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'last-event-id',
  'origin',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Headers with which clients authenticate to this server: forwarding them shows the API a token that is not for it. */
export const CREDENTIAL_HEADERS: ReadonlySet<string> = new Set(['authorization', 'cookie']);

/** @throws OptionError for a header that belongs to the client's own request */
export function checkForwarded(names: readonly string[]): readonly string[] {
  const wrong = names.find(
    (name) => NEVER.has(name.toLowerCase()) || /^mcp-/i.test(name) || !HEADER_NAME_SYNTAX.test(name),
  );
  if (wrong === undefined) return names;
  throw new OptionError(`"${wrong}" belongs to the client's own request and cannot be forwarded.`, {
    option: 'forwardHeaders',
  });
}

/** The headers of the client's request that the operator has named. */
export function forwardedHeaders(
  names: readonly string[],
  { requestHeader, headers }: Pick<CallContext, 'requestHeader' | 'headers'>,
): Readonly<Record<string, string>> | undefined {
  if (names.length === 0 || !requestHeader) return headers;
  const found = names.flatMap((name) => {
    const value = requestHeader(name);
    return value === null ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(found), ...headers };
}
