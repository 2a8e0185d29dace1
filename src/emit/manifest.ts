import { createHash } from 'node:crypto';
import { isRecord } from '../runtime/is-record.ts';
import { parsedJson } from '../runtime/text/parsed-json.ts';
import { isGeneratedPath, isHandedOverPath } from './generated-paths.ts';
import { DEFAULT_RUNTIME, isRuntimeKind, type RuntimeKind } from './runtime-kind.ts';

/**
 * The file in the root of an emitted project that records what was generated, so that the next run detects manual
 * changes.
 */
export const MANIFEST_FILE = '.openapi-mcp.json';

export interface Manifest {
  readonly generator: string;
  /** Where the runtime comes from. Manifests of earlier versions lack it; their projects have a copy. */
  readonly runtime: RuntimeKind;
  /** SHA-256 of every generated file, by path. */
  readonly generated: ReadonlyMap<string, string>;
  /** Files that now belong to the user. */
  readonly handedOver: readonly string[];
}

/** Of the text with Unix line endings: a version control system may convert them on Windows, which is not a change. */
export const textHash = (text: string): string =>
  createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');

export function manifestText({ generator, runtime, generated, handedOver }: Manifest): string {
  return `${JSON.stringify({ generator, runtime, generated: Object.fromEntries(generated), handedOver }, null, 2)}\n`;
}

/**
 * `undefined` if the text is not a manifest. It may have been written by hand or by an attacker, so only entries that
 * the generator could have made are read.
 */
export function readManifest(text: string | undefined): Manifest | undefined {
  const value = parsedJson(text);
  if (!isRecord(value)) return undefined;
  const { generator, runtime, generated, handedOver } = value;
  if (!isRecord(generated) || !Array.isArray(handedOver)) return undefined;
  return {
    generator: typeof generator === 'string' ? generator : '',
    runtime: isRuntimeKind(runtime) ? runtime : DEFAULT_RUNTIME,
    generated: new Map(Object.entries(generated).filter(isGeneratedEntry)),
    handedOver: handedOver.filter((path) => typeof path === 'string' && isHandedOverPath(path)),
  };
}

const isGeneratedEntry = (entry: [path: string, hash: unknown]): entry is [string, string] =>
  isGeneratedPath(entry[0]) && typeof entry[1] === 'string' && /^[0-9a-f]{64}$/.test(entry[1]);
