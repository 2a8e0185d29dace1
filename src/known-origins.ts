import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hashOf } from './parse/source-hash.ts';
import { isPrivate, makePrivateFolder } from './runtime/node/private-folder.ts';
import { replaceFile } from './runtime/node/replace-file.ts';

/** Remembers the origins that received credentials, per document, next to the model cache. */
export interface KnownOrigins {
  /** `undefined` if the document was never opened with credentials, or that is unknown. Never throws. */
  read(document: string): Promise<readonly string[] | undefined>;
  /** Remembers nothing if the folder is not writable. Never throws. */
  write(document: string, origins: readonly string[]): Promise<void>;
}

/** @param modelDirectory the folder of the model cache */
export function openKnownOrigins(modelDirectory: string): KnownOrigins {
  const directory = join(dirname(modelDirectory), 'origins');
  // The document's address may contain a secret, even without its query.
  const file = (document: string): string => join(directory, `${hashOf(document)}.json`);
  return {
    async read(document) {
      try {
        const path = file(document);
        if (!isPrivate(directory, 'folder') || !isPrivate(path, 'file')) return undefined;
        const origins: unknown = JSON.parse(await readFile(path, 'utf8'));
        return Array.isArray(origins) && origins.every((origin) => typeof origin === 'string') ? origins : undefined;
      } catch {
        return undefined;
      }
    },
    async write(document, origins) {
      try {
        makePrivateFolder(directory);
        replaceFile(file(document), JSON.stringify(origins), 0o600);
      } catch {}
    },
  };
}
