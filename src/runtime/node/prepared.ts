import { readFileSync, writeFileSync } from 'node:fs';
import type { ApiModel } from '../../model/index.ts';
import type { ClientGroups } from '../api/client.ts';

/** What a server of an emitted project starts from. */
export interface Prepared {
  readonly model: ApiModel;
  readonly groups: ClientGroups;
}

/** As the generated code holds it; the revision is another one whenever the API is. */
export interface Source extends Prepared {
  readonly revision: string;
}

/**
 * Writes what the generated code holds as JSON, at the end of a build: JSON is read several times faster than modules of
 * literals, which is half of the start of a large API.
 */
export function writePrepared(file: URL, { model, groups, revision }: Source): void {
  writeFileSync(file, ascii(JSON.stringify({ revision, groups: idsOf(groups), model })));
}

/** Reads it; where it was not written, or for another revision, the generated code itself is loaded. */
export async function readPrepared(
  file: URL,
  { revision, load }: { readonly revision: string; readonly load: () => Promise<Prepared> },
): Promise<Prepared> {
  const written = read(file);
  return written?.revision === revision ? written : load();
}

/** `undefined`: not built, bundled elsewhere, or cut off; the code is there all the same. */
function read(file: URL): Source | undefined {
  try {
    // Written by `writePrepared`.
    return JSON.parse(readFileSync(file, 'latin1')) as Source;
  } catch {
    return undefined;
  }
}

/** Text of one byte to a character is read and parsed faster than UTF-8. */
const ascii = (json: string): string =>
  json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A client needs the ids of its operations; all else stands in the model. */
const idsOf = (groups: ClientGroups): ClientGroups =>
  mapped(groups, (members) => mapped(members, ({ id }) => ({ id })));

const mapped = <Value, To>(record: Readonly<Record<string, Value>>, to: (value: Value) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]));
