import { type ApiModel, declaresBody, defined, getOwn, type JsonSchema, type Operation } from '../../model/index.ts';
import { FULL_SCHEMA_META, shortenedNote } from '../full-schema.ts';
import { once } from '../once.ts';
import { markReturning, originMeta } from '../origin-meta.ts';
import { type ListContext, type Provider, ProviderError, type ScopedRequest, type Tool } from '../provider.ts';
import { nearest } from '../text/nearest.ts';
import type { ApiLists } from './add-origins.ts';
import { type HooksById, withHookedFaces } from './hooks.ts';
import type { Performing } from './perform.ts';
import type { ApiProviderOptions } from './provider-options.ts';
import { indexResources } from './resource-index.ts';
import type { FoldedSchema } from './schema/fold-schema.ts';
import { fullSchemas, schemaUriOf, shownSchema } from './schema/full-schemas.ts';
import { type MeasuredInput, measuredInput } from './schema/listed-schema.ts';

/** Additional options of an emitted server. */
export interface ApiProviderParts {
  /** Default: none. */
  readonly hooks?: HooksById;
  /** State shared by its calls and others. Default: its own. */
  readonly performing?: () => Promise<Performing>;
}

/** STAGE 3a: runs an ApiModel. Its operations become tools and resources; each call goes through `perform`. */
export function createApiProvider(
  described: ApiModel,
  options: ApiProviderOptions,
  { hooks = {}, performing = () => openPerforming(described, options) }: ApiProviderParts = {},
): Provider {
  const model = withHookedFaces(described, hooks);
  const tools = once(async () => Object.freeze(await toolsOf(model)));
  const fullInputs = once(async () => fullSchemas(model, await tools()));
  const toolsWithFacts = once(async () => {
    const { addFacts } = await import('./facts/add-facts.ts');
    return addFacts(await tools(), model);
  });
  const withAnswers = async (list: readonly Tool[]) => (await import('./answer-lists.ts')).toolsWithFields(list, model);
  const toolsWithAnswers = once(async () => withAnswers(await tools()));
  const toolsWithBoth = once(async () => withAnswers(await (await withOrigins()).tools()));
  const byName = once(() => operationsByName(model));
  const resources = once(() => indexResources(model));
  const templates = once(async () => Object.freeze([...resources().templates, ...(await fullInputs()).templates]));
  const withOrigins = once(() =>
    withOriginsOf(model, { tools, resources: async () => resources().resources, templates }),
  );
  const calls = once(async () => {
    const [{ createCalls }, shared] = await Promise.all([import('./calls.ts'), performing()]);
    return createCalls({ ...options, performing: shared, hooks });
  });

  const operationOf = async ({ method, params }: ScopedRequest): Promise<Operation | undefined> => {
    if (method === 'tools/call') return byName().get(params.name);
    return method === 'resources/read' ? (await resources().find(params.uri))?.operation : undefined;
  };

  return {
    contract: 1,
    info: {
      name: model.name,
      title: model.title,
      version: model.version,
      ...defined({ description: model.description, instructions: model.instructions }),
    },
    listTools: async ({ facts, origins, answers }) => {
      if (answers) return origins ? toolsWithBoth() : toolsWithAnswers();
      if (origins) return (await withOrigins()).tools();
      return facts ? toolsWithFacts() : tools();
    },
    listResources: async ({ origins }) => (origins ? (await withOrigins()).resources() : resources().resources),
    listResourceTemplates: async ({ origins }) => (origins ? (await withOrigins()).templates() : templates()),
    listPrompts: async () => NONE,
    async callTool({ name, arguments: given }, context) {
      const operation = byName().get(name);
      if (!operation) throw new ProviderError('TOOL_NOT_FOUND', `Unknown tool "${name}".${meant(name, model)}`);
      return (await calls()).callOperation(operation, given, context);
    },
    async readResource({ uri }, context) {
      const full = (await fullInputs()).read(uri);
      if (full) return full;
      const found = await resources().find(uri);
      if (!found) throw new ProviderError('RESOURCE_NOT_FOUND', `Unknown resource "${uri}".`);
      return (await calls()).readOperation(uri, found.operation, found.arguments, context);
    },
    async getPrompt({ name }) {
      throw new ProviderError('PROMPT_NOT_FOUND', `Unknown prompt "${name}".`);
    },
    async complete({ ref, argument }) {
      const operation = ref.type === 'resource' ? resources().byTemplate(ref.uri) : undefined;
      const schema = operation && getOwn(operation.arguments.properties, argument.name);
      const names = ref.type === 'resource' ? (await fullInputs()).complete(ref.uri) : undefined;
      const listed = names ?? (schema === undefined ? [] : await allowedValues(schema, model));
      const values = listed.filter((value) => value.toLowerCase().startsWith(argument.value.toLowerCase()));
      return { values: values.slice(0, 100), total: values.length, hasMore: values.length > 100 };
    },
    ...(actsForCallers(options) && {
      lackingScopes: async (request, context) =>
        prepared(await operationOf(request), context, { performing, ...options }),
    }),
    previews: true,
    // The model never changes, so neither do its lists.
    onChange: () => () => {},
    close: () => options.close(),
  };
}

/** State shared by the calls of an API. Loaded on the first call. */
export async function openPerforming(model: ApiModel, options: ApiProviderOptions): Promise<Performing> {
  const { createPerforming } = await import('./performing.ts');
  return createPerforming(model, options);
}

/** Most clients get lists without origins. */
async function withOriginsOf(model: ApiModel, lists: ApiLists): Promise<ApiLists> {
  const { addOrigins } = await import('./add-origins.ts');
  return addOrigins(model, lists);
}

const NONE = Object.freeze([]);

/** Gets the caller's credential for an operation before the call starts. Lacks no scope: the API decides about those. */
async function prepared(
  operation: Operation | undefined,
  { caller }: ListContext,
  { performing, timeoutMs }: Required<Pick<ApiProviderParts, 'performing'>> & Pick<ApiProviderOptions, 'timeoutMs'>,
): Promise<undefined> {
  if (!operation || !caller) return;
  const { authoriser } = await performing();
  await authoriser.prepare(operation, { caller, signal: AbortSignal.timeout(timeoutMs) });
}

async function allowedValues(schema: JsonSchema, { schemas }: ApiModel): Promise<readonly string[]> {
  const { listedValues } = await import('./arguments/text-arguments.ts');
  return listedValues(schema, schemas);
}

/** Whether a scheme takes the credential of the caller. */
const actsForCallers = ({ credentials }: ApiProviderOptions): boolean =>
  Object.values(credentials).some(({ kind }) => kind === 'caller');

/** By tool name and, if it is unique, by the document's operationId. */
function operationsByName({ operations }: ApiModel): ReadonlyMap<string, Operation> {
  const tools = operations.filter(({ tool }) => tool !== undefined);
  const byId = new Map<string, readonly Operation[]>();
  for (const operation of tools) {
    const { operationId } = operation.origin;
    if (operationId !== undefined) byId.set(operationId, [...(byId.get(operationId) ?? []), operation]);
  }
  const ids = [...byId].flatMap(([id, [only, ...others]]) =>
    only && others.length === 0 ? [[id, only] as const] : [],
  );
  return new Map([...ids, ...tools.map((operation) => [operation.tool?.name ?? '', operation] as const)]);
}

/** Users who know the document may call a tool by its operationId, summary or path. */
function meant(name: string, { operations }: ApiModel): string {
  const known = new Map<string, string>();
  for (const { tool, origin } of operations) {
    if (!tool) continue;
    const words = [origin.path, `${origin.method} ${origin.path}`, tool.title, origin.operationId, tool.name];
    for (const word of words) if (word !== undefined) known.set(word, tool.name);
  }
  const close = nearest(name, known.keys());
  return close === undefined ? '' : ` Did you mean "${known.get(close)}"?`;
}

type Measured = MeasuredInput<Tool['inputSchema']>;
type ToolOperation = Operation & { readonly tool: NonNullable<Operation['tool']> };

async function toolsOf(model: ApiModel): Promise<Tool[]> {
  const operations = model.operations.filter((operation): operation is ToolOperation => operation.tool !== undefined);
  const inputs = operations.map((operation) => measuredInput(shownSchema(operation), operations.length));
  // Short schemas are listed as they are.
  const listing = inputs.every(({ isShort }) => isShort) ? undefined : await import('./schema/listed-input.ts');
  const tools = operations.map((operation, index) => {
    const input = inputs[index] as Measured; // there is one for each operation
    return toolOf(operation, model, listing?.listedInput(input, model.schemas) ?? { ...input, folded: false });
  });
  const returning = tools[operations.findIndex(({ response }) => declaresBody(response))];
  if (returning) markReturning(returning);
  return tools;
}

function toolOf({ tool, origin }: ToolOperation, model: ApiModel, input: FoldedSchema<Tool['inputSchema']>): Tool {
  const { name, title, description, annotations, outputSchema } = tool;
  const { schema, folded } = input;
  const meta = originMeta(name, origin);
  const _meta = folded ? { ...meta, ...FULL_SCHEMA_META } : meta;
  return {
    name,
    ...(title !== undefined && { title }),
    description: folded ? withNote(description, shortenedNote(schemaUriOf(model, name))) : description,
    inputSchema: schema,
    ...(outputSchema && { outputSchema }),
    annotations,
    ...(_meta && { _meta }),
  };
}

const withNote = (description: string, note: string): string =>
  description === '' ? note : `${description}\n\n${note}`;
