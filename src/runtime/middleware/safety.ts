import type { ToolAnnotations } from '../../model/index.ts';
import { provenHints } from '../claimed-hints.ts';
import { toolsByName } from '../tools-by-name.ts';
import type { Call, Next } from './middleware.ts';

/** Read-only, so its result may be cached: reads and lists, and tools with `readOnlyHint`. */
export async function isSafe(call: Call, next: Next): Promise<boolean> {
  return call.method !== 'tools/call' || (await hintsOf(call, next)).readOnlyHint === true;
}

/** Repeating it has no further effect: read-only calls, and tools with `idempotentHint`. */
export async function isIdempotent(call: Call, next: Next): Promise<boolean> {
  if (call.method !== 'tools/call') return true;
  const { readOnlyHint, idempotentHint } = await hintsOf(call, next);
  return readOnlyHint === true || idempotentHint === true;
}

async function hintsOf(call: Call<'tools/call'>, next: Next): Promise<ToolAnnotations> {
  try {
    const tools = await next({ ...call, method: 'tools/list', params: {} });
    const tool = toolsByName(tools).get(call.params.name);
    return tool ? provenHints(tool) : {};
  } catch {
    // A tool that cannot be looked up is not known to be safe. The list's error is reported to those who request the
    // list.
    return {};
  }
}
