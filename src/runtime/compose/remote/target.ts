import type { Client } from '@modelcontextprotocol/client';
import { secretHeaderValues } from '../../api/conceal/secrets-of.ts';
import { declareOptions } from '../../options/declare-options.ts';
import { OptionError } from '../../options/option-error.ts';
import { byName, choice, required, text, texts } from '../../options/option-kinds.ts';
import type { Opened } from './dial-client.ts';
import { openProcess, urlTransport } from './open-transport.ts';
import { COMMAND_HINTS, TOKEN_HINT, URL_KIND } from './target-hints.ts';

/** A remote MCP server: its address, the command that starts it, or a connected client. */
export type RemoteTarget = string | URL | RemoteUrl | RemoteCommand | Client;

export interface RemoteUrl {
  readonly url: string | URL;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `sse` is the HTTP transport of 2024. Default `http`: Streamable HTTP. */
  readonly type?: 'http' | 'sse';
}

export interface RemoteCommand {
  readonly command: string;
  readonly args?: readonly string[];
  /** In addition to the few variables that are safe to inherit (`PATH`, `HOME` …). */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Where its stderr goes; default `inherit`. */
  readonly stderr?: 'inherit' | 'ignore';
}

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

const checkedUrl = declareOptions<RemoteUrl>(
  'fromMcp()',
  { url: required(URL_KIND), headers: byName, type: choice({ http: true, sse: true }) },
  { hints: { transport: 'Write "type".', token: TOKEN_HINT } },
);
const checkedCommand = declareOptions<RemoteCommand>(
  'fromMcp()',
  { command: required(text), args: texts, env: byName, cwd: text, stderr: choice({ inherit: true, ignore: true }) },
  { hints: COMMAND_HINTS },
);

/** @throws OptionError if the target is invalid */
export function dialerOf(target: RemoteTarget): Dialer | GivenClient {
  if (isClient(target)) return { label: target.getServerVersion()?.name ?? 'MCP server', client: target };
  if (typeof target === 'string' || target instanceof URL) return urlDialer({ url: target });
  if (typeof target === 'object' && target !== null && 'url' in target) return urlDialer(checkedUrl(target));
  if (typeof target === 'object' && target !== null && 'command' in target)
    return commandDialer(checkedCommand(target));
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
