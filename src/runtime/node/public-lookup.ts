import type { LookupAddress, LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isPrivateAddress } from '../api/request/addresses.ts';
import { CallError } from '../call-error.ts';

/** `dns.lookup` with `all`. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A `lookup` for connections that may only go to public addresses. It checks the addresses that are then connected to,
 * so a name cannot resolve to one address for the check and another for the call (DNS rebinding). One private address
 * among several blocks all of them.
 */
export function publicLookup(resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) {
        callback(error ?? Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '', 0);
      } else if (addresses.some(({ address }) => isPrivateAddress(address))) {
        callback(forbiddenAddress(hostname), '', 0);
      } else if (options.all) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

/**
 * The error for an address that is not public. It does not reveal the address, which would map the internal network.
 */
export function forbiddenAddress(host: string): CallError {
  return new CallError('FORBIDDEN_ADDRESS', `${host} is at a private address, which this API may not access.`, {
    hint: 'If the API really is at that address, set it with --base-url, or pass --allow-private.',
  });
}
