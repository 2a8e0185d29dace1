import { fromOpenApi, serveHttp } from 'openapi-mcp';

/** The keys that users have saved, by issuer and subject; usually in a database. */
const keys = new Map([[`${process.env.ISSUER} ada`, 'key-of-ada']]);

const shop = await fromOpenApi(new URL('../../test-specs/petstore.yaml', import.meta.url), {
  baseUrl: process.env.PET_SHOP_URL,
  auth: { shop_key: { perCaller: async ({ caller }) => keys.get(caller.id) } },
});

const auth = { provider: process.env.ISSUER };
const running = await serveHttp(shop, { port: 0, auth, onError: console.error });

export { running };
