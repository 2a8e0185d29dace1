import type { CallOptions } from '../../client/index.ts';
import { onOneLine } from '../output/for-terminal.ts';

export interface ProgressLine {
  readonly onProgress?: NonNullable<CallOptions['onProgress']>;
  /** Replaces the line. */
  say(text: string): void;
  /** Erases the line, so that other output can take its place. */
  clear(): void;
}

/** Shows the progress of a call on one line of the terminal. Does nothing if stderr is not a terminal. */
export function progressLine(stream: NodeJS.WriteStream): ProgressLine {
  if (!stream.isTTY) return { say: () => {}, clear: () => {} };
  let shown = false;
  const say = (text: string) => {
    shown = true;
    stream.write(`${CLEAR}${text.slice(0, (stream.columns || 80) - 1)}`);
  };
  return {
    say,
    onProgress: (progress) => say(progressText(progress)),
    clear() {
      if (shown) stream.write(CLEAR);
      shown = false;
    },
  };
}

/** Return to the start of the line and erase it (ECMA-48 EL). */
const CLEAR = '\r\u001b[K';

type Progress = Parameters<NonNullable<CallOptions['onProgress']>>[0];

/** `40 % fetching`, `3 fetching` */
export function progressText({ progress, total, message = '' }: Progress): string {
  const far = total ? `${Math.round((100 * progress) / total)} %` : String(progress);
  // Text from a server must not move the cursor.
  return `${far} ${onOneLine(message)}`.trim();
}
