import { loginCookie } from '../runtime/serve/pages/login-cookie.ts';
import { randomText } from '../runtime/text/random-text.ts';
import type { Keys } from './keys.ts';
import type { Settings } from './options.ts';

/** Recognises the browser between the consent page, the upstream and the callback, by a signed cookie. */
export interface Browsers {
  /** The id in the cookie; `undefined` without a valid one. */
  of(request: Request): Promise<string | undefined>;
  /** The `Set-Cookie` header that gives a browser this id. */
  cookie(id: string): Promise<string>;
}

export function openBrowsers({ base }: Settings, keys: Keys): Browsers {
  const cookie = loginCookie('mcp-login', base);
  return {
    async of(request) {
      for (const value of cookie.of(request)) {
        const [id = '', mac = ''] = value.split('.');
        if (await keys.isMac('browser', id, mac)) return id;
      }
      return undefined;
    },
    cookie: async (id) => cookie.header(`${id}.${await keys.mac('browser', id)}`),
  };
}

export const newBrowserId = (): string => randomText(24);
