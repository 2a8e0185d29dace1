import { defined, type JsonSchema, type ToolAnnotations } from '../../model/index.ts';
import { withOwnHints } from '../claimed-hints.ts';
import { checkProvider } from '../compose/check-provider.ts';
import { derived } from '../derived.ts';
import { ANNOTATIONS } from '../options/annotations.ts';
import { declareOptions } from '../options/declare-options.ts';
import { recordOf, shape, text } from '../options/option-kinds.ts';
import type { ListContext, Prompt, Provider, Resource, ResourceTemplate, Tool } from '../provider.ts';
import { remembered } from '../remembered.ts';
import { byTool, checkArguments, checkKnown, listNow, nameOf } from './known-names.ts';
import type { AnyTools, ByName, KnownTools } from './known-tools.ts';

/** New texts for one item; absent ones are kept. */
export interface Description {
  readonly title?: string;
  readonly description?: string;
}

export interface ToolDescription<Arguments = Readonly<Record<string, unknown>>> extends Description {
  /** Replace those of the tool; others are kept. */
  readonly annotations?: ToolAnnotations;
  /** Argument → description. */
  readonly arguments?: ByName<Arguments, { readonly [Name in keyof Arguments]?: string }, string>;
}

/** Tools and prompts by name; resources and templates by URI, because their names need not be unique. */
export interface DescribeOptions<Tools extends KnownTools<Tools> = AnyTools> {
  readonly tools?: ByName<
    Tools,
    { readonly [Name in keyof Tools]?: ToolDescription<Tools[Name]['arguments']> },
    ToolDescription
  >;
  readonly resources?: Readonly<Record<string, Description>>;
  readonly prompts?: Readonly<Record<string, Description>>;
}

const words = { title: text, description: text };
const hints = { desc: 'Write "description".', summary: 'Write "description".', name: 'Use rename().' };
const checked = declareOptions<DescribeOptions>(
  'describe()',
  {
    tools: recordOf(
      'descriptions by tool',
      shape<ToolDescription>(
        { ...words, annotations: ANNOTATIONS, arguments: recordOf('descriptions by argument', text) },
        { hints: { ...hints, args: 'Write "arguments".', parameters: 'Write "arguments".' } },
      ),
    ),
    resources: recordOf('descriptions by URI', shape<Description>(words, { hints })),
    prompts: recordOf('descriptions by prompt', shape<Description>(words, { hints })),
  },
  { example: "describe(api, { tools: { addPet: { description: 'Adds a pet.' } } })" },
);

/**
 * Replaces titles, descriptions and annotations.
 *
 * ```ts
 * await describe(shop, {
 *   tools: { addPet: { description: 'Adds a pet. Ask for its name first.', arguments: { name: 'As people call it.' } }
 * },
 * });
 * ```
 *
 * @throws OptionError if a tool, argument, resource, template or prompt does not exist. Looks the names up once, in the
 *   lists unless they are not available at the moment.
 */
export async function describe<Tools extends KnownTools<Tools> = AnyTools>(
  provider: Provider,
  options: DescribeOptions<NoInfer<Tools>>,
): Promise<Provider> {
  checkProvider(provider, 'provider', 'The first argument of describe()');
  // Known tools have descriptions of the right type.
  const { tools: given = {}, resources: resourceWords, prompts: promptWords } = checked(options as DescribeOptions);
  const { tools: known, values: toolWords } = await byTool(provider, given as Words);
  for (const tool of known) checkArguments(tool, Object.keys(own(toolWords, tool.name)?.arguments ?? {}));
  await checkNames(provider, options);
  const tools = described((tool: Tool) => own(toolWords, tool.name), describedTool);
  const resources = described((resource: Resource) => own(resourceWords, resource.uri), withWords);
  const templates = described((one: ResourceTemplate) => own(resourceWords, one.uriTemplate), withWords);
  const prompts = described((prompt: Prompt) => own(promptWords, prompt.name), withWords);
  return derived(provider, {
    listTools: async (context) => tools(await provider.listTools(context)),
    listResources: async (context) => resources(await provider.listResources(context)),
    listResourceTemplates: async (context) => templates(await provider.listResourceTemplates(context)),
    listPrompts: async (context) => prompts(await provider.listPrompts(context)),
  });
}

type Words = NonNullable<DescribeOptions['tools']>;

async function checkNames(
  provider: Provider,
  { resources = {}, prompts = {} }: Pick<DescribeOptions, 'resources' | 'prompts'>,
): Promise<void> {
  await checkListed(Object.keys(resources), 'resource or template', async (context) => {
    const [listed, templates] = await Promise.all([
      provider.listResources(context),
      provider.listResourceTemplates(context),
    ]);
    return [...listed.map(({ uri }) => uri), ...templates.map(({ uriTemplate }) => uriTemplate)];
  });
  await checkListed(Object.keys(prompts), 'prompt', async (context) =>
    (await provider.listPrompts(context)).map(nameOf),
  );
}

async function checkListed(
  names: readonly string[],
  kind: string,
  list: (context: ListContext) => Promise<readonly string[]>,
): Promise<void> {
  const known = names.length > 0 ? await listNow(list) : undefined;
  if (known) checkKnown(names, known, (name) => `Unknown ${kind} "${name}".`);
}

function described<Item, Words>(
  wordsOf: (item: Item) => Words | undefined,
  change: (item: Item, words: Words) => Item,
): (list: readonly Item[]) => readonly Item[] {
  return remembered((list) =>
    Object.freeze(
      list.map((item) => {
        const words = wordsOf(item);
        return words === undefined ? item : change(item, words);
      }),
    ),
  );
}

function withWords<Item extends Description>(item: Item, { title, description }: Description): Item {
  return { ...item, ...defined({ title, description }) };
}

function describedTool(tool: Tool, words: ToolDescription): Tool {
  const { annotations, arguments: named = {} } = words;
  const { properties } = tool.inputSchema;
  return {
    ...withWords(annotations ? withOwnHints(tool, annotations) : tool, words),
    ...(properties && {
      inputSchema: {
        ...tool.inputSchema,
        properties: Object.fromEntries(
          Object.entries(properties).map(([name, schema]) => [name, describedSchema(schema, own(named, name))]),
        ),
      },
    }),
  };
}

function describedSchema(schema: JsonSchema, description: string | undefined): JsonSchema {
  if (description === undefined) return schema;
  return typeof schema === 'object' ? { ...schema, description } : schema ? { description } : schema;
}

/** Names may be those of inherited object properties. */
function own<Value>(values: Readonly<Record<string, Value | undefined>> | undefined, key: string): Value | undefined {
  return values && Object.hasOwn(values, key) ? values[key] : undefined;
}
