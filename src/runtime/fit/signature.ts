import { checkProvider } from '../compose/check-provider.ts';
import { derived } from '../derived.ts';
import { lackingScopes } from '../lacking-scopes.ts';
import { declareOptions } from '../options/declare-options.ts';
import { pattern } from '../options/option-kinds.ts';
import { type Provider, ProviderError, type Tool } from '../provider.ts';
import { remembered } from '../remembered.ts';
import { toolsByName } from '../tools-by-name.ts';
import { callTool, callToolTool, scopesToCall } from './call-tool.ts';
import { signatureOf } from './signature-form.ts';

export interface SignatureOptions {
  /** The name of the listed tool. Default `call_tool`. */
  readonly name?: string;
}

const checked = declareOptions<SignatureOptions>(
  'signature()',
  { name: pattern('1 to 64 letters, digits, "_", "-" or "."', /^[A-Za-z0-9_.-]{1,64}$/) },
  { example: "signature(api, { name: 'call_tool' })" },
);

/**
 * Lists one tool, `call_tool(name, arguments)`. Its description has a signature of every tool, with all arguments and
 * their types: `getPet(petId:int)`. Clients see neither annotations nor schemas of single tools; the provider validates
 * arguments as always.
 *
 * ```ts
 * signature(shop);
 * ```
 *
 * @throws OptionError if the name is invalid
 */
export function signature(provider: Provider, options: SignatureOptions = {}): Provider {
  checkProvider(provider, 'provider', 'The first argument of signature()');
  const { name = 'call_tool' } = checked(options);
  const shown = remembered((list: readonly Tool[]): readonly Tool[] => {
    if (list.length === 0) return list;
    const { types, lines } = signatureOf(list);
    return Object.freeze([callToolTool({ name, description: [LEGEND, ...types, ...lines].join('\n') })]);
  });
  return derived(provider, {
    ...(provider.lackingScopes && {
      lackingScopes: (request, context) =>
        request.method === 'tools/call' && request.params.name === name
          ? scopesToCall(provider, request.params.arguments, context)
          : lackingScopes(provider, request, context),
    }),
    listTools: async (context) => shown(await provider.listTools(context)),
    async callTool(call, context) {
      if (call.name === name) return callTool(provider, call.arguments, context);
      const isInside = toolsByName(await provider.listTools(context)).has(call.name);
      const advice = isInside ? `. Call ${name} with the name "${call.name}".` : '';
      throw new ProviderError('TOOL_NOT_FOUND', `Unknown tool: ${call.name}${advice}`);
    },
  });
}

/** Short: it is part of every list. `?` and `=` are those of TypeScript. */
const LEGEND = 'Calls one of these tools. No type: string; ...T: the fields of T.';
