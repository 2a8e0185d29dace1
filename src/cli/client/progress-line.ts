import type { CallOptions } from '../../client/index.ts';
import { onOneLine } from '../for-terminal.ts';

export interface ProgressLine {
  readonly onProgress?: NonNullable<CallOptions['onProgress']>;
  /** A text in its place. */
  say(text: string): void;
  /** Takes the line away, so that what follows stands in its place. */
  clear(): void;
}

/** How far a call is, on one line of the terminal that is written over; nothing where stderr is none. */
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

/** To the start of the line, and erase it (ECMA-48 EL). */
const CLEAR = '\r\u001b[K';

type Progress = Parameters<NonNullable<CallOptions['onProgress']>>[0];

/** `40 % fetching`, `3 fetching` */
export function progressText({ progress, total, message = '' }: Progress): string {
  const far = total ? `${Math.round((100 * progress) / total)} %` : String(progress);
  // A server's words must not move the cursor.
  return `${far} ${onOneLine(message)}`.trim();
}
