import type { LookupAddress, LookupOptions } from 'node:dns';
import { expect, test } from 'vitest';
import { publicLookup } from './public-lookup.ts';

const found = (...addresses: string[]): LookupAddress[] =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

/** The result for a connection when the name resolves to `addresses`. */
const look = (addresses: LookupAddress[] | Error, options: LookupOptions) =>
  new Promise((resolve) => {
    const lookup = publicLookup((_host, _options, callback) =>
      addresses instanceof Error ? callback(addresses, []) : callback(null, addresses),
    );
    lookup('api.example.com', options, (error, address, family) =>
      resolve(error === null ? { address, family } : { code: error.code, message: error.message }),
    );
  });

test('a name at public addresses is connected to, at all of them or at the first', async () => {
  const addresses = found('2606:4700::1111', '1.1.1.1');
  expect(await look(addresses, { all: true })).toEqual({ address: addresses, family: undefined });
  expect(await look(addresses, {})).toEqual({ address: '2606:4700::1111', family: 6 });
});

test.each([[['10.0.0.1']], [['::1']], [['169.254.169.254']], [['1.1.1.1', '127.0.0.1']], [['::ffff:192.168.0.1']]])(
  'a name at %s is rejected, without revealing the address',
  async (addresses) => {
    const want = {
      code: 'FORBIDDEN_ADDRESS',
      message: 'api.example.com is at a private address, which this API may not access.',
    };
    expect(await look(found(...addresses), { all: true })).toEqual(want);
    expect(await look(found(...addresses), {})).toEqual(want);
  },
);

test('a name that does not resolve keeps its error', async () => {
  const error = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
  expect(await look(error, {})).toEqual({ code: 'ENOTFOUND', message: 'getaddrinfo ENOTFOUND' });
  expect(await look([], {})).toEqual({ code: 'ENOTFOUND', message: 'no address' });
});
