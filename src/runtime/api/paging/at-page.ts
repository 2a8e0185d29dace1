import { CallError } from '../../call-error.ts';
import type { BuiltRequest } from '../http.ts';

/** The request for a page of the same server that its API has named. The rest of the request stays as it is. */
export function atPage(request: BuiltRequest, path: string, serverUrl: string): BuiltRequest {
  const { origin, search } = new URL(serverUrl);
  const url = URL.canParse(origin + path) ? new URL(origin + path) : undefined;
  if (!path.startsWith('/') || url?.origin !== origin) {
    throw new CallError('INVALID_ARGUMENTS', 'The next page has no valid address. Start again from the first page.');
  }
  const own = pairs(search);
  const names = new Set(own.map(nameOf));
  // What the configured URL sets may be a credential, which the response has without its value.
  return {
    ...request,
    target: origin + url.pathname,
    query: [...own, ...pairs(url.search).filter((pair) => !names.has(nameOf(pair)))],
  };
}

const pairs = (search: string): readonly string[] =>
  search
    .replace(/^\?/, '')
    .split('&')
    .filter((pair) => pair !== '');

const nameOf = (pair: string): string => pair.replace(/=.*$/s, '');
