import { createHmac } from 'node:crypto';
import { type AuthHandler, fromOpenApi } from 'openapi-mcp';

/** The shop expects an HMAC of the method, the path, the time and the body. */
export default function sign({ key }: { readonly key: string }): AuthHandler {
  return {
    // Hidden in results, errors and logs; what `authorize` adds is, too.
    secrets: [key],
    authorize({ method, url, body }) {
      const time = new Date().toISOString();
      const { pathname, search } = new URL(url);
      const hmac = createHmac('sha256', key).update(`${method} ${pathname}${search} ${time}\n`);
      if (body) hmac.update(body);
      return { headers: { 'X-Time': time, 'X-Signature': hmac.digest('hex') } };
    },
  };
}

/** In a program; a config file names this module instead. */
export const openShop = (baseUrl: string, key: string) =>
  fromOpenApi(new URL('../../test-specs/petstore.yaml', import.meta.url), {
    baseUrl,
    auth: { shop_key: sign({ key }) },
  });
