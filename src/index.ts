// The public API: what a program may import from `openapi-mcp`. Adding a line here is a promise.
import { leftOut } from './left-out.ts';
import { FilterError } from './map/select.ts';
import type { DocumentSource } from './parse/source.ts';
import { openApi, type ProxyOptions } from './proxy.ts';
import type { Provider } from './runtime/provider.ts';

export { type Config, defineConfig } from './config/config.ts';
export { FilterError } from './map/select.ts';
export { DocumentError } from './parse/api-document.ts';
export type { DocumentSource } from './parse/source.ts';
export type { Problem, ProblemCode, ProblemData, Severity } from './problems.ts';
export { type OpenedApi, OptionError, openApi, type ProxyOptions } from './proxy.ts';
export type { Refresh } from './refresh/refreshing.ts';
export * from './runtime/index.ts';
export type { Change } from './surface/change.ts';

/**
 * A document as a Provider: mount it, wrap it, serve it.
 *
 * ```ts
 * const server = createServer({ name: 'shop', version: '1.0.0' });
 * server.mount('pets', await fromOpenApi('https://petstore.example/openapi.json'));
 * await server.run({ transport: 'stdio' });
 * ```
 *
 * {@link openApi} gives more: the model, its problems, and which credentials were found.
 *
 * @throws DocumentError where the document cannot be used, OptionError where an option cannot, FilterError where a
 * filter is invalid or the filters leave nothing.
 */
export async function fromOpenApi(source: DocumentSource, options: ProxyOptions = {}): Promise<Provider> {
  const { provider, model, found, filtered } = await openApi(source, options);
  if (model.operations.length > 0 || filtered === 0) return provider;
  await provider.close();
  const { message } = leftOut(options, { found, filtered });
  throw new FilterError(`${message}, so there is nothing to serve. Change include, exclude, routes or readOnly.`);
}
