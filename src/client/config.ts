import { configuredServers } from '../runtime/compose/configured-servers.ts';
import type { ClientTarget } from './target.ts';

/** A client's configuration file, parsed: each entry has a `command` or a `url`. `${VARIABLES}` are not filled in. */
export type ClientConfig =
  | { readonly mcpServers: Readonly<Record<string, unknown>> }
  | { readonly servers: Readonly<Record<string, unknown>> };

/**
 * The targets by name, in order; entries of a configuration with `disabled: true` are left out.
 *
 * @throws OptionError that names the entry which is neither a command nor a URL.
 */
export function targetsOf(
  given: Readonly<Record<string, ClientTarget>> | ClientConfig,
): Readonly<Record<string, ClientTarget>> {
  return isConfig(given) ? configuredServers(given) : given;
}

/** A server may well be called `servers`; its target would then be no object of entries. */
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
