import { PackError } from './pack-error.ts';
import type { PackSource } from './pack-source.ts';

type Named = Pick<PackSource, 'name' | 'scope'>;

/** The name of the npm package: `@me/pet-shop`, or `pet-shop-mcp` without a scope of npm. */
export const npmName = ({ name, scope }: Named): string =>
  scope?.startsWith('@') ? `${scope.toLowerCase()}/${name}` : `${name}-mcp`;

/** The name in the MCP Registry: `io.github.me/pet-shop`; `undefined` without its publisher. */
export const registryName = ({ name, scope }: Named): string | undefined =>
  scope === undefined || scope.startsWith('@') ? undefined : `${scope}/${name}`;

/** @throws PackError if it has none */
export function requireRegistryName(named: Named): string {
  const name = registryName(named);
  if (name !== undefined) return name;
  throw new PackError(
    'The MCP Registry needs the name of the publisher.',
    `Pass it with --as: io.github.<account>/${named.name}, or your domain in reverse: com.example/${named.name}`,
  );
}
