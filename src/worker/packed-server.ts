import type { ApiModel } from '../model/index.ts';

/** What `openapi-mcp pack --target worker` writes: plain JSON. */
export interface PackedServer {
  /** The content of the config file: variables not filled in. */
  readonly config: Readonly<Record<string, unknown>>;
  /** By namespace. */
  readonly models: Readonly<Record<string, ApiModel>>;
}

/** A variable is missing, or has a value that the config does not accept. The message names it, never its value. */
export class NotConfigured extends Error {
  override readonly name = 'NotConfigured';
}
