import { checkProvider } from '../compose/check-provider.ts';
import { derived } from '../derived.ts';
import { misfit } from '../errors.ts';
import { declareValues } from '../options/declare-options.ts';
import { OptionError } from '../options/option-error.ts';
import { record, recordOf, texts } from '../options/option-kinds.ts';
import { type ListContext, type Provider, ProviderError, type Tool } from '../provider.ts';
import { remembered } from '../remembered.ts';
import { checkFixed } from './fixed-values.ts';
import { byTool, checkArguments } from './known-names.ts';
import type { AnyTools, ByName, KnownTools } from './known-tools.ts';

const checkedFixed = declareValues<FixedArguments>('fixArguments()', recordOf('values by argument', record), {
  example: "fixArguments(api, { listPets: { shop: 'berlin' } })",
});
const checkedHidden = declareValues<HiddenArguments>('hideArguments()', recordOf('names of arguments by tool', texts), {
  example: "hideArguments(api, { listPets: ['debug'] })",
});

/**
 * Sets tool arguments to fixed values: clients neither see nor set them.
 *
 * ```ts
 * await fixArguments(shop, { listPets: { shop: 'berlin' } });
 * ```
 *
 * @throws OptionError if a tool or argument does not exist, or a value does not match its schema. Looks the names up
 *   once, in the list unless it is not available at the moment.
 */
export async function fixArguments<Tools extends KnownTools<Tools> = AnyTools>(
  provider: Provider,
  fixed: FixedArguments<NoInfer<Tools>>,
): Promise<Provider> {
  checkProvider(provider, 'provider', 'The first argument of fixArguments()');
  // Known arguments have values of the right type.
  const given = await byTool(provider, checkedFixed(fixed as FixedArguments));
  const values = new Map(Object.entries(given.values));
  for (const tool of given.tools) await checkFixed(tool, values.get(tool.name) ?? {});
  return withoutArguments(provider, values);
}

/** Tool → argument → value. */
export type FixedArguments<Tools extends KnownTools<Tools> = AnyTools> = ByName<
  Tools,
  { readonly [Name in keyof Tools]?: Partial<Tools[Name]['arguments']> },
  Readonly<Record<string, unknown>>
>;

/**
 * Hides tool arguments: clients cannot set them, so each has its default.
 *
 * ```ts
 * await hideArguments(shop, { listPets: ['debug'] });
 * ```
 *
 * @throws OptionError if a tool or argument does not exist, or an argument is required: set its value with {@link
 *   fixArguments}. Looks the names up once, in the list unless it is not available at
 *   the moment. If an argument becomes required later, listing the tools fails.
 */
export async function hideArguments<Tools extends KnownTools<Tools> = AnyTools>(
  provider: Provider,
  hidden: HiddenArguments<NoInfer<Tools>>,
): Promise<Provider> {
  checkProvider(provider, 'provider', 'The first argument of hideArguments()');
  // Known arguments are names of the right type.
  const given = await byTool(provider, checkedHidden(hidden as HiddenArguments));
  const named = new Map(Object.entries(given.values));
  for (const tool of given.tools) checkHidden(tool, named.get(tool.name) ?? []);
  const nothing = [...named].map(
    ([tool, names]) => [tool, Object.fromEntries(names.map((name) => [name, undefined]))] as const,
  );
  return withoutArguments(provider, new Map(nothing));
}

/** Tool → names of arguments. */
export type HiddenArguments<Tools extends KnownTools<Tools> = AnyTools> = ByName<
  Tools,
  { readonly [Name in keyof Tools]?: readonly (keyof Tools[Name]['arguments'] & string)[] },
  readonly string[]
>;

/** Tool → argument → value; `undefined` to never set it. */
type Settled = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

function withoutArguments(provider: Provider, settled: Settled): Provider {
  const shown = remembered((list: readonly Tool[]) =>
    Object.freeze(
      list.map((tool) => {
        const values = settled.get(tool.name);
        return values ? withoutProperties(tool, values) : tool;
      }),
    ),
  );
  const listTools = async (context: ListContext) => shown(await provider.listTools(context));

  return derived(provider, {
    listTools,
    async callTool(call, context) {
      const values = settled.get(call.name);
      if (!values) return provider.callTool(call, context);
      const given = Object.keys(call.arguments).filter((name) => Object.hasOwn(values, name));
      if (given.length > 0) {
        return misfit(`${given.map((name) => `"${name}" is not allowed`).join('; ')}.`);
      }
      const defined = Object.entries(values).filter(([, value]) => value !== undefined);
      const all = { ...call.arguments, ...Object.fromEntries(defined) };
      return provider.callTool({ ...call, arguments: all }, context);
    },
  });
}

function withoutProperties(tool: Tool, values: Readonly<Record<string, unknown>>): Tool {
  const { properties = {}, required = [], ...schema } = tool.inputSchema;
  const isSettled = (name: string) => Object.hasOwn(values, name);
  const missing = required.find((name) => isSettled(name) && values[name] === undefined);
  if (missing !== undefined) throw new ProviderError('INVALID_ARGUMENTS', requiredMessage(tool.name, missing));
  const left = required.filter((name) => !isSettled(name));
  return {
    ...tool,
    inputSchema: {
      ...schema,
      properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !isSettled(name))),
      ...(left.length > 0 && { required: left }),
    },
  };
}

function checkHidden(tool: Tool, names: readonly string[]): void {
  checkArguments(tool, names);
  const required = names.find((name) => tool.inputSchema.required?.includes(name));
  if (required !== undefined) throw new OptionError(requiredMessage(tool.name, required));
}

const requiredMessage = (tool: string, argument: string): string =>
  `The argument "${argument}" of tool "${tool}" is required, so it cannot be hidden. Set its value with fixArguments().`;
