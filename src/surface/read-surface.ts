import type { ApiModel, JsonSchema, JsonSchemaObject, Operation } from '../model/index.ts';
import { callContext } from '../runtime/call-context.ts';
import { listedOrigin } from '../runtime/origin-meta.ts';
import type { Prompt, Provider, Tool } from '../runtime/provider.ts';
import { wholeTool } from '../runtime/whole-tool.ts';
import { surfaceApi, surfaceRequest } from './requests.ts';
import type { SharedSchemas, Surface, SurfacePrompt, SurfaceResource, SurfaceTool } from './surface.ts';

/**
 * The surface of a provider, in an order that does not depend on the order of the document.
 *
 * @param models the OpenAPI documents behind it
 */
export async function readSurface(provider: Provider, models: readonly ApiModel[]): Promise<Surface> {
  const context = { whole: true } as const;
  const [tools, resources, templates, prompts] = await Promise.all([
    provider.listTools({ ...context, origins: true }),
    provider.listResources(context),
    provider.listResourceTemplates(context),
    provider.listPrompts(context),
  ]);
  const { name, version, instructions } = provider.info;
  const pool = new SchemaPool();
  const operations = operationsOf(models);
  const read: [string, SurfaceTool][] = [];
  for (const tool of tools) {
    const whole = await wholeTool(provider, tool, callContext());
    read.push([tool.name, surfaceTool(whole, { operations, pool })]);
  }
  return {
    openapiMcpLock: 1,
    name,
    version,
    ...(instructions !== undefined && { instructions }),
    tools: byName(read),
    resources: byName(resources.map((resource) => [resource.uri, surfaceResource(resource)])),
    resourceTemplates: byName(templates.map((template) => [template.uriTemplate, surfaceResource(template)])),
    prompts: byName(prompts.map((prompt) => [prompt.name, surfacePrompt(prompt)])),
    apis: byName(models.map((model) => [model.name, surfaceApi(model)])),
    schemas: pool.schemas(),
  };
}

type Operations = ReadonlyMap<string, Operation>;

const operationKey = (api: string, { method, path }: { readonly method: string; readonly path: string }): string =>
  `${api} ${method} ${path}`;

function operationsOf(models: readonly ApiModel[]): Operations {
  const all = models.flatMap(({ name, operations }) =>
    operations.map((operation) => [operationKey(name, operation.origin), operation] as const),
  );
  return new Map(all);
}

function surfaceTool(
  tool: Tool,
  { operations, pool }: { readonly operations: Operations; readonly pool: SchemaPool },
): SurfaceTool {
  const { title, description, annotations, outputSchema } = tool;
  const origin = listedOrigin(tool);
  const operation = origin && operations.get(operationKey(origin.api, origin));
  return {
    ...(title !== undefined && { title }),
    ...(description && { description }),
    ...(annotations && { annotations }),
    inputSchema: pool.share(tool.inputSchema),
    ...(outputSchema && { outputSchema: pool.share(outputSchema) }),
    ...(origin && operation && { request: surfaceRequest(origin.api, operation) }),
  };
}

/** Schemas that tools share, each kept once. */
class SchemaPool {
  readonly #schemas = new Map<string, { readonly schema: JsonSchema; readonly text: string }>();

  /** The schema without the definitions that are the same for all tools. */
  share({ $defs, ...schema }: JsonSchemaObject): JsonSchemaObject {
    if ($defs === undefined) return schema;
    const own = Object.entries($defs).filter(([name, definition]) => !this.#isShared(name, definition));
    return own.length === 0 ? schema : { ...schema, $defs: Object.fromEntries(own) };
  }

  schemas(): SharedSchemas {
    return byName([...this.#schemas].map(([name, { schema }]) => [name, schema]));
  }

  #isShared(name: string, definition: JsonSchema): boolean {
    const known = this.#schemas.get(name);
    if (known?.schema === definition) return true;
    const text = JSON.stringify(definition);
    if (known) return known.text === text;
    this.#schemas.set(name, { schema: definition, text });
    return true;
  }
}

const surfaceResource = ({ name, mimeType }: SurfaceResource): SurfaceResource => ({
  name,
  ...(mimeType !== undefined && { mimeType }),
});

const surfacePrompt = ({ description, arguments: given = [] }: Prompt): SurfacePrompt => ({
  ...(description !== undefined && { description }),
  arguments: byName(given.map(({ name, required = false }) => [name, required])),
});

/** Also with names such as `__proto__`. */
function byName<Value>(entries: readonly (readonly [string, Value])[]): Readonly<Record<string, Value>> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
