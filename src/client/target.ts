import { InMemoryTransport, type Transport } from '@modelcontextprotocol/client';
import { checkProvider } from '../runtime/compose/check-provider.ts';
import { answersLast } from '../runtime/compose/remote/answers-last.ts';
import type { Opened } from '../runtime/compose/remote/dial-client.ts';
import {
  checkedProcess,
  checkedUrl,
  openProcess,
  type ProcessAddress,
  type UrlAddress,
  urlTransport,
} from '../runtime/compose/remote/open-transport.ts';
import { OptionError } from '../runtime/options/option-error.ts';
import type { Provider } from '../runtime/provider.ts';

/** How to reach a server. */
export type ClientTarget = string | URL | UrlTarget | CommandTarget | ProviderTarget | MemoryTarget;

export type UrlTarget = UrlAddress;
export type CommandTarget = ProcessAddress;

/** A provider in this process: `createServer()`, `fromOpenApi()`, `composite()` … Its owner closes it. */
export interface ProviderTarget {
  readonly provider: Provider;
}

/** A server in this process that accepts an SDK transport, however it is made. */
export interface MemoryTarget {
  readonly serve: (transport: Transport) => unknown;
}

/** The target's name in messages. */
const TARGET = 'The target of connect()';

/** How to reach a target: opens a new connection each time. */
export interface Dialer {
  /** The server's name in messages, without arguments or a query, which may contain secrets. */
  readonly label: string;
  /** Whether it is a process that we start. */
  readonly isProcess: boolean;
  open(onError: (error: Error) => void): Promise<Opened>;
}

/** @throws OptionError if the target is invalid */
export function dialerOf(target: ClientTarget): Dialer {
  if (typeof target === 'string' || target instanceof URL) return urlDialer({ url: target });
  if (typeof target === 'object' && target !== null) {
    if ('provider' in target) return providerDialer(target);
    if ('serve' in target) return memoryDialer(target);
    if ('command' in target) return commandDialer(target);
    if ('url' in target) return urlDialer(target);
    if ('mcpServers' in target || 'servers' in target) {
      throw new OptionError('A configuration can name several servers: pass it to connectAll().');
    }
  }
  const isProvider = (target as { readonly contract?: unknown } | null)?.contract !== undefined;
  throw new OptionError(
    isProvider
      ? 'To connect to a provider, write connect({ provider }).'
      : 'connect() needs a URL, { url }, { command, args } or { provider }.',
  );
}

function providerDialer({ provider }: ProviderTarget): Dialer {
  checkProvider(provider, 'provider', 'The { provider } passed to connect()');
  return {
    label: `the server "${provider.info.name}" in this process`,
    isProcess: false,
    async open(onError) {
      // Imported on demand: a client of remote servers does not need it.
      const { serveConnection } = await import('../runtime/serve/connection.ts');
      const [ours, theirs] = InMemoryTransport.createLinkedPair();
      serveConnection(provider, theirs, { onError });
      return answersLast(ours);
    },
  };
}

function memoryDialer({ serve }: MemoryTarget): Dialer {
  if (typeof serve !== 'function') throw new OptionError('{ serve } must be a function that takes a transport.');
  return {
    label: 'the server in this process',
    isProcess: false,
    async open() {
      const [ours, theirs] = InMemoryTransport.createLinkedPair();
      serve(theirs);
      return answersLast(ours);
    },
  };
}

function urlDialer(target: UrlTarget): Dialer {
  const { url, open } = urlTransport(checkedUrl(target, TARGET));
  return { label: url.origin + url.pathname, isProcess: false, open };
}

function commandDialer(target: CommandTarget): Dialer {
  const checked = checkedProcess(target, TARGET);
  return {
    label: `the command "${checked.command}"`,
    isProcess: true,
    open: () => openProcess({ stderr: 'inherit', ...checked }),
  };
}
