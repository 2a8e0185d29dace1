import { existsSync } from 'node:fs';
import { isClientName } from '../../install/clients.ts';
import { type DiscoveredServer, discover } from '../../install/discover.ts';
import type { RemoteCommand, RemoteUrl } from '../../runtime/compose/remote.ts';
import { suggestion } from '../../runtime/text/nearest.ts';
import type { Environment } from '../flags/environment.ts';
import { usageError } from '../output/report.ts';
import { places } from '../process/places.ts';
import type { TargetWords } from '../targets/describe-target.ts';
import { filled } from './client-config.ts';

/**
 * The server of an MCP client that the target names, as `discover` lists it: `cursor:pet-shop`, or `pet-shop` if there is
 * no file of that name.
 *
 * @returns `undefined` if the target means something else
 * @throws CommandError if the client has no such server, several have one, or a variable of it is missing
 */
export async function discoveredTarget(
  { targets, command }: TargetWords,
  environment: Environment,
): Promise<RemoteCommand | RemoteUrl | undefined> {
  const [word, ...others] = targets;
  if (word === undefined || others.length > 0 || command !== undefined) return undefined;
  const [, client, name] = /^(?:([a-z-]+):)?([\w.-]+)$/.exec(word) ?? [];
  if (name === undefined || (client !== undefined && !isClientName(client)) || existsSync(word)) return undefined;
  const { servers } = await discover(places());
  const ofClient = servers.filter((server) => client === undefined || server.client === client);
  const found = ofClient.filter((server) => server.name === name);
  const [first, ...more] = found;
  if (!first) {
    if (client === undefined) return undefined;
    const names = ofClient.map((server) => server.name);
    throw usageError(`${client} has no server "${name}".`, suggestion(name, names));
  }
  if (client === undefined && more.some((server) => !isSame(server, first))) {
    const all = found.map((server) => `${server.client}:${name}`).join(', ');
    throw usageError(`Several clients have a server "${name}".`, `Write one of: ${all}`);
  }
  return addressOf(first, environment);
}

const isSame = (one: DiscoveredServer, other: DiscoveredServer): boolean =>
  JSON.stringify(one.start) === JSON.stringify(other.start);

function addressOf({ client, name, path, start }: DiscoveredServer, environment: Environment) {
  if (start.kind === 'unknown') {
    throw usageError(`"${name}" of ${client} has neither a command nor a URL.`, `Check ${path}.`);
  }
  const { kind: _, ...address } = start;
  // Filling in variables keeps the form.
  return filled(address, `"${name}" in ${path}`, environment) as RemoteCommand | RemoteUrl;
}
