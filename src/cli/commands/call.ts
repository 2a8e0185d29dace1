import { ResultMismatch } from '../../client/index.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { EXACT_INTEGERS_KEY } from '../../runtime/api/arguments/exact-json.ts';
import { callContext } from '../../runtime/call-context.ts';
import { curlText } from '../../runtime/curl-text.ts';
import { outcomeOf } from '../../runtime/outcome.ts';
import { type PreviewedRequest, previewCall } from '../../runtime/preview.ts';
import type { Provider, ToolCall, ToolResult } from '../../runtime/provider.ts';
import type { CallWords } from '../client/arguments/call-words.ts';
import { known } from '../client/arguments/known-name.ts';
import { toolArguments } from '../client/arguments/tool-arguments.ts';
import { exitOfAnswer, exitOfOutcome } from '../client/ending.ts';
import { outOf } from '../client/print/out.ts';
import { notesIn, resultParts } from '../client/print/parts.ts';
import { showParts } from '../client/print/show-parts.ts';
import { useClient } from '../client/use-client.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { commandText, shellWord } from '../output/command-text.ts';
import { EXIT, type ExitCode, ink, print, tell, usageError } from '../output/report.ts';

/** `openapi-mcp call`: calls one tool. The exit code reflects the outcome. */
export async function call(
  { name, given, ...words }: CallWords,
  line: CommandLine<FlagsOf<'call'>>,
): Promise<ExitCode> {
  const { json, out: path, args, curl } = line.flags;
  const out = path === undefined ? undefined : outOf(path);
  return useClient(words, line, async ({ client, provider, targetText, down, signal, listen, progress }) => {
    const tools = await client.listTools({ signal });
    const tool = known(name, tools, {
      kind: 'tool',
      down: down(),
      help: `${commandText('list', targetText)} lists what is available.`,
    });
    const { values, exactIntegers } = await toolArguments(tool, {
      words: given,
      args,
      help: `${commandText('list', targetText, shellWord(name))} shows its arguments.`,
    });
    if (curl) return printRequest(provider, { name, arguments: values }, { json, exactIntegers });
    const { onProgress } = progress;
    listen();
    const result = await fitting(
      client.callTool(name, values, { signal, exactIntegers, ...(onProgress && { onProgress }) }),
    );
    progress.clear();
    if (json) print(JSON.stringify(result.answer));
    else if (!result.answer.isError) showParts(resultParts(result.answer, name), { out, name });
    else tellFailure(result.answer);
    if (!json) for (const note of notesIn(result.answer.content)) tell(note);
    if (result.answer.isError) return exitOfOutcome(outcomeOf(result.answer));
    if (result.misfit !== undefined) tell(`${ink(process.stderr).red('error:')} ${result.misfit}`);
    return result.misfit === undefined ? exitOfAnswer(outcomeOf(result.answer)) : EXIT.document;
  });
}

/** A result that does not match the output schema is still shown. */
async function fitting(calling: Promise<ToolResult>): Promise<{ answer: ToolResult; misfit?: string }> {
  try {
    return { answer: await calling };
  } catch (error) {
    if (error instanceof ResultMismatch) return { answer: error.result, misfit: error.message };
    throw error;
  }
}

/** Prints the request of a call that is not made. */
async function printRequest(
  provider: Provider | undefined,
  call: ToolCall,
  { json, exactIntegers }: { readonly json: boolean; readonly exactIntegers: readonly string[] },
): Promise<ExitCode> {
  if (!provider) {
    throw usageError(
      '--curl shows a request to an API, but this server runs elsewhere and makes its own.',
      'Pass the OpenAPI document of the API.',
    );
  }
  const meta = exactIntegers.length === 0 ? {} : { meta: { [EXACT_INTEGERS_KEY]: exactIntegers } };
  const previewed = await previewCall(provider, call, callContext(meta));
  if ('request' in previewed) {
    print(json ? JSON.stringify(jsonRequest(previewed.request)) : curlText(previewed.request));
    return EXIT.ok;
  }
  if (json) print(JSON.stringify(previewed.result));
  else tellFailure(previewed.result);
  return exitOfOutcome(outcomeOf(previewed.result));
}

/** A body that is not text is `{ base64 }`. */
const jsonRequest = ({ body, ...request }: PreviewedRequest) => ({
  ...request,
  ...(body !== undefined && {
    body: typeof body === 'string' ? body : { base64: Buffer.from(body).toString('base64') },
  }),
});

/** With the code of the error, for `explain`. */
function tellFailure(result: ToolResult): void {
  tell(`${ink(process.stderr).red('error:')} ${errorText(result)}`);
  const outcome = outcomeOf(result);
  const code = outcome?.error ?? (outcome?.status === undefined ? undefined : 'HTTP_STATUS');
  if (code !== undefined) tell(`  See: ${commandText('explain', code)}`);
}

function errorText(result: ToolResult): string {
  const texts = resultParts(result, 'error').flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  return texts.join('\n').replaceAll('\n', '\n  ') || 'The tool failed without an error message.';
}
