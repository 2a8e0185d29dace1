import { openTokenStore } from './open-token-store.ts';

// A process that changes a record of a shared store: <folder> <how often>.
const [folder = '', times = '0'] = process.argv.slice(2);
const store = openTokenStore({ folder, place: 'file' });
const key = { issuer: 'https://issuer.test', audience: 'https://api.test', account: 'self' };
for (let count = 0; count < Number(times); count++) {
  await store.update(key, async (current) => {
    const issuedAt = (current?.issuedAt ?? 0) + 1;
    return {
      accessToken: `t${issuedAt}`,
      clientId: 'c',
      clientAuthentication: 'none',
      scopes: [],
      tokenEndpoint: 'x',
      issuedAt,
    };
  });
}
