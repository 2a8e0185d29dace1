import type { ListChange } from '../../runtime/provider.ts';
import type { Chain } from './chain.ts';
import { LISTS, type ListMethod, METHODS } from './methods.ts';
import type { MountedProvider } from './mounted-provider.ts';

/**
 * Finds names of a provider that the server or another mount already has; returns a message for each that names both.
 */
export async function collisions(
  chain: Chain,
  candidate: MountedProvider,
  kind: ListChange,
): Promise<readonly string[]> {
  const found = METHODS[kind].lists.map((method) => collisionsIn(method, chain, candidate));
  return (await Promise.all(found)).flat();
}

async function collisionsIn(method: ListMethod, chain: Chain, candidate: MountedProvider): Promise<readonly string[]> {
  const { key, noun } = LISTS[method];
  const keysOf = async (mounted: MountedProvider) =>
    // Each kind of item has the key of its list.
    (await mounted.list(method, {})).map((item) => String((item as unknown as Record<string, unknown>)[key]));
  const owners = new Map<string, string>();
  for (const own of registeredKeys(method, chain)) owners.set(own, 'the server itself');
  for (const other of chain.mounted.keys()) {
    if (other === candidate) continue;
    for (const name of await keysOf(other)) owners.set(name, `"${other.provider.info.name}"`);
  }
  return (await keysOf(candidate)).flatMap((name) => {
    const owner = owners.get(name);
    const who = `"${candidate.provider.info.name}"`;
    return owner === undefined
      ? []
      : [`The ${noun} "${name}" of ${who} already exists: ${owner} has one. ${ADVICE[key]}`];
  });
}

const ADVICE = {
  name: 'Mount with another prefix.',
  uri: 'Mount it with a namespace, which makes its URIs unique, or exclude one of them.',
  uriTemplate: 'Mount it with a namespace, which makes its URIs unique, or exclude one of them.',
} as const;

function registeredKeys(method: ListMethod, { internals: { registered } }: Chain): readonly string[] {
  switch (method) {
    case 'tools/list':
      return Object.keys(registered.tools);
    case 'resources/list':
      return Object.keys(registered.resources);
    case 'resources/templates/list':
      return Object.values(registered.templates).map(({ resourceTemplate }) => resourceTemplate.uriTemplate.toString());
    case 'prompts/list':
      return Object.keys(registered.prompts);
  }
}
