import type { AuthInfo, InputRequiredResult, Server, ServerContext } from '@modelcontextprotocol/server';
import type { CallContext } from '../../provider.ts';
import { actingFor } from './caller.ts';
import { assertCapable } from './missing-capability.ts';
import { type ProgressUpdate, progressReporter } from './progress-reporter.ts';
import { questionsOf } from './questions.ts';

/** What a caller was authenticated by is for this server only (MCP, token passthrough). */
function headerReader({ headers }: Request, authInfo: AuthInfo | undefined): NonNullable<CallContext['requestHeader']> {
  return (name) => (authInfo && name.toLowerCase() === 'authorization' ? null : headers.get(name));
}

/**
 * Runs one call with the `CallContext` for its MCP request. Resolves with an `InputRequiredResult` if the call asked a
 * question that the client must answer first.
 */
export async function performCall<T>(
  { server, ctx, onError }: { server: Server; ctx: ServerContext; onError: (error: Error) => void },
  perform: (context: CallContext) => Promise<T>,
): Promise<T | InputRequiredResult> {
  const { mcpReq, http } = ctx;
  const progressToken = mcpReq._meta?.progressToken;
  const undelivered = (error: Error) => {
    // The client is gone, and the call is aborted anyway.
    if (!mcpReq.signal.aborted) onError(error);
  };
  const sendProgress = (update: ProgressUpdate) => {
    if (progressToken === undefined || mcpReq.signal.aborted) return;
    mcpReq.notify({ method: 'notifications/progress', params: { ...update, progressToken } }).catch(undelivered);
  };
  const progress = progressReporter(sendProgress);
  const questions = questionsOf(server, ctx);
  const isModern = mcpReq.envelope !== undefined;
  try {
    const result = await actingFor(http?.authInfo, ({ caller }) =>
      perform({
        requestId: String(mcpReq.id),
        ...(ctx.sessionId !== undefined && { session: ctx.sessionId }),
        signal: mcpReq.signal,
        progress: progressToken === undefined ? () => {} : progress.report,
        log: (level, data) => void mcpReq.log(level, data).catch(undelivered),
        ...(mcpReq._meta && { meta: mcpReq._meta }),
        ...(http?.req && { requestHeader: headerReader(http.req, http.authInfo) }),
        ...questions.asking,
        ...(caller && { caller }),
      }),
    );
    const open = await questions.open();
    if (open) return open;
    if (isModern) assertCapable(result);
    return result;
  } catch (error) {
    const open = await questions.open();
    if (open) return open;
    if (isModern) assertCapable(error);
    throw error;
  } finally {
    await progress.end();
  }
}
