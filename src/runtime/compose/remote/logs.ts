import { type Client, LOG_LEVEL_META_KEY, PROTOCOL_VERSION_META_KEY } from '@modelcontextprotocol/client';
import { callerKey } from '../../caller-key.ts';
import type { CallContext, LogLevel } from '../../provider.ts';

/**
 * What a server logs while a call runs is passed on to the one who called, and reaches the client as far as that one
 * wants it. The message does not say what call it belongs to: where several callers have one in flight, it is nobody's.
 */
export function passLogsOn(client: Client, calls: ReadonlySet<CallContext>): void {
  client.setNotificationHandler('notifications/message', ({ params: { level, data } }) => {
    const [call, ...others] = calls;
    if (call && others.every((other) => callerKey(other) === callerKey(call))) call.log(level, data);
  });
}

/** Up to 2025-11-25 a level holds for the connection. All is asked for, because callers want different things. */
export async function askForLogs(client: Client): Promise<void> {
  if (client.getProtocolEra() !== 'legacy' || !client.getServerCapabilities()?.logging) return;
  await client.setLoggingLevel('debug');
}

/** 2026-07-28: a level comes with each request, and without one nothing is logged. */
export function logLevelFor({ meta }: CallContext): { readonly [LOG_LEVEL_META_KEY]?: LogLevel } {
  if (meta === undefined || !(PROTOCOL_VERSION_META_KEY in meta)) return { [LOG_LEVEL_META_KEY]: 'debug' };
  const level = meta[LOG_LEVEL_META_KEY];
  // What the SDK has let through is one of the levels.
  return level === undefined ? {} : { [LOG_LEVEL_META_KEY]: level as LogLevel };
}
