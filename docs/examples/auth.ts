import { createServer, fromOpenApi, requireScopes } from 'openapi-mcp';

const shop = await fromOpenApi(new URL('../../test-specs/petstore.yaml', import.meta.url), {
  baseUrl: process.env.PET_SHOP_URL,
});

const server = createServer({ name: 'desk', version: '1.0.0' });
server.mount('shop', await requireScopes(shop, { tools: { 'add*': ['shop:write'] } }));
server.tool('whoami', {}, (_, { caller }) => caller?.id ?? 'nobody');

const running = await server.run({
  transport: 'http',
  port: 0,
  auth: {
    provider: process.env.ISSUER,
    requiredScopes: ['shop:read'],
    keys: [{ name: 'ci', key: process.env.CI_KEY ?? crypto.randomUUID(), scopes: ['shop:read'] }],
  },
});

export { running };
