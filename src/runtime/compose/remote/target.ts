import type { Client, Transport } from '@modelcontextprotocol/client';
import { secretHeaderValues } from '../../api/conceal/secrets-of.ts';
import { declareOptions } from '../../options/declare-options.ts';
import { OptionError } from '../../options/option-error.ts';
import { byName, choice, required, text, texts } from '../../options/option-kinds.ts';
import { answersLast } from './answers-last.ts';
import { httpAddress } from './http-address.ts';
import { COMMAND_HINTS, TOKEN_HINT, URL_KIND } from './target-hints.ts';

/** Where a remote MCP server is, or how it is started; or a client that is connected to it already. */
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
  /** Beside the few variables that are safe to inherit (`PATH`, `HOME` …). */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A client that its owner has connected. */
export interface GivenClient {
  readonly label: string;
  readonly client: Client;
}

/** Opens a new connection each time. The code of a transport is loaded with the first one. */
export interface Dialer {
  /** What messages call the server: never an argument, header or query, where secrets are. */
  readonly label: string;
  /** What the server is sent, by name: headers, or variables. */
  readonly sent: readonly (readonly [name: string, value: string])[];
  readonly secrets: readonly string[];
  /** Whether it is a process of ours, which can be started again. */
  readonly isProcess: boolean;
  open(): Promise<Transport & { abandon?(): Promise<void> }>;
}

const checkedUrl = declareOptions<RemoteUrl>(
  'fromMcp()',
  { url: required(URL_KIND), headers: byName, type: choice({ http: true, sse: true }) },
  { hints: { transport: 'Write "type".', token: TOKEN_HINT } },
);
const checkedCommand = declareOptions<RemoteCommand>(
  'fromMcp()',
  { command: required(text), args: texts, env: byName, cwd: text },
  { hints: COMMAND_HINTS },
);

/** @throws OptionError where the target is none. */
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

/** By structure, so that a client of another copy of the SDK is one too. */
function isClient(target: RemoteTarget): target is Client {
  return typeof target === 'object' && target !== null && 'getServerCapabilities' in target;
}

function urlDialer({ url: given, headers: own = {}, type = 'http' }: RemoteUrl): Dialer {
  const { url, headers } = httpAddress(given, own);
  const requestInit = { headers };
  return {
    label: url.host,
    sent: Object.entries(headers),
    isProcess: false,
    secrets: [...url.searchParams].flatMap(([name, value]) => secretHeaderValues({ [name]: value })),
    async open() {
      if (type === 'sse') {
        const { SSEClientTransport } = await import('@modelcontextprotocol/client');
        return answersLast(new SSEClientTransport(url, { requestInit }));
      }
      const { HttpTransport } = await import('./http-transport.ts');
      return answersLast(new HttpTransport(url, { requestInit }));
    },
  };
}

function commandDialer({ command, args = [], env = {}, cwd }: RemoteCommand): Dialer {
  return {
    label: command.split(/[\\/]/).at(-1) ?? command,
    sent: Object.entries(env),
    isProcess: true,
    secrets: [],
    async open() {
      // Only where a process can be started: the rest of this folder runs anywhere.
      const { ProcessTransport } = await import('./process-transport.ts');
      const params = { command, args: [...args], env: { ...env }, ...(cwd !== undefined && { cwd }) };
      return answersLast(new ProcessTransport(params));
    },
  };
}
