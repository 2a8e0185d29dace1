import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { asError } from '../runtime/errors.ts';
import type { ListChange, Provider } from '../runtime/provider.ts';
import { followFor } from '../runtime/serve/mount/follow-for.ts';
import type { Mount, MountOptions } from '../runtime/serve/mount/mount-into.ts';
import { mountOptions } from '../runtime/serve/mount/mount-options.ts';
import { placed } from '../runtime/serve/mount/mountable.ts';
import { type Chain, chainOf } from './v1/chain.ts';
import { collisions } from './v1/collisions.ts';
import { METHODS } from './v1/methods.ts';
import { MountedProvider } from './v1/mounted-provider.ts';

export type { Mount, MountOptions } from '../runtime/serve/mount/mount-into.ts';

const KINDS: readonly ListChange[] = ['tools', 'resources', 'prompts'];

const checked = mountOptions('mountV1()');

/**
 * Adds everything that a provider offers to a server of `@modelcontextprotocol/sdk` (version 1), alongside the server's
 * own items, and follows the provider's changes. Schemas are sent unchanged, byte for byte. Mount before the server is
 * connected: a connected server cannot declare new capabilities.
 *
 * ```ts
 * const server = new McpServer({ name: 'main', version: '1.0.0' });
 * await mountV1(server, await fromOpenApi('petstore.yaml'), { prefix: 'pets_' });
 * await server.connect(new StdioServerTransport());
 * ```
 *
 * @throws OptionError if the server is not an `McpServer` of version 1, or the provider is invalid
 * @throws Error if a name is already taken, or the server is connected and has not declared a capability of the
 *   provider; nothing is mounted then
 */
export async function mountV1(server: McpServer, given: Provider, options: Partial<MountOptions> = {}): Promise<Mount> {
  const { onError = () => {}, ...place } = checked(options);
  const chain = chainOf(server);
  const { provider, prefix } = placed(given, place);
  const mounted = new MountedProvider(provider, { server, internals: chain.internals, prefix, onError });
  // Two concurrent mounts would not see each other's names.
  await chain.inTurn(async () => {
    const taken = await Promise.all(KINDS.map((kind) => collisions(chain, mounted, kind)));
    if (taken.flat().length > 0) throw new Error(taken.flat().join('\n'));
    for (const kind of KINDS) await offer(chain, mounted, kind);
    chain.mounted.set(mounted, onError);
  });

  const send: Readonly<Record<ListChange, () => Promise<void>>> = {
    tools: () => server.server.sendToolListChanged(),
    resources: () => server.server.sendResourceListChanged(),
    prompts: () => server.server.sendPromptListChanged(),
  };
  const tell = (kind: ListChange) => {
    if (server.isConnected() && chain.offered(kind)) send[kind]().catch((error) => onError(asError(error)));
  };
  const follow = async (kind: ListChange) => {
    await offer(chain, mounted, kind);
    for (const message of await collisions(chain, mounted, kind)) onError(new Error(message));
    tell(kind);
  };
  const changes = followFor(server, provider, (kind) => {
    follow(kind).catch((error) => onError(asError(error)));
  });
  KINDS.forEach(tell);
  return {
    unmount() {
      changes.stop();
      if (chain.mounted.delete(mounted)) KINDS.forEach(tell);
    },
  };
}

/** Declares the capability, and completion if that is still possible. */
async function offer(chain: Chain, mounted: MountedProvider, kind: ListChange): Promise<void> {
  const lists = await Promise.all(METHODS[kind].lists.map((method) => mounted.list(method, {})));
  if (!lists.some((list) => list.length > 0)) return;
  chain.offer(kind);
  if (kind !== 'tools' && chain.canOffer('completions')) chain.offer('completions');
}
