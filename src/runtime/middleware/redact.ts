import { isProviderError, messageOf } from '../errors.ts';
import { declareOptions } from '../options/declare-options.ts';
import { outcomeOf, withOutcome } from '../outcome.ts';
import { type ContentBlock, ProviderError, type ResourceContents } from '../provider.ts';
import { ToolError } from '../tool-error.ts';
import type { Answer, Call, Middleware } from './middleware.ts';
import { REDACTION_KINDS, type Redaction, type RedactionOptions, redaction } from './redaction.ts';

const checked = declareOptions<RedactionOptions>('redact()', REDACTION_KINDS);

/**
 * Hides secrets in everything that reaches the client: the values of keys that look like secrets, and given strings
 * wherever they occur, in results, errors, progress and log messages. Binary data (images, files) is not searched.
 *
 * ```ts
 * server.use(redact({ secrets: [token] }));
 * ```
 *
 * @throws OptionError if a secret is shorter than 4 characters
 */
export function redact(options: RedactionOptions = {}): Middleware {
  const hide = redaction(checked(options));
  return async function redact(call, next) {
    try {
      return answerOf(call, await next(shielded(call, hide)), hide);
    } catch (error) {
      throw errorOf(error, hide);
    }
  };
}

/** Messages that the handler sends during the call are searched too. */
function shielded(call: Call, hide: Redaction): Call {
  return {
    ...call,
    progress: (update) =>
      call.progress(update.message === undefined ? update : { ...update, message: hide.text(update.message) }),
    log: (level, data) => call.log(level, typeof data === 'string' ? hide.text(data) : hide.value(data)),
  };
}

function answerOf({ method }: Call, answer: Answer, hide: Redaction): Answer {
  // Schemas in lists contain argument names (`password`), which are not secrets, and a list must stay the same array.
  if (method.endsWith('/list')) return answer;
  const { content, contents, messages, structuredContent, ...rest } = answer as AnyAnswer;
  const shown = {
    ...(hide.value(rest) as object),
    ...(content && { content: content.map((block) => blockOf(block, hide)) }),
    ...(structuredContent !== undefined && { structuredContent: hide.value(structuredContent) }),
    ...(contents && { contents: contents.map((part) => contentsOf(part, hide)) }),
    ...(messages && { messages: messages.map((each) => ({ ...each, content: blockOf(each.content, hide) })) }),
  };
  // Each field keeps its type, so the result does too.
  return shown as unknown as Answer;
}

/** The results of all methods except lists. */
interface AnyAnswer {
  readonly content?: readonly ContentBlock[];
  readonly structuredContent?: unknown;
  readonly contents?: readonly ResourceContents[];
  readonly messages?: readonly { readonly role: string; readonly content: ContentBlock }[];
}

function blockOf(block: ContentBlock, hide: Redaction): ContentBlock {
  switch (block.type) {
    case 'text':
      return { ...block, text: hide.text(block.text) };
    case 'resource':
      return { ...block, resource: contentsOf(block.resource, hide) };
    case 'resource_link':
      // A link has only text fields.
      return hide.value(block) as ContentBlock;
    case 'image':
    case 'audio':
      return block;
  }
}

function contentsOf(part: ResourceContents, hide: Redaction): ResourceContents {
  const uri = hide.text(part.uri);
  return 'text' in part ? { ...part, uri, text: hide.text(part.text) } : { ...part, uri };
}

/** The same error with another message; only errors for the client have one that it sees. */
function errorOf(error: unknown, hide: Redaction): unknown {
  const message = messageOf(error);
  const shown = hide.text(message);
  if (shown === message) return error;
  const copy = isProviderError(error) ? new ProviderError(error.code, shown) : new ToolError(shown);
  return withOutcome(copy, outcomeOf(error));
}
