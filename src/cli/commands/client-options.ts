import type { FlagsOf } from '../../options/flags.ts';
import type { Provider } from '../../runtime/provider.ts';
import type { Environment } from '../flags/environment.ts';

export type ClientOptions = Partial<Pick<FlagsOf<'run'>, 'confirm' | 'offerDryRun' | 'paging' | 'shape'>>;

/** What the flags change about every tool, whatever the list mode. Each part is loaded only if it is used. */
export async function withClientOptions(
  provider: Provider,
  { confirm = 'off', offerDryRun = false, paging = false, shape = false }: ClientOptions,
  environment: Environment,
): Promise<Provider> {
  let made = provider;
  // Innermost: whoever collects pages is asked once.
  if (paging) {
    const { pageResults } = await import('../../runtime/fit/paging/page-results.ts');
    const { OPENAPI_MCP_PAGING_KEY: key } = environment;
    made = pageResults(made, key ? { key } : {});
  }
  if (confirm !== 'off') {
    const { confirm: asking, withMiddleware } = await import('../../runtime/middleware/index.ts');
    made = withMiddleware(made, asking({ unasked: confirm, sharedAs: 'confirm' }));
  }
  if (offerDryRun) made = (await import('../../runtime/transforms/offer-dry-run.ts')).offerDryRun(made);
  if (shape) made = (await import('../../runtime/fit/results/shape-results.ts')).shapeResults(made);
  return made;
}
