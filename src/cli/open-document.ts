import { DocumentError } from '../parse/api-document.ts';
import { type OpenedApi, openApi, type ProxyOptions } from '../proxy.ts';

/**
 * Opens the document that the command line names; `-` is stdin.
 *
 * @param emptyPaths whether `paths: {}` will do: "The Paths Object MAY be empty, due to Access Control List (ACL)
 *   constraints" (OpenAPI 3.1.1 §4.8.8), so a server for it is an empty one, told with a notice
 * @throws DocumentError where the document has no operations: it is valid, but of no use here
 */
export async function openDocument(
  document: string,
  options: ProxyOptions,
  { emptyPaths = 'refused' }: { emptyPaths?: 'refused' | 'served' } = {},
): Promise<OpenedApi> {
  const api = await openApi(document, document === '-' ? { ...options, stdin: process.stdin } : options);
  if (api.found > 0) return api;
  const isEmptyList = api.problems.some(({ code, pointer }) => code === 'NO_OPERATIONS' && pointer === '#/paths');
  if (isEmptyList && emptyPaths === 'served') return { ...api, notices: [...api.notices, EMPTY] };
  await api.provider.close();
  throw new DocumentError('The document describes no operations, so there is nothing to serve.', {
    location: api.document.location,
    fix: 'Give a document that has operations under "paths".',
  });
}

const EMPTY = 'The document’s "paths" is empty, so nothing is served until operations are added to it.';
