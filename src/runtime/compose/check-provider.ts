import { OptionError } from '../options/option-error.ts';
import type { Provider } from '../provider.ts';

const REQUIRED = [
  'listTools',
  'callTool',
  'listResources',
  'listResourceTemplates',
  'readResource',
  'listPrompts',
  'getPrompt',
  'complete',
  'onChange',
  'close',
] as const satisfies readonly (keyof Provider)[];

/**
 * @param where the name that messages give to the thing.
 * @param what the whole of what they call it, where it is not mounted.
 * @throws OptionError where `value` is not a `Provider`; the message says what it lacks.
 */
export function checkProvider(
  value: unknown,
  where: string,
  what = `The value mounted as "${where}"`,
): asserts value is Provider {
  const candidate = (value ?? {}) as Partial<Record<keyof Provider, unknown>>;
  const advice = 'Pass the return value of createServer(), fromMcp() or an emitted create…().';
  if (candidate.contract !== undefined && candidate.contract !== 1) {
    throw new OptionError(
      `${what} is a provider with contract ${String(candidate.contract)}; this runtime supports contract 1. Use the same version for both.`,
    );
  }
  if (typeof (value as { readonly then?: unknown } | null | undefined)?.then === 'function') {
    throw new OptionError(`${what} is a promise of a provider. Await it first.`);
  }
  const missing = REQUIRED.filter((method) => typeof candidate[method] !== 'function');
  if (candidate.contract === 1 && missing.length === 0 && typeof candidate.info === 'object') return;
  const lacks = [...(candidate.contract === 1 ? [] : ['contract: 1']), ...missing.map((method) => `${method}()`)];
  throw new OptionError(`${what} is not a provider: it lacks ${lacks.join(', ') || 'info'}. ${advice}`);
}
