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
 * @param where the name of the value in messages
 * @param what its full description, if it is not mounted
 * @throws OptionError if `value` is not a `Provider`; the message says what is missing
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
