import { checkProvider } from '../compose/check-provider.ts';
import { declareOptions } from '../options/declare-options.ts';
import { text } from '../options/option-kinds.ts';
import { type Provider, ProviderError, type Tool } from '../provider.ts';
import { remembered } from '../remembered.ts';
import { derived } from '../transforms/derived.ts';
import { callTool, callToolTool } from './call-tool.ts';
import { signatureOf } from './signature-form.ts';

export interface SignatureOptions {
  /** The name of the listed tool. Default `call_tool`. */
  readonly name?: string;
}

const checked = declareOptions<SignatureOptions>('signature()', { name: text });

/**
 * Lists one tool, `call_tool(name, arguments)`, whose description contains every tool of the provider as a signature.
 *
 * ```ts
 * signature(shop);
 * ```
 */
export function signature(provider: Provider, options: SignatureOptions = {}): Provider {
  checkProvider(provider, 'provider', 'The first argument of signature()');
  const { name = 'call_tool' } = checked(options);
  const shown = remembered((list: readonly Tool[]) => {
    if (list.length === 0) return list;
    const { types, lines } = signatureOf(list);
    return Object.freeze([callToolTool({ name, description: [LEGEND, ...types, ...lines].join('\n') })]);
  });
  return derived(provider, {
    listTools: async (context) => shown(await provider.listTools(context)),
    async callTool(call, context) {
      if (call.name === name) return callTool(provider, call.arguments, context);
      throw new ProviderError('TOOL_NOT_FOUND', `Unknown tool: ${call.name}`);
    },
  });
}

const LEGEND = 'Calls one of these tools. No type: string; ...T: the fields of T.';
