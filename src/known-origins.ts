import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256 } from './model-cache.ts';
import { isPrivate, makePrivateFolder } from './private-folder.ts';
import { replaceFile } from './replace-file.ts';

/** Remembers the origins that credentials went to, document by document, beside the cache of models. */
export interface KnownOrigins {
  /** `undefined` where the document was never opened with credentials, or that cannot be known. Never throws. */
  read(document: string): Promise<readonly string[] | undefined>;
  /** Where the folder cannot be written to, nothing is remembered. Never throws. */
  write(document: string, origins: readonly string[]): Promise<void>;
}

/** @param modelDirectory where models are cached */
export function openKnownOrigins(modelDirectory: string): KnownOrigins {
  const directory = join(dirname(modelDirectory), 'origins');
  // The address of a document may hold a secret, even without its query.
  const file = (document: string): string => join(directory, `${sha256(document)}.json`);
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
