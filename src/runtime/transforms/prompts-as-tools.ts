import { checkProvider } from '../compose/check-provider.ts';
import { misfit } from '../errors.ts';
import { declareOptions } from '../options/declare-options.ts';
import { text } from '../options/option-kinds.ts';
import type { ContentBlock, PromptResult, Provider, Tool } from '../provider.ts';
import { withTools } from './with-tools.ts';

export interface PromptsAsToolsOptions {
  /** Names of the two tools. Default `list_prompts` and `get_prompt`. */
  readonly list?: string;
  readonly get?: string;
}

const checked = declareOptions<PromptsAsToolsOptions>('promptsAsTools()', { list: text, get: text });

/**
 * Adds two tools, for clients that support only tools: one lists prompts, the other returns one with its arguments
 * filled in. The prompts stay available.
 *
 * ```ts
 * await promptsAsTools(shop);
 * ```
 *
 * @throws OptionError if a tool already has one of the names
 */
export async function promptsAsTools(provider: Provider, options: PromptsAsToolsOptions = {}): Promise<Provider> {
  checkProvider(provider, 'provider', 'The first argument of promptsAsTools()');
  const { list = 'list_prompts', get = 'get_prompt' } = checked(options);
  return withTools(provider, [
    {
      tool: listTool(list, get),
      async call(_, context) {
        return { content: [{ type: 'text', text: JSON.stringify({ prompts: await provider.listPrompts(context) }) }] };
      },
    },
    {
      tool: getTool(get, list),
      makes: ({ name }) =>
        typeof name === 'string' ? { method: 'prompts/get', params: { name, arguments: {} } } : undefined,
      async call({ name, arguments: values = {} }, context) {
        if (typeof name !== 'string') return misfit('"name" must be a string.');
        if (!isTexts(values)) return misfit('"arguments" must be an object of strings.');
        return { content: blocksOf(await provider.getPrompt({ name, arguments: values }, context)) };
      },
    },
  ]);
}

function listTool(name: string, get: string): Tool {
  return {
    name,
    title: 'List prompts',
    description: `Lists the prompts that ${get} can return, with their arguments.`,
    inputSchema: { type: 'object', properties: {}, additionalProperties: false },
    annotations: READS,
  };
}

function getTool(name: string, list: string): Tool {
  return {
    name,
    title: 'Get a prompt',
    description: `Returns one prompt with its arguments filled in. Use ${list} for names and arguments.`,
    inputSchema: {
      type: 'object',
      properties: {
        name: { type: 'string' },
        arguments: { type: 'object', additionalProperties: { type: 'string' } },
      },
      required: ['name'],
      additionalProperties: false,
    },
    annotations: READS,
  };
}

const READS = Object.freeze({ readOnlyHint: true });

/** The messages in order; each text starts with its role. */
function blocksOf({ messages }: PromptResult): readonly ContentBlock[] {
  return messages.map(({ role, content }) =>
    content.type === 'text' ? { ...content, text: `${role}: ${content.text}` } : content,
  );
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((each) => typeof each === 'string');
}
