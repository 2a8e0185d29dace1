import { DocumentError } from '../../parse/api-document.ts';
import { CommandError, EXIT } from '../output/report.ts';
import type { Target } from './target.ts';

/** The error of a URL that is not a document, with how to write the URL of an MCP server. Others are unchanged. */
export function meantAsServer(target: Target, error: unknown): unknown {
  if (!(error instanceof DocumentError) || target.kind !== 'document') return error;
  if (!/^https?:/i.test(target.document)) return error;
  const exit = error.kind === 'network' ? EXIT.network : EXIT.document;
  const meant = `For an MCP server write mcp+${error.location}`;
  return new CommandError(exit, error.message, [`in: ${error.location}`, error.fix, meant].join('\n  '));
}
