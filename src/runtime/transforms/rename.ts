import { checkProvider } from '../compose/check-provider.ts';
import { naming } from '../compose/naming.ts';
import { derived } from '../derived.ts';
import { lackingScopes, unrestricted } from '../lacking-scopes.ts';
import { declareOptions } from '../options/declare-options.ts';
import { OptionError } from '../options/option-error.ts';
import { recordOf, text } from '../options/option-kinds.ts';
import {
  type ListContext,
  type Prompt,
  type Provider,
  ProviderError,
  type ScopedRequest,
  type Tool,
} from '../provider.ts';
import { remembered } from '../remembered.ts';
import { byTool, checkKnown, listNow, nameOf } from './known-names.ts';
import type { AnyTools, ByName, KnownTools } from './known-tools.ts';

/** Original name → name that clients see. Other names are kept. */
export interface RenameOptions<Tools extends KnownTools<Tools> = AnyTools> {
  readonly tools?: ByName<Tools, { readonly [Name in keyof Tools]?: string }, string>;
  readonly prompts?: Readonly<Record<string, string>>;
}

const checked = declareOptions<RenameOptions>(
  'rename()',
  { tools: recordOf('new names by tool', text), prompts: recordOf('new names by prompt', text) },
  {
    hints: { tool: 'Write "tools".', prefix: 'Use namespace(provider, "prefix").' },
    example: "rename(api, { tools: { listPetsByStatus: 'find_pets' } })",
  },
);

/**
 * Renames tools and prompts. The original names no longer work.
 *
 * ```ts
 * await rename(shop, { tools: { listPetsByStatus: 'find_pets' } });
 * ```
 *
 * If two items have the same name later on, listing fails with an error that names both.
 *
 * @throws OptionError if a tool or prompt does not exist, or a new name is invalid or used twice. Looks the names up
 *   once, in the lists unless they are not available at the moment.
 */
export async function rename<Tools extends KnownTools<Tools> = AnyTools>(
  provider: Provider,
  options: RenameOptions<NoInfer<Tools>>,
): Promise<Provider> {
  checkProvider(provider, 'provider', 'The first argument of rename()');
  // Known tools have new names of the right type. TypeScript 5.9 sees that only through `unknown`.
  const { tools: given = {}, prompts = {} } = checked(options as unknown as RenameOptions);
  const { values: tools } = await byTool(provider, given);
  const renamedTools = remembered((list: readonly Tool[]) => renamed('tool', list, tools));
  const renamedPrompts = remembered((list: readonly Prompt[]) => renamed('prompt', list, prompts));
  await checkNames('tool', tools, (context) => provider.listTools(context));
  await checkNames('prompt', prompts, (context) => provider.listPrompts(context));
  const listTools = async (context: ListContext) => renamedTools(await provider.listTools(context));
  const listPrompts = async (context: ListContext) => renamedPrompts(await provider.listPrompts(context));

  return derived(provider, {
    ...(provider.lackingScopes && {
      async lackingScopes(request, context) {
        if (request.method === 'resources/read') return lackingScopes(provider, request, context);
        const list = request.method === 'tools/call' ? listTools : listPrompts;
        const { name: listed } = request.params;
        const name = (await list(unrestricted(context))).own.get(listed) ?? listed;
        // The same kind of request, with another name.
        const own = { ...request, params: { ...request.params, name } } as ScopedRequest;
        return lackingScopes(provider, own, context);
      },
    }),
    listTools: async (context) => itemsOf(await listTools(context)),
    async callTool(call, context) {
      const name = ownName(await listTools(context), call.name);
      if (name === undefined) throw new ProviderError('TOOL_NOT_FOUND', `Unknown tool: ${call.name}`);
      return naming(name, call.name, () => provider.callTool({ ...call, name }, { calledAs: call.name, ...context }));
    },
    listPrompts: async (context) => itemsOf(await listPrompts(context)),
    async getPrompt(get, context) {
      const name = ownName(await listPrompts(context), get.name);
      if (name === undefined) throw new ProviderError('PROMPT_NOT_FOUND', `Unknown prompt: ${get.name}`);
      return naming(name, get.name, () => provider.getPrompt({ ...get, name }, context));
    },
    async complete(completion, context) {
      const { ref } = completion;
      if (ref.type === 'resource') return provider.complete(completion, context);
      const name = ownName(await listPrompts(context), ref.name);
      return name === undefined ? { values: [] } : provider.complete({ ...completion, ref: { ...ref, name } }, context);
    },
  });
}

interface Renamed<Item> {
  readonly items: readonly Item[];
  /** Listed name → the provider's own name. */
  readonly own: ReadonlyMap<string, string>;
  /** A name that two items have, with its error message. */
  readonly clash: { readonly name: string; readonly message: string } | undefined;
}

type Kind = 'tool' | 'prompt';
type Named = { readonly name: string };

function renamed<Item extends Named>(
  kind: Kind,
  list: readonly Item[],
  names: Readonly<Record<string, string>>,
): Renamed<Item> {
  const own = new Map<string, string>();
  let clash: Renamed<Item>['clash'];
  const items = list.map((item) => {
    const name = (Object.hasOwn(names, item.name) && names[item.name]) || item.name;
    const other = own.get(name);
    if (other !== undefined) clash ??= { name, message: clashMessage(kind, [other, item.name], name) };
    own.set(name, item.name);
    return name === item.name ? item : { ...item, name };
  });
  return { items: Object.freeze(items), own, clash };
}

function itemsOf<Item>({ items, clash }: Renamed<Item>): readonly Item[] {
  if (clash) throw new Error(clash.message);
  return items;
}

function ownName({ own, clash }: Renamed<unknown>, name: string): string | undefined {
  if (name === clash?.name) throw new ProviderError('INVALID_ARGUMENTS', clash.message);
  return own.get(name);
}

const clashMessage = (kind: Kind, [one, other]: readonly [string, string], name: string): string =>
  `The ${kind}s "${one}" and "${other}" would both be named "${name}". Rename one of them.`;

async function checkNames(
  kind: Kind,
  names: Readonly<Record<string, string>>,
  list: (context: ListContext) => Promise<readonly Named[]>,
): Promise<void> {
  const seen = new Map<string, string>();
  for (const [own, name] of Object.entries(names)) {
    if (!/^[A-Za-z0-9_.-]{1,64}$/.test(name)) {
      throw new OptionError(
        `The ${kind} "${own}" cannot be named "${name}": write 1 to 64 letters, digits, "_", "-" or ".".`,
      );
    }
    const other = seen.get(name);
    if (other !== undefined) throw new OptionError(clashMessage(kind, [other, own], name));
    seen.set(name, own);
  }
  const listed = seen.size > 0 ? await listNow(list) : undefined;
  if (!listed) return;
  checkKnown(Object.keys(names), listed.map(nameOf), (name) => `Unknown ${kind} "${name}".`);
  const { clash } = renamed(kind, listed, names);
  if (clash) throw new OptionError(clash.message);
}
