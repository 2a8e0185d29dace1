import { untilAborted } from '../../runtime/until-aborted.ts';
import type { ApiFlags, CommandLine, ExecFlags } from '../options.ts';
import { EXIT, type ExitCode, tell } from '../report.ts';
import type { TargetWords } from '../targets/describe-target.ts';
import { endingOf } from './ending.ts';
import { type Interruption, interruption } from './interruption.ts';
import { type OpenClient, openClient } from './open-client.ts';
import { type ProgressLine, progressLine } from './progress-line.ts';

/** What a command may do with the target that it named. */
export interface Use extends Pick<OpenClient, 'client' | 'targetText' | 'down' | 'notStarted'> {
  readonly signal: AbortSignal;
  /** To be called before what has to be cancelled at the server. */
  readonly listen: Interruption['listen'];
  readonly progress: ProgressLine;
}

/** Opens the target, does something with it, and closes it again; an interruption cancels what is under way. */
export async function useClient(
  words: TargetWords,
  line: CommandLine<Partial<ApiFlags & ExecFlags>>,
  act: (use: Use) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { signal, interrupt, listen } = interruption();
  const progress = progressLine(process.stderr);
  let opened: OpenClient | undefined;
  try {
    opened = await untilAborted(openClient(words, line, { progress, interrupt, listen }), signal);
    const { client, targetText, down, notStarted } = opened;
    return await act({ client, targetText, down, notStarted, signal, listen, progress });
  } catch (error) {
    if (!signal.aborted) throw endingOf(error, { sendsCredential: opened?.sendsCredential ?? false });
    progress.clear();
    if (opened === undefined) {
      tell('Interrupted.');
      return EXIT.interrupted;
    }
    tell('Interrupted. The call was cancelled on the server.');
    // The word of it is on its way, and closing the connection would cut it off.
    await new Promise((resolve) => setTimeout(resolve, LAST_WORD_MS));
    return EXIT.interrupted;
  } finally {
    progress.clear();
    await opened?.close();
  }
}

const LAST_WORD_MS = 100;
