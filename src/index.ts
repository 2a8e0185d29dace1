// The public API: what a program may import from `openapi-mcp`. Adding a line here is a promise.
import type { DocumentSource } from './parse/source.ts';
import { openApi, type ProxyOptions } from './proxy.ts';
import type { Provider } from './runtime/provider.ts';

export { type Config, defineConfig } from './config/config.ts';
export { DocumentError } from './parse/api-document.ts';
export type { DocumentSource } from './parse/source.ts';
export type { Problem, ProblemCode, Severity } from './problems.ts';
export { type OpenedApi, OptionError, openApi, type ProxyOptions } from './proxy.ts';
export * from './runtime/index.ts';

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
 * @throws DocumentError where the document cannot be used, FilterError and OptionError where an option cannot.
 */
export async function fromOpenApi(source: DocumentSource, options: ProxyOptions = {}): Promise<Provider> {
  const { provider } = await openApi(source, options);
  return provider;
}
