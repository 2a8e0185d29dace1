import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError } from '@modelcontextprotocol/server';
import { isProviderError, messageOf } from '../../errors.ts';
import { outcomeMeta, outcomeOf } from '../../outcome.ts';

/**
 * Converts a thrown value to a JSON-RPC error. A missing resource has `data.uri` (MCP 2026-07-28, resources: error
 * handling); any other invalid request is a plain -32602.
 */
export function protocolError(thrown: unknown, uri?: string): ProtocolError {
  if (!isProviderError(thrown)) return new ProtocolError(ProtocolErrorCode.InternalError, messageOf(thrown));
  switch (thrown.code) {
    case 'RESOURCE_NOT_FOUND':
      return new ResourceNotFoundError(uri ?? '', thrown.message);
    case 'READ_FAILED': {
      const outcome = outcomeOf(thrown);
      // The data that a tool result has in its `_meta`.
      const data = outcome && { _meta: outcomeMeta(outcome) };
      return new ProtocolError(ProtocolErrorCode.InternalError, thrown.message, data);
    }
    case 'TOOL_NOT_FOUND':
    case 'PROMPT_NOT_FOUND':
    case 'INVALID_ARGUMENTS':
    case 'INSUFFICIENT_SCOPE':
      return invalidParams(thrown.message);
  }
}

export const invalidParams = (message: string): ProtocolError =>
  new ProtocolError(ProtocolErrorCode.InvalidParams, message);
