import { DocumentError } from '../parse/api-document.ts';
import { type OpenedApi, openApi, type ProxyOptions } from '../proxy.ts';

/**
 * Opens the document that the command line names; `-` is stdin.
 *
 * @throws DocumentError also where the document has no operations: it is valid, but of no use here
 */
export async function openDocument(document: string, options: ProxyOptions): Promise<OpenedApi> {
  const api = await openApi(document, document === '-' ? { ...options, stdin: process.stdin } : options);
  if (api.found > 0) return api;
  await api.provider.close();
  throw new DocumentError('The document describes no operations, so there is nothing to serve.', {
    location: api.document.location,
    fix: 'Give a document that has operations under "paths".',
  });
}
