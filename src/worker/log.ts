// biome-ignore-all lint/suspicious/noConsole: the log of a Worker is its console

/** A line in the log of the Worker. */
export const log = (line: string): void => console.log(line);

/** An error that is not reported to a client. */
export const logError = (error: unknown): void =>
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
