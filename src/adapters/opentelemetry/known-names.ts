import type { Call, Next } from '../../runtime/middleware/middleware.ts';

/**
 * Whether the tool or prompt of a call exists. Clients invent names, and each one in a metric would be another time
 * series. Lists are asked once for each name that exists.
 */
export function knownNames(): (call: Call, target: string, next: Next) => Promise<boolean> {
  const known = { tools: new Set<string>(), prompts: new Set<string>() };
  return async (call, target, next) => {
    const isTool = call.method === 'tools/call';
    const names = isTool ? known.tools : known.prompts;
    if (names.has(target)) return true;
    try {
      // A cancelled call still has a tool, and a server that is starting is not waited for.
      const asking = { ...call, params: {}, signal: new AbortController().signal, ready: true as const };
      const list = isTool
        ? await next({ ...asking, method: 'tools/list' })
        : await next({ ...asking, method: 'prompts/list' });
      const exists = list.some(({ name }) => name === target);
      if (exists) names.add(target);
      return exists;
    } catch {
      // The error of a list is reported to those who request it.
      return false;
    }
  };
}
