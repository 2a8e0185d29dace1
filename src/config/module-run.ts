import { framesOf, isOurs, placeOf } from './error-place.ts';
import { shownPath } from './shown-path.ts';

/** The event loop is empty, but the run has not finished. */
export class UnendingRun extends Error {
  override readonly name = 'UnendingRun';
}

interface Run {
  /** The absolute path of the module. */
  readonly path: string;
  readonly giveUp: () => void;
}

const running = new Set<Run>();

/**
 * Waits for a module. If the module exits the process, now or later, reports it on stderr: otherwise nobody would know
 * why the process ended.
 *
 * @param path absolute
 * @throws UnendingRun if it can never finish, where Node would exit silently with 13
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

/** `process.exit()` calls its listeners synchronously, so the stack shows the caller. */
function tellEnd(code: number): void {
  const end = new Error();
  const lines = (end.stack ?? '').split('\n');
  const call = lines.findIndex((line) => /^\s+at process\.exit /.test(line));
  const [caller] = framesOf({ stack: lines.slice(call + 1).join('\n') });
  if (call < 0 || caller === undefined || isOurs(caller.file)) return;
  const isStarting = running.size > 0;
  // A server that has been signalled may exit by itself, without a message.
  if (!isStarting && code === 0) return;
  const place = placeOf(end);
  const who = isStarting ? [...running].map(({ path }) => shownPath(path)).join(' or ') : 'A module';
  const where = place === undefined ? '' : ` at ${place}`;
  process.stderr.write(`error: ${who} called process.exit(${code})${where}.\n`);
  if (isStarting) process.exitCode = 1;
}
