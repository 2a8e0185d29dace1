import type { Client } from '@modelcontextprotocol/client';
import { secretHeaderValues } from '../../api/conceal/secrets-of.ts';
import { OptionError } from '../../options/option-error.ts';
import type { Opened } from './dial-client.ts';
import {
  checkedProcess,
  checkedUrl,
  openProcess,
  type ProcessAddress,
  type UrlAddress,
  urlTransport,
} from './open-transport.ts';

/** A remote MCP server: its address, the command that starts it, or a connected client. */
export type RemoteTarget = string | URL | RemoteUrl | RemoteCommand | Client;

export type RemoteUrl = UrlAddress;
export type RemoteCommand = ProcessAddress;

/** A client that its owner has connected. */
export interface GivenClient {
  readonly label: string;
  readonly client: Client;
}

/** Opens a new connection each time. The transport's code is loaded with the first one. */
export interface Dialer {
  /** The server's name in messages: never an argument, header or query, which may be secret. */
  readonly label: string;
  /** Values that the server receives, by name: headers or variables. */
  readonly sent: readonly (readonly [name: string, value: string])[];
  readonly secrets: readonly string[];
  /** Whether it is a process that we start, and can restart. */
  readonly isProcess: boolean;
  open(): Promise<Opened>;
}

/** @throws OptionError if the target is invalid */
export function dialerOf(target: RemoteTarget): Dialer | GivenClient {
  if (isClient(target)) return { label: target.getServerVersion()?.name ?? 'MCP server', client: target };
  if (typeof target === 'string' || target instanceof URL) return urlDialer({ url: target });
  if (typeof target === 'object' && target !== null && 'url' in target)
    return urlDialer(checkedUrl(target, 'fromMcp()'));
  if (typeof target === 'object' && target !== null && 'command' in target)
    return commandDialer(checkedProcess(target, 'fromMcp()'));
  const isConfig = typeof target === 'object' && target !== null && ('mcpServers' in target || 'servers' in target);
  throw new OptionError(
    isConfig
      ? 'A configuration can name several servers: pass it to fromClientConfig().'
      : 'fromMcp() needs a URL, { url }, { command, args } or a connected client.',
  );
}

/** Recognised by structure, so a client of another copy of the SDK works too. */
function isClient(target: RemoteTarget): target is Client {
  return typeof target === 'object' && target !== null && 'getServerCapabilities' in target;
}

function urlDialer(target: RemoteUrl): Dialer {
  const { url, headers, open } = urlTransport(target);
  return {
    label: url.host,
    sent: Object.entries(headers),
    isProcess: false,
    secrets: [...url.searchParams].flatMap(([name, value]) => secretHeaderValues({ [name]: value })),
    open,
  };
}

function commandDialer(target: RemoteCommand): Dialer {
  const { command, env = {} } = target;
  return {
    label: command.split(/[\\/]/).at(-1) ?? command,
    sent: Object.entries(env),
    isProcess: true,
    secrets: [],
    open: () => openProcess(target),
  };
}
