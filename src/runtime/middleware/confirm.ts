import { provenHints } from '../claimed-hints.ts';
import { type FilterRule, matchesAny, RULE } from '../filter-rule.ts';
import { declareOptions } from '../options/declare-options.ts';
import { func, listOf } from '../options/option-kinds.ts';
import { ProviderError, type Tool } from '../provider.ts';
import { remembered } from '../remembered.ts';
import { type Confirmable, confirmable, isConfirmable } from './confirmation/confirmable.ts';
import { CONFIRMATION_KINDS, Confirmations, type ConfirmationsOptions } from './confirmation/confirmations.ts';
import { defaultMessage } from './confirmation/message.ts';
import type { Middleware } from './middleware.ts';

export interface ConfirmOptions extends ConfirmationsOptions {
  /**
   * The tools that ask: those that one of these matches. Default: all that may destroy something, which are those that
   * say neither `readOnlyHint: true` nor `destructiveHint: false`; a tool without annotations may (MCP, ToolAnnotations),
   * and a remote server is not believed in that, unless `trustHints` of `fromMcp()` says so.
   */
  readonly tools?: readonly FilterRule[];
  /** What would be done, for the person. Default: the tool's title or name, and the arguments. */
  readonly message?: (tool: Tool, args: Readonly<Record<string, unknown>>) => string;
}

const checked = declareOptions<ConfirmOptions>(
  'confirm()',
  { ...CONFIRMATION_KINDS, tools: listOf('rules', RULE), message: func },
  { example: "confirm({ tools: [{ name: 'delete*' }] })" },
);

/**
 * Has tools ask before they act. Where the client can ask its person (elicitation), it does. Elsewhere it takes two
 * calls: the first is answered with what would be done and a token, the second gives the token in the argument `confirm`
 * and is performed. That makes a model say what it is about to do; it does not prove that a person has read it.
 *
 * Put it outside of `retry()`, so that one answer is for all attempts, and inside of whatever calls tools that are not
 * listed: what is not listed is not called. Tokens live in this process. Tools of `createServer()` have an option of
 * their own, `confirm`, and are not asked about twice; those of a remote server are, whatever it says of them.
 *
 * ```ts
 * server.mount('shop', withMiddleware(shop, confirm({ tools: [{ name: 'delete*' }] })));
 * ```
 *
 * @throws OptionError where a rule says nothing.
 */
export function confirm(options: ConfirmOptions = {}): Middleware {
  const { tools, message = defaultMessage } = checked(options);
  const asks = tools ? matchesAny(tools) : mayDestroy;
  const confirmations = new Confirmations(options);
  const seen = remembered((list: readonly Tool[]): Seen => {
    const asking = new Map<string, Confirmable>();
    const items = list.map((tool) => {
      if (isConfirmable(tool) || !asks({ kind: 'tool', item: tool })) return tool;
      const one = confirmable(tool);
      asking.set(tool.name, one);
      return one.tool;
    });
    return { items: Object.freeze(items), names: new Set(items.map(({ name }) => name)), asking };
  });

  return async function confirm(call, next) {
    if (call.method === 'tools/list') return seen(await next(call)).items;
    if (call.method !== 'tools/call') return next(call);
    const { name, arguments: given } = call.params;
    // Where the list cannot be had the call fails with it: nobody knows then whether the tool should ask.
    const { names, asking } = seen(await next({ ...call, method: 'tools/list', params: {} }));
    if (!names.has(name)) throw new ProviderError('TOOL_NOT_FOUND', `Unknown tool: ${name}`);
    const one = asking.get(name);
    if (!one) return next(call);
    const { [one.argument]: token, ...args } = given;
    const unconfirmed = {
      tool: name,
      arguments: args,
      argument: one.argument,
      token,
      message: message(one.tool, args),
    };
    const answer = await confirmations.withheld(unconfirmed, call);
    return answer ?? next({ ...call, params: { name, arguments: args } });
  };
}

interface Seen {
  readonly items: readonly Tool[];
  readonly names: ReadonlySet<string>;
  /** Those that ask, by name. */
  readonly asking: ReadonlyMap<string, Confirmable>;
}

function mayDestroy({ item }: { readonly item: Tool }): boolean {
  const { readOnlyHint, destructiveHint } = provenHints(item);
  return readOnlyHint !== true && destructiveHint !== false;
}
