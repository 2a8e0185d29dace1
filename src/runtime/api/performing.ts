import type { ApiModel } from '../../model/index.ts';
import { createAuthoriser } from './auth/authorise.ts';
import { neededScopes } from './auth/needed-scopes.ts';
import { createConcealers } from './conceal/index.ts';
import type { Performing } from './perform.ts';
import type { ApiProviderOptions } from './provider-options.ts';
import { operationServerUrl, serverOrigins, serverUrl } from './request/server-url.ts';

/** What the calls of an API share: one instance for its tools, resources and client. */
export function createPerforming(model: ApiModel, options: ApiProviderOptions): Performing {
  const settings = options.servers;
  const base = serverUrl({
    ...settings,
    servers: model.servers,
    ...(model.documentUrl !== undefined && { documentUrl: model.documentUrl }),
  });
  return {
    ...options,
    model,
    concealers: createConcealers(options),
    authoriser: createAuthoriser({
      ...options,
      auth: model.auth,
      ...(options.credentialPrefix !== undefined && { prefix: options.credentialPrefix }),
      allowedOrigins: serverOrigins(model, settings),
      ...('url' in base && { serverUrl: base.url }),
      now: Date.now,
      connecting: {
        api: model.title,
        store: options.tokenStore,
        scopesFor: (scheme) => neededScopes(model, scheme),
      },
    }),
    serverUrl: (operation) => operationServerUrl(model, operation.request.servers, settings),
  };
}
