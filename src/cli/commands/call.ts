import { ResultMismatch } from '../../client/index.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { outcomeOf } from '../../runtime/outcome.ts';
import type { ToolResult } from '../../runtime/provider.ts';
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
import { EXIT, type ExitCode, ink, print, tell } from '../output/report.ts';

/** `openapi-mcp call`: calls one tool. The exit code reflects the outcome. */
export async function call(
  { name, given, ...words }: CallWords,
  line: CommandLine<FlagsOf<'call'>>,
): Promise<ExitCode> {
  const { json, out: path, args } = line.flags;
  const out = path === undefined ? undefined : outOf(path);
  return useClient(words, line, async ({ client, targetText, down, signal, listen, progress }) => {
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
    const { onProgress } = progress;
    listen();
    const result = await fitting(
      client.callTool(name, values, { signal, exactIntegers, ...(onProgress && { onProgress }) }),
    );
    progress.clear();
    if (json) print(JSON.stringify(result.answer));
    else if (!result.answer.isError) showParts(resultParts(result.answer, name), { out, name });
    else tell(`${ink(process.stderr).red('error:')} ${errorText(result.answer)}`);
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

function errorText(result: ToolResult): string {
  const texts = resultParts(result, 'error').flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  return texts.join('\n').replaceAll('\n', '\n  ') || 'The tool failed without an error message.';
}
