import { defined } from '../../model/index.ts';
import type { SchemaCompiler } from '../api/schema/schema-check.ts';
import { declareOptions } from '../options/declare-options.ts';
import { OptionError } from '../options/option-error.ts';
import { anything, record, text } from '../options/option-kinds.ts';
import { type ContentBlock, type Icon, type Prompt, type PromptResult, ProviderError } from '../provider.ts';
import { checkCall, HANDLER_HINTS, ICONS } from './check-call.ts';
import { COMPLETERS, type Completers, completed } from './completion.ts';
import { isContentBlock, text as textBlock } from './content.ts';
import type { Context } from './context.ts';
import {
  checkedArguments,
  type DeclaredArguments,
  type PromptArguments,
  type PromptValues,
} from './prompt-arguments.ts';
import { violationText } from './schema.ts';

export interface PromptOptions<Arguments extends PromptArguments, LifespanValue> {
  readonly title?: string;
  readonly description?: string;
  readonly icons?: readonly Icon[];
  readonly _meta?: Readonly<Record<string, unknown>>;
  /**
   * By name, or as a schema: `{ name: { required: true } }`, `z.object({ name: z.string() })`, one schema per argument,
   * or a JSON Schema of type `object`. Clients send strings; values for numbers, booleans and objects are converted.
   */
  readonly arguments?: Arguments;
  /** Values that complete an argument. */
  readonly complete?: Completers<keyof PromptValues<Arguments> & string, LifespanValue>;
}

const checked = declareOptions<PromptOptions<DeclaredArguments, never>>(
  'prompt()',
  { title: text, description: text, icons: ICONS, _meta: record, arguments: anything, complete: COMPLETERS },
  {
    hints: {
      ...HANDLER_HINTS,
      args: 'Write "arguments".',
      argsSchema: 'Write "arguments".',
      argumentsSchema: 'Write "arguments".',
      input: 'Write "arguments".',
      inputSchema: 'Write "arguments".',
      parameters: 'Write "arguments".',
      messages: 'Return the messages from the handler.',
      template: 'Return the text from the handler.',
    },
    example: "prompt('greet', { arguments: { name: { required: true } } }, ({ name }) => 'Greet ' + name)",
  },
);

type Message = PromptResult['messages'][number];

/** A string or content block is one user message; or a list of messages; or a complete result. */
export type PromptReturn = string | ContentBlock | readonly (string | ContentBlock | Message)[] | PromptResult;

export type PromptHandler<Arguments extends PromptArguments, LifespanValue> = (
  args: PromptValues<Arguments>,
  context: Context<LifespanValue>,
) => PromptReturn | Promise<PromptReturn>;

export interface PromptPart<LifespanValue> {
  readonly listed: Prompt;
  get(given: Readonly<Record<string, string>>, context: Context<LifespanValue>): Promise<PromptResult>;
  complete(completion: Parameters<typeof completed>[1], context: Context<LifespanValue>): ReturnType<typeof completed>;
}

export function promptPart<Arguments extends PromptArguments, LifespanValue>(
  name: string,
  options: PromptOptions<Arguments, LifespanValue>,
  handler: PromptHandler<Arguments, LifespanValue>,
  { compiler }: { readonly compiler: SchemaCompiler },
): PromptPart<LifespanValue> {
  checkCall('prompt', name, options, handler);
  // Its arguments may have any type.
  checked(options as PromptOptions<DeclaredArguments, never>, `The prompt "${name}"`);
  const { title, description, icons, _meta, complete = {} } = options;
  const { listed, check } = checkedArguments(name, options.arguments, compiler);
  return {
    listed: Object.freeze({
      name,
      ...defined({ title, description, icons, _meta }),
      ...(listed.length > 0 && { arguments: listed }),
    }),
    async get(given, context) {
      const outcome = await check(given);
      if (outcome.violations) {
        throw new ProviderError('INVALID_ARGUMENTS', `Prompt "${name}": ${violationText(outcome.violations)}.`);
      }
      // Validation has made sure that the value has the declared type.
      return promptResult(name, await handler(outcome.value as PromptValues<Arguments>, context));
    },
    complete: (completion, context) => completed(complete, completion, context),
  };
}

function promptResult(name: string, returned: PromptReturn): PromptResult {
  if (typeof returned === 'object' && returned !== null && 'messages' in returned) return returned;
  const parts: readonly (string | ContentBlock | Message)[] = Array.isArray(returned) ? returned : [returned];
  return { messages: parts.map((part) => message(name, part)) };
}

function message(name: string, part: string | ContentBlock | Message): Message {
  if (typeof part === 'string') return { role: 'user', content: textBlock(part) };
  if (isContentBlock(part)) return { role: 'user', content: part };
  if (typeof part === 'object' && part !== null && 'role' in part && isContentBlock(part.content)) return part;
  throw new OptionError(
    `The prompt "${name}" did not return a message: return text, a content block or { role, content }, or a list of them.`,
  );
}
