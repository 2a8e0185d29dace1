import { lackingScopes } from './lacking-scopes.ts';
import type { Provider } from './provider.ts';
import { updatesOf } from './resource-updates.ts';

/** The functions that a transform can override; everything else comes from the provider. */
export type Overrides = Partial<Omit<Provider, 'contract' | 'info' | 'onChange' | 'onResourceUpdate' | 'close'>>;

/** A provider with some functions overridden. */
export function derived(provider: Provider, overrides: Overrides): Provider {
  return {
    contract: 1,
    get info() {
      return provider.info;
    },
    listTools: (context) => provider.listTools(context),
    callTool: (call, context) => provider.callTool(call, context),
    listResources: (context) => provider.listResources(context),
    listResourceTemplates: (context) => provider.listResourceTemplates(context),
    readResource: (read, context) => provider.readResource(read, context),
    listPrompts: (context) => provider.listPrompts(context),
    getPrompt: (get, context) => provider.getPrompt(get, context),
    complete: (completion, context) => provider.complete(completion, context),
    ...(provider.previews && { previews: true }),
    ...(provider.lackingScopes && {
      lackingScopes: (request, context) => lackingScopes(provider, request, context),
    }),
    onChange: (listener) => provider.onChange(listener),
    ...updatesOf(provider),
    close: () => provider.close(),
    ...overrides,
  };
}
