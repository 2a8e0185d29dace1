import { provenHints } from '../claimed-hints.ts';
import { type FilterRule, matchesAny, RULE } from '../filter-rule.ts';
import { declareOptions } from '../options/declare-options.ts';
import { func, listOf } from '../options/option-kinds.ts';
import { ProviderError, type Tool } from '../provider.ts';
import { remembered } from '../remembered.ts';
import { type Confirmable, confirmable, isConfirmable, tokenOf } from './confirmation/confirmable.ts';
import { CONFIRMATION_KINDS, Confirmations, type ConfirmationsOptions } from './confirmation/confirmations.ts';
import { defaultMessage } from './confirmation/message.ts';
import type { Middleware } from './middleware.ts';

export interface ConfirmOptions extends ConfirmationsOptions {
  /**
   * The tools that ask: those that match one of these rules. Default: all tools that may be destructive, which are
   * those without `readOnlyHint: true` and without `destructiveHint: false`. A tool without annotations may be (MCP,
   * ToolAnnotations). The annotations of a remote server are not trusted, unless `fromMcp()` has `trustHints`.
   */
  readonly tools?: readonly FilterRule[];
  /** Describes what would be done, for the user. Default: the tool's title or name, and the arguments. */
  readonly message?: (tool: Tool, args: Readonly<Record<string, unknown>>) => string;
}

const checked = declareOptions<ConfirmOptions>(
  'confirm()',
  { ...CONFIRMATION_KINDS, tools: listOf('rules', RULE), message: func },
  { example: "confirm({ tools: [{ name: 'delete*' }] })" },
);

/**
 * Makes tools ask for confirmation. If the client supports elicitation, it asks its user. Otherwise the call is refused;
 * or, with `unasked: 'token'`, it takes two calls: the first returns what would be done and a token, and the second passes
 * the token in the argument `confirm`.
 *
 * Put it outside of `retry()`, so that one answer covers all attempts, and inside of middleware that calls unlisted
 * tools: those cannot be called through it. Tokens are valid only in the process that issued them, unless `sharedAs` is
 * set. Tools of `createServer()` have their own option, `confirm`, and ask only once; those of a remote server always ask,
 * whatever the server declares.
 *
 * ```ts
 * server.mount('shop', withMiddleware(shop, confirm({ tools: [{ name: 'delete*' }] })));
 * ```
 *
 * @throws OptionError if a rule has no conditions
 */
export function confirm(options: ConfirmOptions = {}): Middleware {
  const { tools, message = defaultMessage } = checked(options);
  const asks = tools ? matchesAny(tools) : mayDestroy;
  const confirmations = new Confirmations(options);
  const seen = remembered((list: readonly Tool[]): Seen => {
    const asking = new Map<string, Confirmable>();
    const items = list.map((tool) => {
      if (isConfirmable(tool) || !asks({ kind: 'tool', item: tool })) return tool;
      const one = confirmable(tool, confirmations);
      asking.set(tool.name, one);
      return one.tool;
    });
    return { items: Object.freeze(items), names: new Set(items.map(({ name }) => name)), asking };
  });

  return async function confirm(call, next) {
    if (call.method === 'tools/list') return seen(await next(call)).items;
    if (call.method !== 'tools/call') return next(call);
    const { name, arguments: given } = call.params;
    // If the list fails, so does the call: it is unknown whether the tool should ask.
    const { names, asking } = seen(await next({ ...call, method: 'tools/list', params: {} }));
    if (!names.has(name)) throw new ProviderError('TOOL_NOT_FOUND', `Unknown tool: ${name}`);
    const one = asking.get(name);
    if (!one) return next(call);
    const { token, args } = tokenOf(given, one.argument);
    const unconfirmed = {
      tool: name,
      arguments: args,
      ...(one.argument !== undefined && { argument: one.argument }),
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
  /** The tools that ask, by name. */
  readonly asking: ReadonlyMap<string, Confirmable>;
}

function mayDestroy({ item }: { readonly item: Tool }): boolean {
  const { readOnlyHint, destructiveHint } = provenHints(item);
  return readOnlyHint !== true && destructiveHint !== false;
}
