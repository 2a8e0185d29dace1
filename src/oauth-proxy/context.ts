import type { AccessTokens } from './access-tokens.ts';
import type { Browsers } from './browser.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import type { Clients } from './clients.ts';
import type { Grants } from './grants.ts';
import type { Keys } from './keys.ts';
import type { Settings } from './options.ts';
import type { Records } from './records.ts';
import type { Tickets } from './tickets.ts';
import type { Upstream } from './upstream.ts';

/** What the endpoints work with. */
export interface Context {
  readonly settings: Settings;
  readonly keys: Keys;
  readonly records: Records;
  readonly clients: Clients;
  readonly clientOf: ClientAuthentication;
  readonly browsers: Browsers;
  readonly tickets: Tickets;
  readonly accessTokens: AccessTokens;
  readonly upstream: Upstream;
  readonly grants: Grants;
  readonly onError: (error: Error) => void;
}
