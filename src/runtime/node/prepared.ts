import { readFileSync, writeFileSync } from 'node:fs';
import type { ApiModel } from '../../model/index.ts';
import type { ClientGroups } from '../api/client.ts';

/** The startup data of a server in an emitted project. */
export interface Prepared {
  readonly model: ApiModel;
  readonly groups: ClientGroups;
}

/** As in the generated code; the revision changes with the API. */
export interface Source extends Prepared {
  readonly revision: string;
}

/**
 * Writes the data of the generated code as JSON, at the end of a build: JSON loads several times faster than modules of
 * literals, which is half the startup time of a large API.
 */
export function writePrepared(file: URL, { model, groups, revision }: Source): void {
  writeFileSync(file, ascii(JSON.stringify({ revision, groups: idsOf(groups), model })));
}

/** Reads it. If it does not exist, or has another revision, loads the generated code instead. */
export async function readPrepared(
  file: URL,
  { revision, load }: { readonly revision: string; readonly load: () => Promise<Prepared> },
): Promise<Prepared> {
  const written = read(file);
  return written?.revision === revision ? written : load();
}

/** `undefined`: not built, bundled elsewhere, or truncated; the generated code is still there. */
function read(file: URL): Source | undefined {
  try {
    // Written by `writePrepared`.
    return JSON.parse(readFileSync(file, 'latin1')) as Source;
  } catch {
    return undefined;
  }
}

/** Latin-1 text is read and parsed faster than UTF-8. */
const ascii = (json: string): string =>
  json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A client needs the ids of its operations; everything else is in the model. */
const idsOf = (groups: ClientGroups): ClientGroups =>
  mapped(groups, (members) => mapped(members, ({ id }) => ({ id })));

const mapped = <Value, To>(record: Readonly<Record<string, Value>>, to: (value: Value) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]));
