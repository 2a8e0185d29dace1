import { configuredServers } from '../runtime/compose/configured-servers.ts';
import type { ClientTarget } from './target.ts';

/** A parsed client configuration file: each entry has a `command` or a `url`. `${VARIABLES}` are not filled in. */
export type ClientConfig =
  | { readonly mcpServers: Readonly<Record<string, unknown>> }
  | { readonly servers: Readonly<Record<string, unknown>> };

/**
 * The targets by name, in order. Entries of a configuration with `disabled: true` are skipped.
 *
 * @throws OptionError that names an entry with neither a command nor a URL
 */
export function targetsOf(
  given: Readonly<Record<string, ClientTarget>> | ClientConfig,
): Readonly<Record<string, ClientTarget>> {
  return isConfig(given) ? configuredServers(given) : given;
}

/** A server may itself be called `servers`; then the value is a target, not an object of entries. */
function isConfig(given: object): given is ClientConfig {
  const { mcpServers, servers } = given as { readonly mcpServers?: unknown; readonly servers?: unknown };
  return [mcpServers, servers].some(
    (entries) =>
      typeof entries === 'object' &&
      entries !== null &&
      !(entries instanceof URL) &&
      !['url', 'command', 'provider', 'serve'].some((key) => key in entries),
  );
}
