import type { ToolResult } from '../runtime/provider.ts';

/** The server cannot be reached, or does not speak MCP. `cause` has what was thrown. */
export class ConnectError extends Error {
  override readonly name: string = 'ConnectError';
}

/**
 * The connection went away while a request was under way. What it asked for may or may not have been done: a tool call
 * is not sent a second time. Requests after this one use a new connection.
 */
export class ConnectionLost extends ConnectError {
  override readonly name = 'ConnectionLost';
}

/** What a tool answered with `isError`. */
export class ToolCallFailed extends Error {
  override readonly name = 'ToolCallFailed';
  readonly tool: string;
  readonly result: ToolResult;
  constructor(tool: string, result: ToolResult) {
    const texts = result.content.flatMap((block) => (block.type === 'text' ? [block.text] : []));
    super(texts.join('\n') || `The tool "${tool}" failed.`);
    this.tool = tool;
    this.result = result;
  }
}

/** A result that is not what its schema promises: the tool's own, or the one that the caller gave. */
export class ResultMismatch extends Error {
  override readonly name = 'ResultMismatch';
  readonly tool: string;
  /** As the server gave it. */
  readonly result: ToolResult;
  /** @param faults what does not fit, in words. */
  constructor(tool: string, result: ToolResult, faults: string) {
    super(`The result of the tool "${tool}" does not match its output schema: ${faults}`);
    this.tool = tool;
    this.result = result;
  }
}
