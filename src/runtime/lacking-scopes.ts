import type { ListContext, Provider, ScopedRequest } from './provider.ts';

/** `Provider.lackingScopes`, which a provider without restrictions does not have. */
export async function lackingScopes(
  provider: Provider,
  request: ScopedRequest,
  context: ListContext,
): Promise<readonly string[] | undefined> {
  return provider.lackingScopes?.(request, context);
}

/** For names that the caller does not see, because it lacks their scopes. */
export const unrestricted = (context: ListContext): ListContext => ({
  ...(context.caller && { caller: context.caller }),
  unrestricted: true,
});
