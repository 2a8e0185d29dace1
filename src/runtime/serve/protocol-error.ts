import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError } from '@modelcontextprotocol/server';
import { isProviderError, messageOf } from '../errors.ts';
import { outcomeMeta, outcomeOf } from '../outcome.ts';

/**
 * What a provider threw, as the JSON-RPC error for the client. A resource that is not found is told by `data.uri`
 * (MCP 2026-07-28, resources: error handling); every other wrong request is a plain -32602.
 */
export function protocolError(thrown: unknown, uri?: string): ProtocolError {
  if (!isProviderError(thrown)) return new ProtocolError(ProtocolErrorCode.InternalError, messageOf(thrown));
  switch (thrown.code) {
    case 'RESOURCE_NOT_FOUND':
      return new ResourceNotFoundError(uri ?? '', thrown.message);
    case 'READ_FAILED': {
      const outcome = outcomeOf(thrown);
      // What a result of a tool tells programs in its `_meta`.
      const data = outcome && { _meta: outcomeMeta(outcome) };
      return new ProtocolError(ProtocolErrorCode.InternalError, thrown.message, data);
    }
    case 'TOOL_NOT_FOUND':
    case 'PROMPT_NOT_FOUND':
    case 'INVALID_ARGUMENTS':
      return new ProtocolError(ProtocolErrorCode.InvalidParams, thrown.message);
  }
}
