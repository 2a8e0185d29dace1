import { isRecord } from '../runtime/is-record.ts';
import { placeWithin } from '../runtime/text/place-within.ts';
import { jsonText, type PackFile } from './pack-source.ts';

export interface ConfigToPack {
  /** As written: variables not filled in. */
  readonly written: Readonly<Record<string, unknown>>;
  /** Complete documents by namespace: overlays applied, other files bundled. */
  readonly documents: ReadonlyMap<string, unknown>;
  /** The files of CA certificates, by namespace. */
  readonly certificates: ReadonlyMap<string, readonly string[]>;
  /** Paths in the pack of the modules that it names, by their places: `modules.own.path`. */
  readonly modules: ReadonlyMap<string, string>;
}

export interface PackedConfig {
  readonly config: Readonly<Record<string, unknown>>;
  readonly files: readonly PackFile[];
}

/** Rewrites a config so that it names only files of the pack: `openapi/<namespace>.json`. */
export function packedConfig({ documents, certificates, modules, ...given }: ConfigToPack): PackedConfig {
  const files: PackFile[] = [];
  const written = withPaths(given.written, modules, '') as ConfigToPack['written'];
  const apis = Object.entries(isRecord(written.apis) ? written.apis : {}).map(([namespace, api]) => {
    const path = `openapi/${namespace}.json`;
    files.push({ path, content: jsonText(documents.get(namespace)) });
    const ca = (certificates.get(namespace) ?? []).map((content, index) => {
      const file = { path: `certificates/${namespace}-${index + 1}.pem`, content };
      files.push(file);
      return file.path;
    });
    const kept = isRecord(api) ? without(api, READING) : {};
    return [namespace, { ...kept, spec: path, ...(ca.length > 0 && { ca }) }];
  });
  const whole = without(written, ['$schema', 'envFile', 'apis']);
  return { config: { ...(apis.length > 0 && { apis: Object.fromEntries(apis) }), ...whole }, files };
}

/** A copy of a value of the config with other texts at some places. */
function withPaths(value: unknown, paths: ReadonlyMap<string, string>, at: string): unknown {
  if (typeof value === 'string') return paths.get(at) ?? value;
  if (Array.isArray(value)) return value.map((item, index) => withPaths(item, paths, `${at}[${index}]`));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withPaths(inner, paths, placeWithin(at, key))]),
  );
}

/** How the document is read: that has been done. */
const READING = ['spec', 'overlays', 'documentHeaders', 'allowRemoteRefs', 'ca'];

const without = (value: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
