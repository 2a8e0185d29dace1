import { CLIENTS, type ClientName } from '../../install/clients.ts';
import { discover } from '../../install/discover.ts';
import { applyUninstall, type InstallPlace, planUninstall } from '../../install/installation.ts';
import type { FlagsOf } from '../../options/flags.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { EXIT, type ExitCode, printResult, usageError } from '../output/report.ts';
import { places } from '../process/places.ts';
import { installPlace, knownClient, printDiff } from './install.ts';

/** `openapi-mcp uninstall`: removes a server from the config files of MCP clients, by default from all of them. */
export async function uninstall(name: string, { flags }: CommandLine<FlagsOf<'uninstall'>>): Promise<ExitCode> {
  const found = await placesOf(name, flags);
  const removed: { readonly client: ClientName; readonly path: string }[] = [];
  for (const { client, place } of found) {
    const plan = await planUninstall(place);
    if (!plan) continue;
    if (plan.foreign && !flags.replace) {
      throw usageError(
        `"${name}" in ${place.path} was not installed by openapi-mcp.`,
        'Remove it all the same with --replace.',
      );
    }
    removed.push({ client, path: place.path });
    if (!flags.dryRun) applyUninstall(place, plan);
    else if (!flags.json) await printDiff(plan);
  }
  if (removed.length === 0) {
    throw usageError(`No client has a server "${name}".`, 'openapi-mcp discover lists what there is.');
  }
  printResult(flags.json, removed, () =>
    flags.dryRun ? [] : removed.map(({ client, path }) => `Removed "${name}" from ${CLIENTS[client].title}: ${path}`),
  );
  return EXIT.ok;
}

interface Found {
  readonly client: ClientName;
  readonly place: InstallPlace;
}

async function placesOf(name: string, flags: FlagsOf<'uninstall'>): Promise<readonly Found[]> {
  if (flags.client.length > 0) {
    return flags.client.map((text) => {
      const client = knownClient(text);
      if (client !== 'mcp-json') return { client, place: installPlace(client, name, flags) };
      throw usageError('mcp-json has no config file.', 'Pass the client that you gave the entry to.');
    });
  }
  if (flags.configPath !== undefined) {
    throw usageError('--config-path needs the client.', 'Pass --client as well.');
  }
  const { servers } = await discover(places());
  return servers
    .filter((server) => server.name === name && server.installed && (!flags.project || server.scope === 'project'))
    .map(({ client, scope }) => ({ client, place: installPlace(client, name, { project: scope === 'project' }) }));
}
