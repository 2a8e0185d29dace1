import { cookieValues } from '../runtime/serve/pages/login-cookie.ts';
import { randomText } from '../runtime/text/random-text.ts';

/** Who may see the page: browsers that came with a link of the terminal. */
export interface Visitors {
  /** A token for one visit. */
  invite(): string;
  /** The session of a token that is used for the first time. */
  admit(token: string): string | undefined;
  /** Whether the request has the cookie of a session. */
  knows(request: Request): boolean;
  /** The `Set-Cookie` header. */
  cookie(session: string, url: URL): string;
  clear(): void;
}

export function createVisitors(): Visitors {
  // Random values of 256 bits: looking one up reveals nothing that helps to guess another.
  const tokens = new Set<string>();
  const sessions = new Set<string>();
  const added = (set: Set<string>) => {
    const value = randomText();
    set.add(value);
    return value;
  };
  return {
    invite: () => added(tokens),
    admit: (token) => (tokens.delete(token) ? added(sessions) : undefined),
    knows: (request) => cookieValues(request, cookieName(new URL(request.url))).some((value) => sessions.has(value)),
    cookie: (session, url) => `${cookieName(url)}=${session}; Path=/inspector; HttpOnly; SameSite=Strict`,
    clear() {
      tokens.clear();
      sessions.clear();
    },
  };
}

/** Cookies are shared by all ports of a host. */
const cookieName = ({ port }: URL): string => `openapi-mcp-inspector-${port || '80'}`;
