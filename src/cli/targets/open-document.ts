import { leftOut } from '../../left-out.ts';
import { DocumentError } from '../../parse/api-document.ts';
import { publicAddress } from '../../parse/public-address.ts';
import { type OpenedApi, openApi, type ProxyOptions } from '../../proxy.ts';
import type { Refresh } from '../../refresh/refreshing.ts';
import { commandText, shellWord } from '../output/command-text.ts';
import { onOneLine } from '../output/for-terminal.ts';
import { CommandError, EXIT, usageError } from '../output/report.ts';
import { stageLine } from '../output/stage-line.ts';

/**
 * The purpose of opening a document. For serving, `paths: {}` is valid: "The Paths Object MAY be empty, due to Access
 * Control List (ACL) constraints" (OpenAPI 3.1.1 §4.8.8), so the server is empty, with a notice. For inspecting,
 * operations that cannot be served are fine: the user wants to know why.
 */
export type Purpose = 'serve' | 'inspect' | 'call' | 'check';

/** What happens to documents that are refreshed; with the namespace if there are several. */
export interface RefreshListener {
  onRefresh(refresh: Refresh<OpenedApi>, namespace: string | undefined): void;
  onError(error: Error, namespace: string | undefined): void;
}

export interface OpenDocumentOptions {
  readonly purpose: Purpose;
  readonly refreshing?: RefreshListener | undefined;
  /** Absent if it is the only document. */
  readonly namespace?: string | undefined;
}

/**
 * Opens the document on the command line; `-` is stdin.
 *
 * @throws DocumentError if the document has no operations, CommandError if none are left
 */
export async function openDocument(
  document: string,
  options: ProxyOptions,
  { purpose, refreshing, namespace }: OpenDocumentOptions,
): Promise<OpenedApi> {
  const logins = options.logins && { logins: { command: loginCommandOf(document, options), ...options.logins } };
  const stdin = document === '-' ? { stdin: process.stdin } : {};
  // Which operations return the ids of others also shows in the schemas of responses.
  const declarations = purpose === 'check' ? ({ declarations: true, answerSchemas: 'all' } as const) : {};
  const { refreshMs, ...always } = options;
  const refresh = refreshOf(document, refreshMs, refreshing, namespace);
  const line = stageLine();
  line.say(`Reading ${onOneLine(document === '-' ? 'stdin' : publicAddress(document))} …`);
  const api = await openApi(document, { ...always, ...refresh, ...logins, ...stdin, ...declarations }).finally(
    line.clear,
  );
  if (api.model.operations.length > 0) return api;
  const isEmptyList = api.problems.some(({ code, pointer }) => code === 'NO_OPERATIONS' && pointer === '#/paths');
  if (isEmptyList && purpose === 'serve') return { ...api, notices: [...api.notices, EMPTY] };
  if (api.filtered < api.found && purpose === 'inspect') return api;
  await api.provider.close();
  throw nothingToServe(api, options);
}

/** Only a server refreshes documents: for others, the config key has no effect. */
function refreshOf(
  document: string,
  refreshMs: number | undefined,
  listener: RefreshListener | undefined,
  namespace: string | undefined,
): Pick<ProxyOptions, 'refreshMs' | 'onRefresh' | 'onRefreshError'> {
  if (refreshMs === undefined || listener === undefined) return {};
  if (document === '-') {
    throw usageError('A document from stdin (-) cannot be refreshed.', 'Pass its path or URL, or leave out --refresh.');
  }
  return {
    refreshMs,
    onRefresh: (refresh) => listener.onRefresh(refresh, namespace),
    onRefreshError: (error) => listener.onError(error, namespace),
  };
}

/** What to type to log in for a scheme of the document. Queries are left out, because they may contain a token. */
function loginCommandOf(document: string, { baseUrl }: ProxyOptions): (scheme: string) => string {
  const target = document === '-' ? document : publicAddress(document);
  const base = baseUrl === undefined ? [] : ['--base-url', shellWord(baseUrl)];
  return (scheme) => commandText('auth login', shellWord(target), ...base, '--scheme', shellWord(scheme));
}

const EMPTY = 'The document’s "paths" is empty. Nothing is served until you add operations.';

function nothingToServe({ document, found, filtered, notices, problems }: OpenedApi, options: ProxyOptions): Error {
  if (found === 0) {
    return new DocumentError('The document describes no operations, so there is nothing to serve.', {
      location: document.location,
      fix: 'Pass a document that has operations under "paths".',
    });
  }
  if (filtered > 0) {
    const { message, fix } = leftOut(options, { filtered, found });
    return usageError(`${message}, so there is nothing to serve.`, [...notices, fix].join('\n  '));
  }
  const lost = problems.find(({ operation }) => operation !== undefined);
  const message = `None of the ${found} operations can be served. ${lost?.pointer ?? '#'}: ${lost?.message ?? ''}`;
  return new CommandError(EXIT.document, message, 'openapi-mcp inspect shows every problem.');
}
