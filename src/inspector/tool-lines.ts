import { listedOrigin, tagsOf } from '../runtime/origin-meta.ts';
import type { Provider, Tool } from '../runtime/provider.ts';
import { wholeTool } from '../runtime/whole-tool.ts';
import type { ToolDetail, ToolLine } from './api-types.ts';
import { inspectorContext } from './calls.ts';
import { RequestError } from './respond.ts';

/** All tools of a server, with their operations. */
export async function toolLines(whole: Provider): Promise<readonly ToolLine[]> {
  return (await listed(whole)).map(toolLine);
}

/** @throws RequestError 404 */
export async function toolDetail(whole: Provider, name: string, signal: AbortSignal): Promise<ToolDetail> {
  const found = (await listed(whole)).find((tool) => tool.name === name);
  if (!found) throw new RequestError(404, `There is no tool "${name}" any more.`);
  // A preview: reading the schema is not a call.
  const { inputSchema, description } = await wholeTool(whole, found, { ...inspectorContext(signal), preview: true });
  const { outputSchema, annotations } = found;
  return {
    ...toolLine(found),
    ...(description !== undefined && { description }),
    inputSchema,
    ...(outputSchema && { outputSchema }),
    ...(annotations && { annotations }),
  };
}

const listed = (whole: Provider) => whole.listTools({ origins: true, unrestricted: true });

/** A document can claim that an operation only reads; its method is what counts. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['get', 'head', 'options', 'query', 'trace']);

function toolLine(tool: Tool): ToolLine {
  const { name, title, description, annotations } = tool;
  const origin = listedOrigin(tool);
  return {
    name,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(origin && { method: origin.method.toUpperCase(), path: origin.path }),
    tags: origin?.tags ?? tagsOf(tool),
    isSafe: annotations?.readOnlyHint === true && (!origin || SAFE_METHODS.has(origin.method.toLowerCase())),
  };
}
