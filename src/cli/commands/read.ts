import { failureKind } from '../../client/failure-kind.ts';
import type { McpClient } from '../../client/index.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { messageOf } from '../../runtime/errors.ts';
import { outcomeOf } from '../../runtime/outcome.ts';
import { nearest } from '../../runtime/text/nearest.ts';
import type { CallWords } from '../client/arguments/call-words.ts';
import { exitOfAnswer } from '../client/ending.ts';
import { outOf } from '../client/print/out.ts';
import { contentsParts, notesIn } from '../client/print/parts.ts';
import { safeFileName } from '../client/print/safe-file-name.ts';
import { showParts } from '../client/print/show-parts.ts';
import { useClient } from '../client/use-client.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { commandText } from '../output/command-text.ts';
import { CommandError, EXIT, type ExitCode, print, tell, usageError } from '../output/report.ts';

/** `openapi-mcp read`: reads one resource. */
export async function read(
  { name: uri, given, ...words }: CallWords,
  line: CommandLine<FlagsOf<'read'>>,
): Promise<ExitCode> {
  if (given.length > 0) throw usageError(`"${given[0]}" is an extra argument.`, 'Pass one resource.');
  const { json, out: path } = line.flags;
  const out = path === undefined ? undefined : outOf(path);
  return useClient(words, line, async ({ client, targetText, signal, listen, progress }) => {
    const { onProgress } = progress;
    listen();
    const reading = client.readResource(uri, { signal, ...(onProgress && { onProgress }) });
    const result = await reading.catch(async (error: unknown) => {
      if (signal.aborted || failureKind(error) !== 'unknown') throw error;
      throw new CommandError(
        EXIT.document,
        await unknownUri(uri, error, client),
        `${commandText('list', targetText)} lists what is available.`,
      );
    });
    progress.clear();
    if (json) print(JSON.stringify(result));
    else {
      showParts(contentsParts(result.contents), { out, name: nameOf(uri) });
      for (const note of notesIn(result.contents)) tell(note);
    }
    return exitOfAnswer(outcomeOf(result));
  });
}

async function unknownUri(uri: string, error: unknown, client: McpClient): Promise<string> {
  const uris = (await client.listResources()).map((resource) => resource.uri);
  const close = nearest(uri, uris);
  return `${messageOf(error).replace(/\.?$/, '.')}${close === undefined ? '' : ` Did you mean ${close}?`}`;
}

const nameOf = (uri: string): string =>
  safeFileName(
    uri
      .replace(/[?#].*$/s, '')
      .split('/')
      .at(-1) ?? '',
  );
