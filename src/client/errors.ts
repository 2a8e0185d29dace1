import type { ToolResult } from '../runtime/provider.ts';
import { resultText } from '../runtime/result-text.ts';

/** The server cannot be reached, or does not speak MCP. `cause` is the original error. */
export class ConnectError extends Error {
  override readonly name: string = 'ConnectError';
}

/**
 * The connection was lost while a request was in flight, so the call may or may not have run. A tool call is not sent
 * twice. Later requests use a new connection.
 */
export class ConnectionLost extends ConnectError {
  override readonly name = 'ConnectionLost';
}

/** A tool result with `isError`. */
export class ToolCallFailed extends Error {
  override readonly name = 'ToolCallFailed';
  readonly tool: string;
  readonly result: ToolResult;
  constructor(tool: string, result: ToolResult) {
    super(resultText(result) || `The tool "${tool}" failed.`);
    this.tool = tool;
    this.result = result;
  }
}

/** A result that does not match its schema: the tool's own, or the caller's. */
export class ResultMismatch extends Error {
  override readonly name = 'ResultMismatch';
  readonly tool: string;
  /** As received from the server. */
  readonly result: ToolResult;
  /** @param faults the mismatches, in words */
  constructor(tool: string, result: ToolResult, faults: string) {
    super(`The result of the tool "${tool}" does not match its output schema: ${faults}`);
    this.tool = tool;
    this.result = result;
  }
}
