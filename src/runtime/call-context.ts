import type { CallContext } from './provider.ts';

/** A context for calling a provider directly, without a client: it ignores notifications and is never cancelled. */
export function callContext(overrides: Partial<CallContext> = {}): CallContext {
  return {
    requestId: '1',
    signal: new AbortController().signal,
    progress: () => {},
    log: () => {},
    ...overrides,
  };
}
