import { isLoopback } from '../http/loopback.ts';
import { AuthError } from './auth-error.ts';
import type { AuthOptions } from './auth-options.ts';
import { isSafeUrl } from './safe-url.ts';

/**
 * The canonical URL of the MCP endpoint (RFC 8707 §2, MCP canonical server URI): no fragment, no slash at the end.
 *
 * @throws AuthError `PUBLIC_URL_REQUIRED` if other machines can reach the server and nothing says under which URL;
 *   `AUTH_OPTIONS_INVALID` if it is not one
 */
export function publicUrlOf(
  { publicUrl, audience }: Pick<AuthOptions, 'publicUrl' | 'audience'>,
  { url, flags }: { readonly url: string; readonly flags: boolean },
): string {
  if (publicUrl !== undefined) return checked(publicUrl, flags);
  const own = new URL(url);
  const named = typeof audience === 'string' && URL.canParse(audience) ? new URL(audience) : undefined;
  if (named && /^https?:$/.test(named.protocol) && named.pathname === own.pathname) return canonical(named);
  if (isLoopback(own.hostname)) return canonical(own);
  throw new AuthError(
    'PUBLIC_URL_REQUIRED',
    `Clients must know the URL of this server exactly, because tokens are issued for it. Set ${meansOf(flags)} to the URL of the MCP endpoint that clients use, such as https://mcp.example.com${own.pathname}.`,
  );
}

const meansOf = (flags: boolean) => (flags ? '--public-url' : 'auth.publicUrl');

function checked(text: string, flags: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !isSafeUrl(url) || url.hash !== '' || url.search !== '' || url.username !== '') {
    throw new AuthError(
      'AUTH_OPTIONS_INVALID',
      `"${text}" is not the URL of an MCP endpoint (${meansOf(flags)}). Write an https URL without query or fragment, such as https://mcp.example.com/mcp.`,
    );
  }
  return canonical(url);
}

const canonical = ({ origin, pathname }: URL) => (pathname === '/' ? origin : origin + pathname.replace(/\/$/, ''));
