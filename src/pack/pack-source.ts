import type { ApiModel } from '../model/index.ts';

/** What is packed: a config file and everything it names, without secrets and without paths of this computer. */
export interface PackSource {
  /** Lower-case letters, digits and "-", 63 at most: also the name of a Kubernetes object (RFC 1123). */
  readonly name: string;
  /** The publisher's part of the name, such as `io.github.me` or `@me`; absent if none was given. */
  readonly scope?: string;
  readonly title: string;
  /** A semantic version. */
  readonly version: string;
  /** One line. */
  readonly description: string;
  readonly tools: readonly PackedTool[];
  /** Where the server reads its credentials and settings from. */
  readonly variables: readonly PackVariable[];
  /** The content of the config file; paths are relative to it. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The models of its documents, by namespace. */
  readonly models: Readonly<Record<string, ApiModel>>;
  /** The files that the config file names. */
  readonly files: readonly PackFile[];
  /** The package of its modules, among the files; absent if it has none. Only an image can have one. */
  readonly project?: PackProject;
  /** The version of openapi-mcp that serves it. */
  readonly programVersion: string;
  /** Where the server is published, for `server.json`. */
  readonly published: Published;
}

/** The source of a package that npm installs. */
export interface PackProject {
  /** The name of its lock file; `undefined`: it has none. */
  readonly lock: string | undefined;
}

/** The folder of the package in a pack. */
export const PROJECT_FOLDER = 'project';

export interface PackedTool {
  readonly name: string;
  /** One line. */
  readonly description: string;
  /** The first tag of its operation; absent for tools of other servers. */
  readonly tag?: string;
}

export interface PackVariable {
  readonly name: string;
  /** One line, in words: `shop_key: API key in header X-API-Key`. */
  readonly description: string;
  /** No call works without it. */
  readonly isRequired: boolean;
  readonly isSecret: boolean;
}

export interface Published {
  /** The packages, by type. */
  readonly packages: readonly PublishedPackage[];
  /** The URL of a server that runs already. */
  readonly url?: string;
}

export interface PublishedPackage {
  readonly type: 'npm' | 'oci' | 'mcpb';
  /** Name of the npm package, reference of the image, or URL of the bundle. */
  readonly identifier: string;
}

/** A file of a pack, by its path relative to the folder of the pack, with `/`. */
export interface PackFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** The name of the config file in every pack. */
export const PACKED_CONFIG = 'openapi-mcp.config.json';

/** The config file, and the files that it names. */
export const servedFiles = ({ config, files }: PackSource): readonly PackFile[] => [
  { path: PACKED_CONFIG, content: jsonText(config) },
  ...files,
];

/** Text of a document for one line of a file: without line breaks and control characters. */
export const oneLine = (text: string): string => text.replace(/[\p{C}\s]+/gu, ' ').trim();

/** A name of another server between backticks in Markdown: it cannot end them. */
export const codeText = (name: string): string => oneLine(name).replace(/[`|]/g, '?');

export const countedTools = (count: number): string => (count === 1 ? '1 tool' : `${count} tools`);

/** The name of the file that `--target mcpb` writes. */
export const bundleName = ({ name, version }: PackSource): string => `${name}-${version}.mcpb`;

export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
