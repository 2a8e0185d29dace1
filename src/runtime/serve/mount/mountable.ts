import { checkProvider } from '../../compose/check-provider.ts';
import { namespace as namespaced } from '../../compose/namespace.ts';
import { OptionError } from '../../options/option-error.ts';
import type { Provider } from '../../provider.ts';

/**
 * @param prefix prefix of names; may be empty
 * @throws OptionError if the prefix is invalid, or the value is not a provider or has another contract; the message
 *   uses the prefix or name
 */
export function assertMountable(value: unknown, prefix: string): asserts value is Provider {
  if (!/^[A-Za-z0-9_.-]{0,64}$/.test(prefix)) {
    throw new OptionError(`"${prefix}" is not a valid prefix: write letters, digits, "_", "-" or ".".`);
  }
  const name = (value as { readonly info?: { readonly name?: unknown } } | null | undefined)?.info?.name;
  checkProvider(value, prefix || String(name ?? 'provider'));
}

/**
 * The provider to mount, and the prefix that its names still need.
 *
 * @throws OptionError as {@link assertMountable}, and if both a prefix and a namespace are given
 */
export function placed(
  provider: Provider,
  { prefix = '', namespace }: { readonly prefix?: string; readonly namespace?: string },
): { readonly provider: Provider; readonly prefix: string } {
  assertMountable(provider, prefix);
  if (namespace === undefined) return { provider, prefix };
  if (prefix !== '')
    throw new OptionError('Mount with a prefix or a namespace, not both: a namespace is also a prefix.');
  return { provider: namespaced(provider, namespace), prefix };
}
