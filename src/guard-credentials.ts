import { openKnownOrigins } from './known-origins.ts';
import type { ApiModel } from './model/index.ts';
import type { SchemeReport } from './runtime/api/auth/satisfied.ts';
import { isPrivateUrl } from './runtime/api/request/server-url.ts';

export interface GuardOptions {
  readonly model: Pick<ApiModel, 'documentOrigin'>;
  /** The address of the document without query, which identifies it. */
  readonly location: string;
  readonly credentials: readonly SchemeReport[];
  /** Whether the user set headers for the API, which may also be credentials. */
  readonly hasHeaders: boolean;
  /** Origins that would receive credentials according to the document. */
  readonly origins: readonly string[];
  /** Origins set by the user: with `--base-url`, or as the document's URL. */
  readonly named: readonly string[];
  /** `--credentials-for`; `undefined`: not pinned. */
  readonly pinned: readonly string[] | undefined;
  /** The folder of the model cache; `undefined`: remember nothing. */
  readonly cacheDirectory: string | undefined;
}

export interface Guard {
  /** The only origins that may receive credentials; `undefined`: all origins in the document. */
  readonly origins: readonly string[] | undefined;
  /** Notices for the user. */
  readonly notices: readonly string[];
}

/**
 * Decides where the user's credentials may go. A document from a public URL chooses its own schemes and servers, so it
 * could request `BEARER_TOKEN_GITHUB` and have it sent to its own host. The first use is reported; if the hosts change
 * later, nothing is sent until the user confirms them.
 */
export async function guardCredentials(options: GuardOptions): Promise<Guard> {
  const { model, location, origins, pinned, cacheDirectory } = options;
  const store = cacheDirectory === undefined ? undefined : openKnownOrigins(cacheDirectory);
  const known = await store?.read(location);
  if (pinned !== undefined) {
    const confirmed = origins.filter((origin) => pinned.includes(origin));
    await store?.write(location, [...new Set([...(known ?? []), ...confirmed])]);
    return { origins: pinned, notices: outside(origins, pinned) };
  }
  const isPublic = model.documentOrigin !== undefined && !isPrivateUrl(model.documentOrigin);
  if (!isPublic || !hasCredentials(options)) return EVERYWHERE;
  if (known === undefined) {
    await store?.write(location, origins);
    return { origins: undefined, notices: firstUse(options) };
  }
  const moved = origins.filter((origin) => !known.includes(origin) && !options.named.includes(origin));
  return moved.length === 0 ? EVERYWHERE : { origins: [], notices: [withheld(moved, origins)] };
}

const EVERYWHERE: Guard = { origins: undefined, notices: [] };

const hasCredentials = ({ credentials, hasHeaders }: GuardOptions): boolean =>
  hasHeaders || credentials.some(({ found }) => found);

function firstUse({ credentials, origins }: GuardOptions): readonly string[] {
  const variables = credentials.filter(({ found }) => found).flatMap(({ set }) => set);
  if (variables.length === 0 || origins.length === 0) return [];
  const verb = variables.length === 1 ? 'is' : 'are';
  return [
    `First use of this document: ${variables.join(', ')} ${verb} sent to ${origins.join(', ')}. To pin this, pass ${flags(origins)}.`,
  ];
}

const withheld = (moved: readonly string[], origins: readonly string[]): string =>
  `No credentials are sent, because the servers in the document have changed: ${moved.join(', ')}. If you trust them, start once with ${flags(origins)}.`;

const outside = (origins: readonly string[], pinned: readonly string[]): readonly string[] =>
  origins
    .filter((origin) => !pinned.includes(origin))
    .map((origin) => `No credentials are sent to ${origin}, because it is not in --credentials-for.`);

const flags = (origins: readonly string[]): string => origins.map((origin) => `--credentials-for ${origin}`).join(' ');
