import type { CommandName } from './commands.ts';

/** One line of a table of options. Without `<…>` in `flags` the option is a switch; `--no-x` switches `x` off. */
export interface OptionRow {
  readonly group: 'Document' | 'What is served' | 'API' | 'Login' | 'Serving' | 'Project' | 'Output';
  readonly flags: string;
  readonly description: string;
  readonly commands: readonly CommandName[];
  readonly default?: string | number;
  readonly choices?: readonly string[];
  /** The option is mandatory. */
  readonly required?: true;
  /** May be given several times; the value is a list, empty by default. */
  readonly repeat?: true;
  readonly number?: { readonly min: number; readonly max: number; readonly whole: boolean };
  /** Applies to one API. If several are served, each value is written `<namespace>=<value>`. */
  readonly each?: true;
  /** The config key for this option; absent for options that exist only on the command line. */
  readonly config?: ConfigPlace;
}

export interface ConfigPlace {
  /** `api`: under `apis.<namespace>`. `whole`: at the top level. */
  readonly of: 'api' | 'whole';
  readonly key: string;
  /**
   * How the config file writes it, if different: `map` is an object instead of `name: value` strings, `path` is
   * relative to the folder of the config file, and so is `address` unless it is a URL.
   */
  readonly as?: 'map' | 'path' | 'address';
  /** Description for the config key, if that of the flag does not fit. */
  readonly description?: string;
}
