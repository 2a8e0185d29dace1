import type { IssuerAccess } from '../../../api/auth/server-metadata.ts';
import type { HttpSender } from '../../../api/http.ts';
import { isPrivateUrl } from '../../../api/request/server-url.ts';
import { codeOf } from '../../../errors.ts';
import { fetchSender } from './fetch-sender.ts';
import { resourceAt } from './protected-resource.ts';

/** An MCP server that requires tokens. */
export interface Place {
  readonly url: string;
  /** The server's name in messages: without a query, which may be secret. */
  readonly label: string;
  /** A server at a private address may have its authorization server at one, too. */
  access(send: HttpSender | undefined, signal: AbortSignal): IssuerAccess;
  /**
   * The issuers that the server's metadata names now. `undefined` if there is none: a server that is down, or has
   * withdrawn its metadata, names no other one.
   *
   * @throws LoginError if the metadata is for another resource, or names no authorization server
   */
  issuersNow(metadataUrl: string | undefined): Promise<readonly string[] | undefined>;
}

const TIMEOUT_MS = 10_000;

export function placeOf(url: URL): Place {
  const access: Place['access'] = (send = fetchSender, signal) => ({
    send,
    allowPrivate: isPrivateUrl(url.href),
    signal,
  });
  return {
    url: url.href,
    label: url.origin + url.pathname,
    access,
    async issuersNow(metadataUrl) {
      if (metadataUrl === undefined) return undefined;
      try {
        const own = access(undefined, AbortSignal.timeout(TIMEOUT_MS));
        return (await resourceAt(metadataUrl, url.href, own))?.issuers;
      } catch (error) {
        if (codeOf(error) === 'LOGIN_UNREACHABLE') return undefined;
        throw error;
      }
    },
  };
}
