import { framesOf, isOurs, placeOf, shownPath } from './error-place.ts';

/** Nothing is left that the process could wait for, and the run has not ended. */
export class UnendingRun extends Error {
  override readonly name = 'UnendingRun';
}

interface Run {
  /** The module, absolute. */
  readonly path: string;
  readonly giveUp: () => void;
}

const running = new Set<Run>();

/**
 * Waits for something that a module does. Where the module ends the process meanwhile, or later, that is told on stderr:
 * whoever started the process would not know why it has gone.
 *
 * @param path the module, absolute
 * @throws UnendingRun where it can never end: Node would go without a word, with 13
 */
export async function whileRunning<T>(path: string, act: () => Promise<T>): Promise<T> {
  if (!process.listeners('exit').includes(tellEnd)) process.on('exit', tellEnd).on('beforeExit', giveUp);
  let run: Run | undefined;
  const stuck = new Promise<never>((_, reject) => {
    run = { path, giveUp: () => reject(new UnendingRun()) };
    running.add(run);
  });
  try {
    return await Promise.race([act(), stuck]);
  } finally {
    if (run) running.delete(run);
  }
}

function giveUp(): void {
  for (const run of running) run.giveUp();
}

/** `process.exit()` calls its listeners itself, so the stack says who has called it. */
function tellEnd(code: number): void {
  const end = new Error();
  const lines = (end.stack ?? '').split('\n');
  const call = lines.findIndex((line) => /^\s+at process\.exit /.test(line));
  const [caller] = framesOf({ stack: lines.slice(call + 1).join('\n') });
  if (call < 0 || caller === undefined || isOurs(caller.file)) return;
  const isStarting = running.size > 0;
  // A server that is told to end may end itself: that needs no words.
  if (!isStarting && code === 0) return;
  const place = placeOf(end);
  const who = isStarting ? [...running].map(({ path }) => shownPath(path)).join(' or ') : 'A module';
  const where = place === undefined ? '' : ` at ${place}`;
  process.stderr.write(`error: ${who} called process.exit(${code})${where}.\n`);
  if (isStarting) process.exitCode = 1;
}
