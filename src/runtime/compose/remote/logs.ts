import { type Client, LOG_LEVEL_META_KEY, PROTOCOL_VERSION_META_KEY } from '@modelcontextprotocol/client';
import { callerKey } from '../../caller-key.ts';
import type { CallContext, LogLevel } from '../../provider.ts';

/**
 * Log messages that a server sends during a call are forwarded to the caller, filtered by the client's level. A message
 * does not say which call it belongs to: if several callers have a call in flight, it is dropped.
 */
export function passLogsOn(client: Client, calls: ReadonlySet<CallContext>): void {
  client.setNotificationHandler('notifications/message', ({ params: { level, data } }) => {
    const [call, ...others] = calls;
    if (call && others.every((other) => callerKey(other) === callerKey(call))) call.log(level, data);
  });
}

/** Up to 2025-11-25, a level applies to the connection. Request everything, because callers want different levels. */
export async function askForLogs(client: Client): Promise<void> {
  if (client.getProtocolEra() !== 'legacy' || !client.getServerCapabilities()?.logging) return;
  await client.setLoggingLevel('debug');
}

/** 2026-07-28: each request has a level, and without one nothing is logged. */
export function logLevelFor({ meta }: CallContext): { readonly [LOG_LEVEL_META_KEY]?: LogLevel } {
  if (meta === undefined || !(PROTOCOL_VERSION_META_KEY in meta)) return { [LOG_LEVEL_META_KEY]: 'debug' };
  const level = meta[LOG_LEVEL_META_KEY];
  // The SDK only passes on valid levels.
  return level === undefined ? {} : { [LOG_LEVEL_META_KEY]: level as LogLevel };
}
