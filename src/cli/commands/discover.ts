import { CLIENTS } from '../../install/clients.ts';
import { type DiscoveredServer, discover, type ServerStart } from '../../install/discover.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { publicAddress } from '../../parse/public-address.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { EXIT, type ExitCode, printResult, tell } from '../output/report.ts';
import { table } from '../output/table.ts';
import { places } from '../process/places.ts';

/** `openapi-mcp discover`: the servers that the MCP clients of this computer are configured with. */
export async function discoverServers({ flags }: CommandLine<FlagsOf<'discover'>>): Promise<ExitCode> {
  const { servers, unreadable } = await discover(places());
  for (const { client, message } of unreadable) tell(`${CLIENTS[client].title}: ${message}`);
  const shown = servers.map((server) => ({ ...server, start: withoutSecrets(server.start) }));
  printResult(flags.json, { servers: shown, unreadable }, () => lines(shown));
  return EXIT.ok;
}

function lines(servers: readonly DiscoveredServer[]): string[] {
  if (servers.length === 0) return ['No MCP client of this computer has any servers.'];
  const rows = servers.map(({ client, scope, name, start, installed }) => [
    `${client}:${name}`,
    scope,
    installed ? 'openapi-mcp' : '',
    startText(start),
  ]);
  return table(['target', 'scope', 'installed by', 'starts'], rows);
}

function startText(start: ServerStart): string {
  switch (start.kind) {
    case 'command':
      return [start.command, ...start.args].join(' ');
    case 'url':
      return start.url;
    case 'unknown':
      return '(neither a command nor a URL)';
  }
}

/** Other programs may be configured with secrets in arguments, variables and URLs. */
function withoutSecrets(start: ServerStart): ServerStart {
  switch (start.kind) {
    case 'command': {
      const args = start.args.map((arg, index) => (isSecret(arg, start.args[index - 1]) ? '…' : publicAddress(arg)));
      return { ...start, args, env: hidden(start.env) };
    }
    case 'url':
      return { ...start, url: publicAddress(start.url), headers: hidden(start.headers) };
    case 'unknown':
      return start;
  }
}

const SECRET = /key|token|secret|password|auth|header|bearer/i;

/** A value after `--api-key`, or behind `--api-key=`. */
function isSecret(arg: string, before: string | undefined): boolean {
  if (arg.startsWith('-')) return arg.includes('=') && SECRET.test(arg.slice(0, arg.indexOf('=')));
  if (before?.startsWith('-') && !before.includes('=') && SECRET.test(before)) return true;
  return /^[A-Za-z0-9_-]*(?:sk|ghp|xox|pat)[_-][A-Za-z0-9_-]{16,}$/.test(arg);
}

const hidden = (values: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.keys(values).map((name) => [name, '…']));
