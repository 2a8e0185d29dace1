import { type Keys, randomText } from './keys.ts';
import type { Settings } from './options.ts';

/** Recognises the browser between the consent page, the upstream and the callback, by a signed cookie. */
export interface Browsers {
  /** The id in the cookie; `undefined` without a valid one. */
  of(request: Request): Promise<string | undefined>;
  /** The `Set-Cookie` header that gives a browser this id. */
  cookie(id: string): Promise<string>;
}

/** Seconds: longer than one login takes. */
const COOKIE_TTL = 3600;

export function openBrowsers({ secure, base }: Settings, keys: Keys): Browsers {
  // The prefix binds the cookie to this host, https and the path / (RFC 6265bis §4.1.3.2); loopback http cannot use it.
  // There, cookies are shared by all ports.
  const name = secure ? '__Host-mcp-login' : `mcp-login-${base.port || '80'}`;
  return {
    async of(request) {
      const cookies = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim());
      for (const cookie of cookies) {
        if (!cookie.startsWith(`${name}=`)) continue;
        const [id = '', mac = ''] = cookie.slice(name.length + 1).split('.');
        if (await keys.isMac('browser', id, mac)) return id;
      }
      return undefined;
    },
    async cookie(id) {
      const value = `${id}.${await keys.mac('browser', id)}`;
      return `${name}=${value}; Path=/; Max-Age=${COOKIE_TTL}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
    },
  };
}

export const newBrowserId = (): string => randomText(24);
