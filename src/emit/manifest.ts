import { createHash } from 'node:crypto';

/** Stands in the root of an emitted project: what was generated, so that the next run knows what was changed by hand. */
export const MANIFEST_FILE = '.openapi-mcp.json';

export interface Manifest {
  readonly generator: string;
  /** SHA-256 of every generated file, by path. */
  readonly generated: Readonly<Record<string, string>>;
  /** Files that were handed over to their owner. */
  readonly handedOver: readonly string[];
}

/** Of the text with the line ends of Unix: what a version control system makes of them on Windows is no change. */
export const textHash = (text: string): string =>
  createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');

export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`;

/** `undefined` where the text is no manifest. */
export function readManifest(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isManifest(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false;
  const { generated, handedOver } = value as Readonly<Record<string, unknown>>;
  return typeof generated === 'object' && generated !== null && Array.isArray(handedOver);
}
