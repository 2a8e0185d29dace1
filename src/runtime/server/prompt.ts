import { type ContentBlock, type Icon, type Prompt, type PromptResult, ProviderError } from '../provider.ts';
import { type Completers, completed } from './completion.ts';
import { isContentBlock, text } from './content.ts';
import type { Context } from './context.ts';
import { checkName } from './name.ts';

/** The arguments of a prompt. MCP gives all of them as strings. */
export type PromptArguments = Readonly<Record<string, { readonly description?: string; readonly required?: boolean }>>;

export interface PromptOptions<Arguments extends PromptArguments, LifespanValue> {
  readonly title?: string;
  readonly description?: string;
  readonly icons?: readonly Icon[];
  readonly _meta?: Readonly<Record<string, unknown>>;
  readonly arguments?: Arguments;
  /** Values that complete an argument. */
  readonly complete?: Completers<keyof Arguments & string, LifespanValue>;
}

/** Required arguments are there; the others may be. */
export type PromptValues<Arguments extends PromptArguments> = {
  readonly [Name in keyof Arguments]: Arguments[Name] extends { readonly required: true } ? string : string | undefined;
};

type Message = PromptResult['messages'][number];

/** A string or content block is one message of the user; or messages; or the whole result. */
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
): PromptPart<LifespanValue> {
  checkName('prompt', name);
  if (typeof handler !== 'function') throw new TypeError(`The prompt "${name}" has no handler.`);
  const { title, description, icons, _meta, complete = {} } = options;
  const declared: PromptArguments = options.arguments ?? {};
  const listedArguments = Object.entries(declared).map(([argument, { description, required }]) => ({
    name: argument,
    ...(description !== undefined && { description }),
    ...(required !== undefined && { required }),
  }));
  return {
    listed: Object.freeze({
      name,
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
      ...(icons && { icons }),
      ...(_meta && { _meta }),
      ...(listedArguments.length > 0 && { arguments: listedArguments }),
    }),
    async get(given, context) {
      checkArguments(name, declared, given);
      // What the check has let through has the shape of the declaration.
      return promptResult(name, await handler(given as PromptValues<Arguments>, context));
    },
    complete: (completion, context) => completed(complete, completion, context),
  };
}

function checkArguments(name: string, declared: PromptArguments, given: Readonly<Record<string, string>>): void {
  const missing = Object.keys(declared).filter((key) => declared[key]?.required && !Object.hasOwn(given, key));
  const unknown = Object.keys(given).filter((key) => !Object.hasOwn(declared, key));
  // The caller may give as many as it likes.
  const told = unknown.slice(0, MOST_TOLD);
  const wrong = [
    ...missing.map((key) => `"${key}" is missing`),
    ...told.map((key) => `"${key}" is unknown (it takes ${Object.keys(declared).join(', ') || 'no arguments'})`),
  ];
  if (unknown.length > told.length) wrong.push(`and ${unknown.length - told.length} more are unknown`);
  if (wrong.length > 0) throw new ProviderError('INVALID_ARGUMENTS', `Prompt "${name}": ${wrong.join('; ')}.`);
}
const MOST_TOLD = 20;

function promptResult(name: string, returned: PromptReturn): PromptResult {
  if (typeof returned === 'object' && returned !== null && 'messages' in returned) return returned;
  const parts: readonly (string | ContentBlock | Message)[] = Array.isArray(returned) ? returned : [returned];
  return { messages: parts.map((part) => message(name, part)) };
}

function message(name: string, part: string | ContentBlock | Message): Message {
  if (typeof part === 'string') return { role: 'user', content: text(part) };
  if (isContentBlock(part)) return { role: 'user', content: part };
  if (typeof part === 'object' && part !== null && 'role' in part && isContentBlock(part.content)) return part;
  throw new TypeError(
    `The prompt "${name}" returned what is no message: return text, a content block or { role, content }, or a list of them.`,
  );
}
