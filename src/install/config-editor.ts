import type { Entry } from './server-command.ts';

/** The place of a server in a config file. */
export interface ServerPlace {
  /** The key of the servers. */
  readonly key: string;
  /** The servers are a list of objects with a `name`. */
  readonly list: boolean;
  readonly name: string;
}

/** Edits of one format. Everything that is not about the server stays as it is, byte for byte. */
export interface ConfigEditor {
  /** The value of a text; an empty text is an empty object. @throws Error with the place of a syntax error */
  parse(text: string): unknown;
  /** Adds or replaces the server; `undefined` if the text is written in a form that cannot be extended. */
  put(text: string, place: ServerPlace, entry: Entry): string | undefined;
  remove(text: string, place: ServerPlace): string | undefined;
}
