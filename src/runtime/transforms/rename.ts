import { naming } from '../compose/naming.ts';
import { remembered } from '../compose/remembered.ts';
import { type ListContext, type Prompt, type Provider, ProviderError, type Tool } from '../provider.ts';
import { derived } from './derived.ts';
import type { AnyTools, ByName, KnownTools } from './known-tools.ts';

/** Own name → name that clients see. What is not named here keeps its name. */
export interface RenameOptions<Tools extends KnownTools<Tools> = AnyTools> {
  readonly tools?: ByName<Tools, { readonly [Name in keyof Tools]?: string }, string>;
  readonly prompts?: Readonly<Record<string, string>>;
}

/**
 * The provider with other names for some tools and prompts. The names they had lead nowhere.
 *
 * ```ts
 * rename(shop, { tools: { listPetsByStatus: 'find_pets' } });
 * ```
 *
 * A list with one name twice is an error that says which: the other bearer may come and go.
 *
 * @throws TypeError where a new name has a form that clients refuse, or is given twice.
 */
export function rename<Tools extends KnownTools<Tools> = AnyTools>(
  provider: Provider,
  options: RenameOptions<NoInfer<Tools>>,
): Provider {
  // New names of known tools are names. TypeScript 5.9 sees that only by way of `unknown`.
  const { tools = {}, prompts = {} } = options as unknown as RenameOptions;
  checkNames('tool', tools);
  checkNames('prompt', prompts);
  const renamedTools = remembered((list: readonly Tool[]) => renamed(list, tools));
  const renamedPrompts = remembered((list: readonly Prompt[]) => renamed(list, prompts));
  const listTools = async (context: ListContext) => renamedTools(await provider.listTools(context));
  const listPrompts = async (context: ListContext) => renamedPrompts(await provider.listPrompts(context));

  return derived(provider, {
    listTools: async (context) => itemsOf('tool', await listTools(context)),
    async callTool(call, context) {
      const name = ownName('tool', await listTools(context), call.name);
      if (name === undefined) throw new ProviderError('TOOL_NOT_FOUND', `Unknown tool: ${call.name}`);
      return naming(name, call.name, () => provider.callTool({ ...call, name }, context));
    },
    listPrompts: async (context) => itemsOf('prompt', await listPrompts(context)),
    async getPrompt(get, context) {
      const name = ownName('prompt', await listPrompts(context), get.name);
      if (name === undefined) throw new ProviderError('PROMPT_NOT_FOUND', `Unknown prompt: ${get.name}`);
      return naming(name, get.name, () => provider.getPrompt({ ...get, name }, context));
    },
    async complete(completion, context) {
      const { ref } = completion;
      if (ref.type === 'resource') return provider.complete(completion, context);
      const name = ownName('prompt', await listPrompts(context), ref.name);
      return name === undefined ? { values: [] } : provider.complete({ ...completion, ref: { ...ref, name } }, context);
    },
  });
}

interface Renamed<Item> {
  readonly items: readonly Item[];
  /** name as listed → the provider's own name */
  readonly own: ReadonlyMap<string, string>;
  /** A name that two items have. */
  readonly twice: string | undefined;
}

function renamed<Item extends { readonly name: string }>(
  list: readonly Item[],
  names: Readonly<Record<string, string>>,
): Renamed<Item> {
  const own = new Map<string, string>();
  let twice: string | undefined;
  const items = list.map((item) => {
    const name = (Object.hasOwn(names, item.name) && names[item.name]) || item.name;
    if (own.has(name)) twice = name;
    own.set(name, item.name);
    return name === item.name ? item : { ...item, name };
  });
  return { items: Object.freeze(items), own, twice };
}

function itemsOf<Item>(kind: string, { items, twice }: Renamed<Item>): readonly Item[] {
  if (twice !== undefined) throw new Error(twiceMessage(kind, twice));
  return items;
}

function ownName(kind: string, { own, twice }: Renamed<unknown>, name: string): string | undefined {
  if (name === twice) throw new ProviderError('INVALID_ARGUMENTS', twiceMessage(kind, name));
  return own.get(name);
}

const twiceMessage = (kind: string, name: string): string =>
  `Two ${kind}s would be called "${name}": another one has that name already. Rename to something else.`;

function checkNames(kind: string, names: Readonly<Record<string, string>>): void {
  const seen = new Map<string, string>();
  for (const [own, name] of Object.entries(names)) {
    if (!/^[A-Za-z0-9_.-]{1,64}$/.test(name)) {
      throw new TypeError(
        `The ${kind} "${own}" cannot be called "${name}": write 1 to 64 letters, digits, "_", "-" or ".".`,
      );
    }
    const other = seen.get(name);
    if (other !== undefined)
      throw new TypeError(`The ${kind}s "${other}" and "${own}" would both be called "${name}".`);
    seen.set(name, own);
  }
}
