import type { FlagsOf } from '../../options/flags.ts';
import type { Published, PublishedPackage } from '../../pack/index.ts';
import { carriesSecret } from '../../parse/public-address.ts';
import { usageError } from '../output/report.ts';

/**
 * The name of a pack, and the publisher's part: `io.github.me/pet-shop`, `@me/pet-shop`.
 *
 * @throws CommandError if the name that was given cannot be used
 */
export function packName(
  given: string | undefined,
  derived: string,
): { readonly name: string; readonly scope?: string } {
  if (given === undefined) return { name: slug(derived) };
  const [, scope, name = ''] = /^(?:(@?[A-Za-z0-9.-]+)\/)?([^/]*)$/.exec(given) ?? [];
  if (NAME.test(name)) return { name, ...(scope !== undefined && { scope }) };
  throw usageError(
    `--as: "${given}" cannot be the name of a pack.`,
    'Use up to 63 lower-case letters, digits and "-", after the publisher’s part if there is one: io.github.me/pet-shop',
  );
}

/** The name of a Kubernetes object (RFC 1123 §2.1), and of nearly everything else. */
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const slug = (text: string): string =>
  text
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '') || 'openapi-mcp';

/** Documents have any text as their version, packages a semantic version: `v2` → `2.0.0`, `2024-01-05` → `2024.1.5`. */
export function semanticVersion(text: string): string {
  const [exact] = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/.exec(text) ?? [];
  const numbers = [...text.matchAll(/\d{1,9}/g)].slice(0, 3).map(([digits]) => Number(digits));
  if (exact !== undefined && !/(?:^|[.-])0\d/.test(exact)) return exact;
  return [...numbers, 0, 0, 0].slice(0, 3).join('.');
}

/** Where the server is published. @throws CommandError */
export function published({ package: packages, publicUrl }: Pick<FlagsOf<'pack'>, 'package' | 'publicUrl'>): Published {
  if (publicUrl !== undefined && (!/^https?:\/\//.test(publicUrl) || carriesSecret(publicUrl))) {
    throw usageError('--public-url is not the URL of a server.', 'Pass an http(s) URL without user name and query.');
  }
  return { packages: packages.map(publishedPackage), ...(publicUrl !== undefined && { url: publicUrl }) };
}

function publishedPackage(text: string): PublishedPackage {
  const [, type, identifier = ''] = /^(npm|oci|mcpb):(\S+)$/.exec(text) ?? [];
  const fits = type === 'mcpb' ? /^https:\/\//.test(identifier) && !carriesSecret(identifier) : true;
  if ((type === 'npm' || type === 'oci' || type === 'mcpb') && fits) return { type, identifier };
  throw usageError(`--package: "${text}" is not a package.`, 'Write npm:<name>, oci:<image>:<tag> or mcpb:https://….');
}
