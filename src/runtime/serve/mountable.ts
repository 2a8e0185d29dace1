import { checkProvider } from '../compose/check-provider.ts';
import { OptionError } from '../options/option-error.ts';
import type { Provider } from '../provider.ts';

/**
 * @param prefix of names; empty for none.
 * @throws OptionError where the prefix cannot stand in a name, or that is no provider, or one of another contract; the
 * message calls it by prefix or name.
 */
export function assertMountable(value: unknown, prefix: string): asserts value is Provider {
  if (!/^[A-Za-z0-9_.-]{0,64}$/.test(prefix)) {
    throw new OptionError(`"${prefix}" cannot be a prefix of names: write letters, digits, "_", "-" or ".".`);
  }
  const name = (value as { readonly info?: { readonly name?: unknown } } | null | undefined)?.info?.name;
  checkProvider(value, prefix || String(name ?? 'provider'));
}
