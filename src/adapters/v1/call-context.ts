import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { ElicitRequestFormParams } from '@modelcontextprotocol/sdk/types.js';
import type { CallContext, ElicitAnswer, ElicitRequest } from '../../runtime/provider.ts';
import { listContext } from '../../runtime/serve/caller.ts';
import { progressReporter } from '../../runtime/serve/progress-reporter.ts';
import type { Extra, Internals } from './internals.ts';

/** People answer, so a question waits far longer than a request to a program. */
const ANSWER_TIMEOUT_MS = 600_000;

export interface Calling {
  readonly server: McpServer;
  readonly internals: Internals;
  readonly extra: Extra;
  readonly onError: (error: Error) => void;
}

/** Runs one call with the `CallContext` that stands for its request to a v1 server. */
export async function withCallContext<T>(
  { server, internals, extra, onError }: Calling,
  run: (context: CallContext) => Promise<T>,
): Promise<T> {
  const { signal, sessionId, _meta } = extra;
  const progressToken = _meta?.progressToken;
  const undelivered = (error: Error) => {
    // The client has gone: there is nobody to tell, and the call is aborted anyway.
    if (!signal.aborted) onError(error);
  };
  const progress = progressReporter((update) => {
    if (progressToken === undefined) return;
    extra
      .sendNotification({ method: 'notifications/progress', params: { ...update, progressToken } })
      .catch(undelivered);
  });
  const canAsk = server.server.getClientCapabilities()?.elicitation?.form !== undefined;
  try {
    return await run({
      ...listContext(extra.authInfo),
      requestId: String(extra.requestId),
      signal,
      progress: progressToken === undefined ? () => {} : progress.report,
      log(level, data) {
        if (!internals.logs(level, sessionId)) return;
        extra.sendNotification({ method: 'notifications/message', params: { level, data } }).catch(undelivered);
      },
      ...(_meta && { meta: _meta }),
      ...(canAsk && { elicit: (request: ElicitRequest) => ask(server, extra, request) }),
    });
  } finally {
    progress.stop();
  }
}

async function ask(
  server: McpServer,
  extra: Extra,
  { message, requestedSchema }: ElicitRequest,
): Promise<ElicitAnswer> {
  const form: ElicitRequestFormParams = {
    mode: 'form',
    message,
    // The SDK's type spells out the flat object of primitives that ElicitRequest promises in words.
    requestedSchema: requestedSchema as unknown as ElicitRequestFormParams['requestedSchema'],
  };
  const options = { timeout: ANSWER_TIMEOUT_MS, relatedRequestId: extra.requestId, signal: extra.signal };
  const { action, content = {} } = await server.server.elicitInput(form, options);
  return action === 'accept' ? { action, content } : { action };
}
