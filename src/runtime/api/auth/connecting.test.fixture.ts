import { memoryTokenStore } from '../../secrets/token-store.ts';
import type { ConnectMeans } from './connect-source.ts';

/** For tests in which nobody consents at a third party. */
export const NOBODY_CONNECTS: ConnectMeans['connecting'] = {
  api: 'Test',
  store: async () => memoryTokenStore(),
  scopesFor: () => [],
};
