import { type Uploads, uploadsOf } from '../../lint/uploads.ts';
import type { ApiModel, Operation, PaginationPlan } from '../../model/index.ts';
import { createToolBytes, type ToolBytes } from '../../model/tool-bytes.ts';
import type { FlagsOf } from '../../options/flags.ts';
import type { Problem } from '../../problems.ts';
import type { OpenedApi } from '../../proxy.ts';
import type { ListTokens } from '../../runtime/fit/count.ts';
import type { Faces } from '../output/counted.ts';
import { type InspectedTokens, type TokenCounter, tokenCounter } from './list-tokens.ts';

/** The output of `inspect`; with `--json`, exactly this. */
export interface Inspection {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly document: { readonly location: string; readonly version: string };
  /** Where requests go; `null` if unknown. */
  readonly serverUrl: string | null;
  readonly tools: readonly InspectedTool[];
  readonly resources: readonly InspectedResource[];
  readonly resourceTemplates: readonly InspectedResource[];
  readonly totals: Totals;
  readonly credentials: OpenedApi['credentials'];
  /** Other notices: for example, that the document could not be fetched and comes from the cache. */
  readonly notices: readonly string[];
  readonly problems: readonly Problem[];
}

export interface InspectedTool {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly pointer: string;
  /** Size of its entry in `tools/list`, as JSON. */
  readonly bytes: number;
  readonly tokens: ListTokens;
  /** `omitted`: the response has a schema, which the list omits to stay small. */
  readonly outputSchema: 'listed' | 'omitted' | 'none';
  /** How its pages are reached; `null` if it has none, as far as the document says. */
  readonly paging: PaginationPlan | null;
  /** Arguments that are files, and arguments that look like files but are sent as text. */
  readonly uploads: Uploads;
}

export interface InspectedResource {
  readonly uri: string;
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly pointer: string;
}

export interface Totals extends Faces {
  /** Operations of the document, served or not. */
  readonly found: number;
  /** Number of operations that the filters excluded. */
  readonly filtered: number;
  /** Size of the complete `tools/list` response, as JSON. */
  readonly listBytes: number;
  readonly tokens: InspectedTokens;
  readonly outputSchemasListed: number;
  readonly outputSchemasOmitted: number;
  readonly problems: number;
}

/** What clients of this API would see. */
export async function inspection(
  { provider, model, document, problems, ...api }: OpenedApi,
  flags: Pick<FlagsOf<'inspect'>, 'exact' | 'budget'> = { exact: false },
): Promise<Inspection> {
  const counter = await tokenCounter(flags);
  const listed = await provider.listTools({});
  const operations = new Map(model.operations.map((operation) => [operation.tool?.name, operation]));
  const bytes = createToolBytes();
  const means = { bytes, counter, schemas: model.schemas };
  const tools = listed.map((tool) => inspectedTool(tool, operations.get(tool.name), means));
  const resources = inspectedResources(model, 'uri');
  const resourceTemplates = inspectedResources(model, 'uriTemplate');
  const listBytes = bytes.list(listed);
  return {
    name: model.name,
    title: model.title,
    version: model.version,
    // `location` omits the query of the URL, which may contain a token.
    document: { location: document.location, version: document.version },
    serverUrl: api.serverUrl ?? null,
    tools,
    resources,
    resourceTemplates,
    totals: {
      found: api.found,
      filtered: api.filtered,
      operations: model.operations.length,
      tools: tools.length,
      resources: resources.length,
      resourceTemplates: resourceTemplates.length,
      listBytes,
      tokens: await counter.inspected(provider, tools),
      outputSchemasListed: tools.filter((tool) => tool.outputSchema === 'listed').length,
      outputSchemasOmitted: tools.filter((tool) => tool.outputSchema === 'omitted').length,
      problems: problems.length,
    },
    credentials: api.credentials,
    notices: api.notices,
    problems,
  };
}

type ListedTool = Awaited<ReturnType<OpenedApi['provider']['listTools']>>[number];

function inspectedTool(
  tool: ListedTool,
  operation: Operation | undefined,
  { bytes, counter, schemas }: { bytes: ToolBytes; counter: TokenCounter; schemas: ApiModel['schemas'] },
): InspectedTool {
  const described = operation?.response.schema === undefined ? 'none' : 'omitted';
  return {
    name: tool.name,
    method: operation?.request.method ?? '',
    path: operation?.origin.path ?? '',
    pointer: operation?.origin.pointer ?? '',
    bytes: bytes.tool(tool),
    tokens: counter.of(tool),
    outputSchema: tool.outputSchema ? 'listed' : described,
    paging: operation?.response.pagination ?? null,
    uploads: operation ? uploadsOf(operation, schemas) : { files: [], texts: [] },
  };
}

function inspectedResources(model: ApiModel, key: 'uri' | 'uriTemplate'): readonly InspectedResource[] {
  return model.operations.flatMap(({ resource, request, origin }) => {
    const uri = resource?.[key];
    if (resource === undefined || uri === undefined) return [];
    return [{ uri, name: resource.name, method: request.method, path: origin.path, pointer: origin.pointer }];
  });
}
