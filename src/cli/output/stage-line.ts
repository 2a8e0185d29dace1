/** One line on the terminal about what a command is doing. */
export interface StageLine {
  /** Replaces the line. */
  say(text: string): void;
  /** Erases the line, so that other output can take its place. */
  clear(): void;
}

/** Does nothing if the stream is not a terminal. */
export function stageLine(stream: NodeJS.WriteStream = process.stderr): StageLine {
  if (!stream.isTTY) return { say: () => {}, clear: () => {} };
  let shown = false;
  return {
    say(text) {
      shown = true;
      stream.write(`${CLEAR}${text.slice(0, (stream.columns || 80) - 1)}`);
    },
    clear() {
      if (shown) stream.write(CLEAR);
      shown = false;
    },
  };
}

/** Return to the start of the line and erase it (ECMA-48 EL). */
const CLEAR = '\r\u001b[K';
