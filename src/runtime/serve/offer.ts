import type { ServerCapabilities } from '@modelcontextprotocol/server';
import type { ListChange, ListContext, Provider } from '../provider.ts';

/**
 * The capabilities to declare: tools and logging always; resources and prompts where there are any, or where the
 * provider has announced that they change. `delivers` is false where a change could not be told: the one-request
 * instances of 2025 clients over HTTP.
 */
export async function capabilitiesOf(
  provider: Provider,
  context: ListContext,
  { announced, delivers }: { announced: ReadonlySet<ListChange>; delivers: boolean },
): Promise<ServerCapabilities> {
  const [resources, templates, prompts] = await Promise.all([
    announced.has('resources') || hasAny(provider.listResources(context)),
    hasAny(provider.listResourceTemplates(context)),
    announced.has('prompts') || hasAny(provider.listPrompts(context)),
  ]);
  const listChanged = delivers;
  return {
    tools: { listChanged },
    logging: {},
    ...((resources || templates) && { resources: { listChanged } }),
    ...(prompts && { prompts: { listChanged } }),
    ...((templates || prompts) && { completions: {} }),
  };
}

/** A list that fails now is offered, so that the request for it tells the error. */
async function hasAny(list: Promise<readonly unknown[]>): Promise<boolean> {
  try {
    return (await list).length > 0;
  } catch {
    return true;
  }
}
