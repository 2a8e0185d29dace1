import { untilAborted } from '../../runtime/until-aborted.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { EXIT, type ExitCode, tell } from '../output/report.ts';
import type { TargetWords } from '../targets/describe-target.ts';
import { endingOf } from './ending.ts';
import { type Interruption, interruption } from './interruption.ts';
import { type ClientFlags, type OpenClient, openClient } from './open-client.ts';
import { type ProgressLine, progressLine } from './progress-line.ts';

/** What a command can do with its target. */
export interface Use extends Pick<OpenClient, 'client' | 'provider' | 'targetText' | 'down' | 'notStarted'> {
  readonly signal: AbortSignal;
  /** Call before starting anything that must be cancelled on the server. */
  readonly listen: Interruption['listen'];
  readonly progress: ProgressLine;
}

/** Opens the target, runs the command, and closes the target again. An interruption cancels what is running. */
export async function useClient(
  words: TargetWords,
  line: CommandLine<ClientFlags>,
  act: (use: Use) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { signal, interrupt, listen } = interruption();
  const progress = progressLine(process.stderr);
  let opened: OpenClient | undefined;
  try {
    opened = await untilAborted(openClient(words, line, { progress, interrupt, listen }), signal);
    return await act({ ...opened, signal, listen, progress });
  } catch (error) {
    if (!signal.aborted) throw endingOf(error, { sendsCredential: opened?.sendsCredential ?? false });
    progress.clear();
    if (opened === undefined) {
      tell('Interrupted.');
      return EXIT.interrupted;
    }
    tell('Interrupted. The call was cancelled on the server.');
    // The cancellation is being sent, and closing the connection would drop it.
    await new Promise((resolve) => setTimeout(resolve, LAST_WORD_MS));
    return EXIT.interrupted;
  } finally {
    progress.clear();
    await opened?.close();
  }
}

const LAST_WORD_MS = 100;
