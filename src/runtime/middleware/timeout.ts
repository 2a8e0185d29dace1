import { ToolError } from '../tool-error.ts';
import { deadline, untilAborted } from '../until-aborted.ts';
import type { Call, Middleware } from './middleware.ts';

/**
 * Ends a call after `ms` milliseconds. What performs it sees its signal abort; the client has an answer at once, also
 * where the signal is ignored.
 *
 * ```ts
 * server.use(timeout({ ms: 30_000 }));
 * ```
 */
export function timeout({ ms }: { readonly ms: number }): Middleware {
  return async function timeout(call, next) {
    const { signal, stop } = deadline(
      ms,
      call.signal,
      () => new ToolError(`${subject(call)} did not end in ${ms} ms.`),
    );
    try {
      return await untilAborted(next({ ...call, signal }), signal);
    } finally {
      stop();
    }
  };
}

/** The call in the words of its reader: `tool "search"`. */
function subject(call: Call): string {
  switch (call.method) {
    case 'tools/call':
      return `Tool "${call.params.name}"`;
    case 'resources/read':
      return `Resource "${call.params.uri}"`;
    case 'prompts/get':
      return `Prompt "${call.params.name}"`;
    default:
      return call.method;
  }
}
