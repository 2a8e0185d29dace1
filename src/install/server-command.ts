/** How a client starts a server. */
export interface ServerCommand {
  /** Its name in the config file. */
  readonly name: string;
  /** Absolute path of the program. */
  readonly command: string;
  readonly args: readonly string[];
  /** Environment variables that the client passes on. Their values never stand in the file. */
  readonly variables: readonly string[];
}

/** A server as a config file writes it. */
export type Entry = Readonly<Record<string, unknown>>;
