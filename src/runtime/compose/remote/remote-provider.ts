import type { Client } from '@modelcontextprotocol/client';
import { visibleText } from '../../../model/index.ts';
import { listening } from '../../listening.ts';
import type { CallContext, ListChange, ListContext, Provider, ProviderInfo } from '../../provider.ts';
import { remoteCalls } from './calls.ts';
import { RemoteConnection } from './connection.ts';
import type { RemoteList } from './list.ts';
import { remoteLists } from './lists.ts';
import { passLogsOn } from './logs.ts';
import type { Mode } from './mode.ts';
import { answerRequests } from './questions.ts';
import { RemoteRequests } from './requests.ts';
import type { Dialer, GivenClient } from './target.ts';

export interface RemoteSettings {
  readonly dialer: Dialer | GivenClient;
  /** The server's name in messages. */
  readonly label: string;
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly trustHints: boolean;
  readonly mode: Mode;
}

/** The part of `fromMcp` that uses the SDK's client. */
export function remoteProvider(settings: RemoteSettings): Provider {
  const { dialer, label, timeoutMs, connectTimeoutMs, trustHints, mode } = settings;
  const inFlight = new Set<CallContext>();
  const changes = listening<ListChange>();
  const connection = new RemoteConnection({
    dialer: { ...dialer, label },
    connectTimeoutMs,
    mode,
    prepare: (client) => {
      if (!('open' in dialer)) return;
      answerRequests(client, label, inFlight);
      passLogsOn(client, inFlight);
    },
    onListChange(change) {
      lists.expire(change);
      changes.tell(change);
    },
    onReconnected: () => lists.refresh(),
  });
  const requests = new RemoteRequests({ connection, timeoutMs, inFlight });
  const lists = remoteLists(requests, { label, timeoutMs: connectTimeoutMs, trustHints, onChange: changes.tell });

  return {
    contract: 1,
    get info() {
      return infoOf(label, connection.current);
    },
    listTools: listing(lists.tools),
    listResources: listing(lists.resources),
    listResourceTemplates: listing(lists.templates),
    listPrompts: listing(lists.prompts),
    ...remoteCalls({ requests, lists, label, timeoutMs }),
    onChange: changes.listen,
    close: () => connection.close(),
  };
}

const listing =
  <Item>(list: RemoteList<Item>) =>
  async ({ ready }: ListContext): Promise<readonly Item[]> =>
    ready ? list.ready() : list.get();

function infoOf(label: string, client: Client | undefined): ProviderInfo {
  const { name = label, title, version = '0.0.0' } = client?.getServerVersion() ?? {};
  const instructions = client?.getInstructions();
  return {
    name: visibleText(name),
    version: visibleText(version),
    ...(title !== undefined && { title: visibleText(title) }),
    ...(instructions !== undefined && { instructions: visibleText(instructions) }),
  };
}
