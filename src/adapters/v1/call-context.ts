import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { CreateMessageRequestParamsBase, ElicitRequestFormParams } from '@modelcontextprotocol/sdk/types.js';
import type { CallContext, ElicitAnswer, ElicitRequest, SampleAnswer, SampleRequest } from '../../runtime/provider.ts';
import { actingFor } from '../../runtime/serve/call/acting-for.ts';
import { progressReporter } from '../../runtime/serve/call/progress-reporter.ts';
import type { Extra, Internals } from './internals.ts';

/** A question waits for a person, so it has a much longer time limit than a request to a program. */
const ANSWER_TIMEOUT_MS = 600_000;

export interface Calling {
  readonly server: McpServer;
  readonly internals: Internals;
  readonly extra: Extra;
  readonly onError: (error: Error) => void;
}

/** Runs one call with a `CallContext` for its request to a v1 server. */
export async function withCallContext<T>(
  { server, internals, extra, onError }: Calling,
  run: (context: CallContext) => Promise<T>,
): Promise<T> {
  const { signal, sessionId, _meta } = extra;
  const progressToken = _meta?.progressToken;
  const undelivered = (error: Error) => {
    // The client is gone, and the call is aborted anyway.
    if (!signal.aborted) onError(error);
  };
  const progress = progressReporter((update) => {
    if (progressToken === undefined || signal.aborted) return;
    extra
      .sendNotification({ method: 'notifications/progress', params: { ...update, progressToken } })
      .catch(undelivered);
  });
  const { elicitation, sampling } = server.server.getClientCapabilities() ?? {};
  try {
    const context: CallContext = {
      requestId: String(extra.requestId),
      ...(sessionId !== undefined && { session: sessionId }),
      signal,
      progress: progressToken === undefined ? () => {} : progress.report,
      log(level, data) {
        if (!internals.logs(level, sessionId)) return;
        extra.sendNotification({ method: 'notifications/message', params: { level, data } }).catch(undelivered);
      },
      ...(_meta && { meta: _meta }),
      ...(elicitation?.form && { elicit: (request: ElicitRequest) => ask(server, extra, request) }),
      ...(sampling && { sample: (request: SampleRequest) => sample(server, extra, request) }),
    };
    return await actingFor(extra.authInfo, ({ caller }) => run({ ...context, ...(caller && { caller }) }));
  } finally {
    await progress.end();
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
    // The SDK's type spells out the flat object of primitives that ElicitRequest documents.
    requestedSchema: requestedSchema as unknown as ElicitRequestFormParams['requestedSchema'],
  };
  const { action, content = {} } = await server.server.elicitInput(form, optionsOf(extra));
  return action === 'accept' ? { action, content } : { action };
}

async function sample(server: McpServer, extra: Extra, { key: _, ...request }: SampleRequest): Promise<SampleAnswer> {
  // The SDK's type differs only in `readonly`.
  const params = request as unknown as CreateMessageRequestParamsBase;
  const { role, content, model, stopReason } = await server.server.createMessage(params, optionsOf(extra));
  // The SDK has checked that it is one of three block types.
  const answer: SampleAnswer = { role, content: content as SampleAnswer['content'], model };
  return stopReason === undefined ? answer : { ...answer, stopReason };
}

const optionsOf = ({ requestId, signal }: Extra) => ({
  timeout: ANSWER_TIMEOUT_MS,
  relatedRequestId: requestId,
  signal,
});
