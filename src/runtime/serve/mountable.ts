import { checkProvider } from '../compose/check-provider.ts';
import type { Provider } from '../provider.ts';

/** @throws TypeError where that is no provider, or one of another contract; the message calls it by prefix or name. */
export function assertMountable(value: unknown, prefix: string): asserts value is Provider {
  const name = (value as { readonly info?: { readonly name?: unknown } } | null | undefined)?.info?.name;
  checkProvider(value, prefix || String(name ?? 'provider'));
}
