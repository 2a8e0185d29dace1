import {
  type AuthInfo,
  type InputRequiredResult,
  type Server,
  type ServerContext,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/server';
import type { CallContext } from '../../provider.ts';
import type { SharedStore } from '../../shared-store.ts';
import { actingFor } from './acting-for.ts';
import type { Invitation } from './caller-tokens.ts';
import { assertCapable } from './missing-capability.ts';
import { type ProgressUpdate, progressReporter } from './progress-reporter.ts';
import { questionsOf } from './questions.ts';
import { untilSettled } from './url-elicitation.ts';

/** What a caller was authenticated by is for this server only (MCP, token passthrough). */
function headerReader({ headers }: Request, authInfo: AuthInfo | undefined): NonNullable<CallContext['requestHeader']> {
  return (name) => (authInfo && name.toLowerCase() === 'authorization' ? null : headers.get(name));
}

export interface Performing {
  readonly server: Server;
  readonly ctx: ServerContext;
  readonly shared?: SharedStore | undefined;
  readonly onError: (error: Error) => void;
}

/**
 * Runs one call with the `CallContext` for its MCP request. Resolves with an `InputRequiredResult` if the call asked a
 * question that the client must answer first.
 */
export async function performCall<T>(
  { server, ctx, shared, onError }: Performing,
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
  const protocolVersion = server.getNegotiatedProtocolVersion() ?? versionHeader(http?.req);
  let invitations: readonly Invitation[] = [];
  try {
    if (isModern) await untilSettled(ctx);
    const result = await actingFor(http?.authInfo, ({ caller }, made) => {
      invitations = made;
      return perform({
        requestId: String(mcpReq.id),
        ...(ctx.sessionId !== undefined && { session: ctx.sessionId }),
        ...(protocolVersion !== undefined && { protocolVersion }),
        signal: mcpReq.signal,
        progress: progressToken === undefined ? () => {} : progress.report,
        log: (level, data) => void mcpReq.log(level, data).catch(undelivered),
        ...(mcpReq._meta && { meta: mcpReq._meta }),
        ...(http?.req && { requestHeader: headerReader(http.req, http.authInfo) }),
        ...questions.asking,
        ...(caller && { caller }),
        ...(shared && { shared }),
      });
    });
    // A call that went on without the invitation needs no answer.
    const open = await questions.open(isFailed(result) ? invitations : []);
    if (open) return open;
    if (isModern) assertCapable(result);
    return result;
  } catch (error) {
    const open = await questions.open(invitations);
    if (open) return open;
    if (isModern) assertCapable(error);
    throw error;
  } finally {
    await progress.end();
  }
}

/** A stateless request of a 2025 client is served without its handshake. */
function versionHeader(request: Request | undefined): string | undefined {
  const version = request?.headers.get('mcp-protocol-version');
  return SUPPORTED_PROTOCOL_VERSIONS.find((supported) => supported === version);
}

const isFailed = (result: unknown): boolean =>
  (result as { readonly isError?: unknown } | null | undefined)?.isError === true;
