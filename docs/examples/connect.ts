import { openApi, serveHttp } from 'openapi-mcp';
import { openTokenStore } from 'openapi-mcp/client';

const { provider } = await openApi(process.env.NOTES_DOCUMENT ?? 'notes.yaml', {
  // Encrypted files. Without a store, accounts are connected until the process ends.
  tokenStore: await openTokenStore({ folder: process.env.TOKENS ?? 'tokens' }),
  auth: {
    login: { connect: { clientId: 'our-server', clientSecret: process.env.NOTES_SECRET ?? '' } },
  },
});

const running = await serveHttp(provider, {
  port: Number(process.env.PORT ?? 8000),
  auth: {
    provider: process.env.ISSUER,
    requiredScopes: ['mcp'],
    login: { clientId: 'our-pages', clientSecret: process.env.PAGES_SECRET },
  },
  onError: console.error,
});

export { running };
