import type { Client } from './client.ts';
import { isDocumentUrl, openClientDocuments } from './client-documents.ts';
import type { Keys } from './keys.ts';
import type { Settings } from './options.ts';

export interface Clients {
  /**
   * `undefined` if this server does not know the id.
   *
   * @throws OAuthError if the client's metadata document is not valid, or cannot be fetched now
   */
  find(id: string): Promise<Client | undefined>;
  /** The id of a new client. Nothing is stored: the id contains the metadata, sealed. */
  register(metadata: RegisteredClient): Promise<string>;
}

export interface RegisteredClient {
  readonly name?: string;
  readonly redirectUris: readonly string[];
  /** Seconds since 1970. */
  readonly issuedAt: number;
}

export function openClients(settings: Settings, keys: Keys): Clients {
  const documentAt = settings.publicFetch && openClientDocuments(settings);
  return {
    async find(id) {
      if (isDocumentUrl(id)) return documentAt?.(id);
      if (!id.startsWith(PREFIX)) return undefined;
      const text = await keys.open(id.slice(PREFIX.length), PREFIX);
      if (text === undefined) return undefined;
      const { name, redirectUris } = JSON.parse(text) as RegisteredClient;
      return { id, name, redirectUris, host: undefined };
    },
    async register(metadata) {
      return `${PREFIX}${await keys.seal(JSON.stringify(metadata), PREFIX)}`;
    },
  };
}

const PREFIX = 'mcp-client.';
