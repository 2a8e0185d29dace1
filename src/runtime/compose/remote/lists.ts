import type { Client } from '@modelcontextprotocol/client';
import { withoutFacts } from '../../api/facts/facts.ts';
import { withClaims } from '../../claimed-hints.ts';
import { unclaimed } from '../../middleware/confirmation/confirmable.ts';
import type { ListChange, Prompt, Resource, ResourceTemplate, Tool } from '../../provider.ts';
import { remoteFailure } from './failure.ts';
import { RemoteList } from './list.ts';
import type { RemoteRequests } from './requests.ts';
import { visibleItem } from './visible-item.ts';

export interface RemoteLists {
  readonly tools: RemoteList<Tool>;
  readonly resources: RemoteList<Resource>;
  readonly templates: RemoteList<ResourceTemplate>;
  readonly prompts: RemoteList<Prompt>;
  expire(change: ListChange): void;
  /** Checks for changes that the server could not announce. */
  refresh(): void;
}

export interface RemoteListsOptions {
  /** The server's name in messages. */
  readonly label: string;
  /** Time limit for one list. */
  readonly timeoutMs: number;
  /** Whether guards may rely on the server's tool annotations. */
  readonly trustHints: boolean;
  readonly onChange: (change: ListChange) => void;
}

/**
 * The lists of a remote server. The SDK's types differ from the contract's in `readonly` and in the type of a schema.
 */
export function remoteLists(
  requests: RemoteRequests,
  { label, timeoutMs, trustHints, onChange }: RemoteListsOptions,
): RemoteLists {
  // The lists are cached here; a second copy in the client would only cost memory.
  const options = { cacheMode: 'bypass', timeout: timeoutMs } as const;
  /**
   * Lists what the server offers. Never requests what it does not offer: the SDK's client would report that with
   * `console.debug`, which writes to stdout on Node, where a stdio server has its protocol.
   */
  const listOf = <Item>(capability: ListChange, list: (client: Client) => Promise<readonly Item[]>) =>
    new RemoteList<Item>({
      load: () =>
        requests
          .send<readonly Item[]>(async (client) => (client.getServerCapabilities()?.[capability] ? list(client) : []))
          .then((items) => items.map((item) => visibleItem(item)))
          .catch((error) => {
            throw remoteFailure({ label, task: `listing its ${capability}`, timeoutMs }, error);
          }),
      onChange: () => onChange(capability),
    });
  const tools = listOf('tools', async (client) =>
    ((await client.listTools(undefined, options)).tools as readonly Tool[])
      .map((tool) => unclaimed(trustHints ? tool : withClaims(tool)))
      .map(withoutFacts),
  );
  const resources = listOf(
    'resources',
    async (client) => (await client.listResources(undefined, options)).resources as readonly Resource[],
  );
  const templates = listOf(
    'resources',
    async (client) =>
      (await client.listResourceTemplates(undefined, options)).resourceTemplates as readonly ResourceTemplate[],
  );
  const prompts = listOf(
    'prompts',
    async (client) => (await client.listPrompts(undefined, options)).prompts as readonly Prompt[],
  );
  const listsOf = { tools: [tools], resources: [resources, templates], prompts: [prompts] } as const;
  return {
    tools,
    resources,
    templates,
    prompts,
    expire(change) {
      for (const list of listsOf[change]) list.expire();
    },
    refresh() {
      for (const list of [tools, resources, templates, prompts]) list.refresh();
    },
  };
}
