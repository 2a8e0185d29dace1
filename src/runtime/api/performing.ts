import type { ApiModel, Operation } from '../../model/index.ts';
import { type Authoriser, createAuthoriser, NOTHING_ADDED } from './auth/authorise.ts';
import { neededScopes } from './auth/needed-scopes.ts';
import { createConcealers } from './conceal/index.ts';
import type { Performing } from './perform.ts';
import type { ApiProviderOptions } from './provider-options.ts';
import { operationServerUrl, type ServerUrl, serverOrigins } from './request/server-url.ts';

/** What the calls of an API share: one instance for its tools, resources and client. */
export function createPerforming(model: ApiModel, options: ApiProviderOptions): Performing {
  const settings = options.servers;
  const base = operationServerUrl(model, 'api', settings);
  /** By lists of servers, which operations share. */
  const urls = new Map<Operation['request']['servers'], ServerUrl>();
  return {
    ...options,
    model,
    concealers: createConcealers(options),
    authoriser: options.offline
      ? NO_CREDENTIALS
      : createAuthoriser({
          ...options,
          auth: model.auth,
          prefix: options.credentialPrefix,
          allowedOrigins: serverOrigins(model, settings),
          serverUrl: 'url' in base ? base.url : undefined,
          now: Date.now,
          connecting: { api: model.title, store: options.tokenStore, scopesFor: (name) => neededScopes(model, name) },
        }),
    serverUrl({ request: { servers } }) {
      const known = urls.get(servers);
      if (known) return known;
      const server = operationServerUrl(model, servers, settings);
      const url = 'problem' in server && options.offline ? NO_SERVER : server;
      urls.set(servers, url);
      return url;
    },
  };
}

/** For answers without the API. */
const NO_CREDENTIALS: Authoriser = {
  authorise: async (_, request) => ({ ...NOTHING_ADDED, request }),
  missing: () => undefined,
  onUnauthorized: () => false,
  onRejected() {},
  async prepare() {},
};

/** A name that never resolves (RFC 6761 §6.4). */
const NO_SERVER = { url: 'http://api.invalid' };
