import { SdkHttpError } from '@modelcontextprotocol/client';
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
    super(`What the tool "${tool}" answered does not fit its schema: ${faults}`);
    this.tool = tool;
    this.result = result;
  }
}

/** What went wrong, in one line: `fetch` says "fetch failed" and keeps the reason in `cause`. */
export function reasonOf(error: unknown): string {
  const [first = '', ...more] = messages(error);
  // How the SDK finds out what the server speaks is not what the reader asked for.
  const told = first.replace(/^Version negotiation (probe )?failed: /, '');
  const reason = more.filter((message) => message !== '' && !told.includes(message)).at(-1);
  return reason === undefined ? told : `${told} (${reason})`;
}

/** Of the error and of what caused it, the innermost last. */
function messages(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [String(error)];
  // Its message has the body of the answer, which may be a whole page.
  if (error instanceof SdkHttpError) return [`the server answered with status ${error.status}`];
  // Several addresses that were tried: the error itself has only a code.
  const message = error.message || String((error as NodeJS.ErrnoException).code);
  return error.cause instanceof Error ? [message, ...messages(error.cause)] : [message];
}
