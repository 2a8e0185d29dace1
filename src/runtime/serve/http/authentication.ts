import { defined } from '../../../model/index.ts';
import type { Provider } from '../../provider.ts';
import type { AuthOptions } from '../auth/auth-options.ts';
import type { InboundAuth } from '../auth/inbound-auth.ts';
import type { Digest } from '../auth/sha256.ts';
import { sharedToken } from '../auth/shared-token.ts';
import type { Sharing } from '../process-id.ts';
import { ServeError } from './serve-error.ts';

/** How callers are authenticated; without any of them, anyone may call. */
export interface AuthenticationOptions {
  /** The bearer token that every request must carry, the same for all callers. `undefined` (`process.env.X`): none. */
  readonly token: string | undefined;
  /** Who may call, with tokens of an identity provider or keys of their own. */
  readonly auth: AuthOptions | undefined;
  /** Messages name command-line flags instead of program options. */
  readonly flags: boolean;
  readonly onError: (error: Error) => void;
}

export interface AuthenticationParts {
  /** The URL that the server listens on; absent if only the platform or app around it knows. */
  readonly url?: () => string;
  /** The server's name, for people. */
  readonly name: string;
  readonly digest?: Digest;
  /** What this process shares with others; absent: it is alone. */
  readonly sharing?: Sharing | undefined;
}

/** Opened once, on first use; after a failure again, but not for the next ten seconds. */
export type Authentication = () => Promise<InboundAuth>;

/**
 * @returns `undefined` if anyone may call
 * @throws ServeError if the token is empty, there is a token in addition to `auth`, or nothing says the public URL
 */
export function authentication(
  { token, auth, flags, onError }: AuthenticationOptions,
  { url, name, digest, sharing }: AuthenticationParts,
): Authentication | undefined {
  if (token === '') throw emptyToken(flags);
  if (auth && token !== undefined) throw tokenToo(flags);
  if (auth) {
    if (!url && auth.publicUrl === undefined) throw publicUrlMissing();
    const own = url ?? (() => auth.publicUrl ?? '');
    return retried(async () => {
      const { openAuth } = await import('../auth/open-auth.ts');
      return openAuth(auth, { url: own(), name, flags, onError, ...defined({ digest, sharing }) });
    });
  }
  if (token === undefined) return undefined;
  const shared = sharedToken(token, digest);
  return async () => shared;
}

/** The names under which a server with a public URL is reached. */
export function publicNames(
  auth: AuthOptions | undefined,
  path: string,
): { readonly hosts: string[]; readonly origins: string[] } {
  const { publicUrl, audience } = auth ?? {};
  const isPublic = (text: unknown) => text === publicUrl || new URL(String(text)).pathname === path;
  const url = [publicUrl, audience].find((text) => typeof text === 'string' && URL.canParse(text) && isPublic(text));
  if (typeof url !== 'string') return { hosts: [], origins: [] };
  const { hostname, origin } = new URL(url);
  return { hosts: [hostname], origins: [origin] };
}

/** The provider, as callers with certain scopes see it. @throws OptionError if a rule matches nothing */
export async function scopedProvider(provider: Provider, auth: AuthOptions | undefined): Promise<Provider> {
  if (!auth?.scopes) return provider;
  const { requireScopes } = await import('../../transforms/require-scopes.ts');
  return requireScopes(provider, auth.scopes);
}

/** As `Retry-After` says: every request would otherwise ask a provider that is down. */
const PAUSE_MS = 10_000;

function retried<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  let again = Number.POSITIVE_INFINITY;
  return () => {
    if (Date.now() >= again) {
      opened = undefined;
      again = Number.POSITIVE_INFINITY;
    }
    opened ??= open().catch((error) => {
      again = Date.now() + PAUSE_MS;
      throw error;
    });
    return opened;
  };
}

/** An empty variable was probably set by mistake: reject it instead of serving without a token. */
const emptyToken = (flags: boolean) =>
  new ServeError(
    'TOKEN_REQUIRED',
    `The token is empty. ${flags ? 'Set OPENAPI_MCP_TOKEN to a secret, or unset it' : 'Pass a secret, or undefined for no token'}.`,
  );

const publicUrlMissing = () =>
  new ServeError(
    'PUBLIC_URL_REQUIRED',
    'Set auth.publicUrl to the URL of the MCP endpoint that clients use, such as https://mcp.example.com/mcp: tokens are issued for it.',
  );

const tokenToo = (flags: boolean) =>
  new ServeError(
    'BAD_AUTH',
    flags
      ? 'OPENAPI_MCP_TOKEN is one token for all callers, and auth tells callers apart. Unset it, or give each caller a key: keys in the section auth of the config file.'
      : 'The option token is one token for all callers, and auth tells callers apart. Leave out token, or give each caller a key: auth.keys.',
  );
