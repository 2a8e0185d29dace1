import type { CallOptions } from '../../client/index.ts';
import { onOneLine } from '../output/for-terminal.ts';
import { type StageLine, stageLine } from '../output/stage-line.ts';

export interface ProgressLine extends StageLine {
  readonly onProgress?: NonNullable<CallOptions['onProgress']>;
}

/** Shows the progress of a call on one line of the terminal. Does nothing if stderr is not a terminal. */
export function progressLine(stream: NodeJS.WriteStream): ProgressLine {
  const line = stageLine(stream);
  return stream.isTTY ? { ...line, onProgress: (progress) => line.say(progressText(progress)) } : line;
}

type Progress = Parameters<NonNullable<CallOptions['onProgress']>>[0];

/** `40 % fetching`, `3 fetching` */
export function progressText({ progress, total, message = '' }: Progress): string {
  const far = total ? `${Math.round((100 * progress) / total)} %` : String(progress);
  // Text from a server must not move the cursor.
  return `${far} ${onOneLine(message)}`.trim();
}
