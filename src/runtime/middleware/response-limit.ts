import { note } from '../note.ts';
import { declareOptions } from '../options/declare-options.ts';
import { number, required } from '../options/option-kinds.ts';
import { COUNT } from '../options/option-range.ts';
import type { ContentBlock, ToolResult } from '../provider.ts';
import { byteLength } from '../text/byte-length.ts';
import { cutText } from '../text/cut-text.ts';
import { toolsByName } from '../tools-by-name.ts';
import type { Answer, Call, Middleware, Next } from './middleware.ts';
import { refused } from './refused.ts';
import { isList, subject } from './subject.ts';

export interface ResponseLimitOptions {
  /** Maximum size of one result in bytes. */
  readonly maxBytes: number;
}

const checked = declareOptions<ResponseLimitOptions>(
  'responseLimit()',
  { maxBytes: required(number(COUNT)) },
  {
    hints: { maxSize: 'Write "maxBytes".', limit: 'Write "maxBytes".' },
    example: 'responseLimit({ maxBytes: 100_000 })',
  },
);

/**
 * Limits the size of results. A longer tool result is cut, and says so: first `structuredContent` is dropped, then text
 * is cut; other content is dropped entirely. If the tool has an output schema, the result becomes a failure with the
 * beginning of the text. Resources and prompts are rejected, because part of one is useless.
 *
 * Results of APIs already have a limit (`--max-result`) that cuts them more carefully; this is for everything else.
 *
 * ```ts
 * server.use(responseLimit({ maxBytes: 100_000 }));
 * ```
 *
 * @throws OptionError if `maxBytes` is not an integer of at least 1
 */
export function responseLimit(options: ResponseLimitOptions): Middleware {
  const { maxBytes } = checked(options);
  return async function responseLimit(call, next) {
    const answer = await next(call);
    if (isList(call.method)) return answer;
    const size = sizeOf(answer);
    if (size <= maxBytes) return answer;
    const said = `${subject(call)} returned ${grouped(size)} bytes; the limit is ${grouped(maxBytes)}.`;
    if (call.method !== 'tools/call') return refused(call, said, { error: 'ANSWER_TOO_LARGE' });
    return cut(call, next, { result: answer as ToolResult, maxBytes, said });
  };
}

async function cut(
  call: Call<'tools/call'>,
  next: Next,
  { result, maxBytes, said }: { readonly result: ToolResult; readonly maxBytes: number; readonly said: string },
): Promise<ToolResult> {
  const { structuredContent: _, content, ...rest } = result;
  const whole = sizeOf({ content }) <= maxBytes;
  const blocks = whole ? content : fitting(content, maxBytes);
  const told = `${said} ${whole ? 'Structured content is omitted; the text is complete.' : 'The rest is omitted: request less data.'}`;
  const promised = result.structuredContent !== undefined && (await hasOutputSchema(call, next));
  return {
    ...rest,
    content: [...blocks, note(told)],
    // Without the required structured content, clients accept only a failure (MCP, tools: output schema).
    ...(promised && { isError: true }),
  };
}

function fitting(content: readonly ContentBlock[], maxBytes: number): readonly ContentBlock[] {
  let left = maxBytes;
  return content.flatMap((block): ContentBlock[] => {
    const size = sizeOf(block);
    if (size <= left) {
      left -= size;
      return [block];
    }
    if (block.type !== 'text') return [];
    const text = cutText(block.text, left);
    left = 0;
    return text === '' ? [] : [{ ...block, text }];
  });
}

async function hasOutputSchema(call: Call<'tools/call'>, next: Next): Promise<boolean> {
  const tools = await next({ ...call, method: 'tools/list', params: {} });
  return toolsByName(tools).get(call.params.name)?.outputSchema !== undefined;
}

/** The size of everything that a reader receives: texts as they are, anything else as JSON. */
function sizeOf(answer: Answer | ContentBlock | Pick<ToolResult, 'content'>): number {
  if ('text' in answer) return byteLength(answer.text);
  if (!('content' in answer)) return byteLength(JSON.stringify(answer));
  const { content, structuredContent } = answer as ToolResult;
  const structured = structuredContent === undefined ? 0 : byteLength(JSON.stringify(structuredContent));
  return content.reduce((sum, block) => sum + sizeOf(block), structured);
}

const grouped = (value: number): string => value.toLocaleString('en');
