import type { GetAs, Names, OutputSchemas, ProfileName } from '../map/choices.ts';
import type { ListMode } from '../runtime/fit/list-modes.ts';
import type { TransportName } from '../runtime/serve/serve-defaults.ts';
import type { GraphFormat, LintFormat, LogLevel, RuntimeName, TokenStoreName } from './choices.ts';

/** Options that all commands share: everything that decides what is served. */
export interface SharedFlags {
  readonly documentHeader: readonly string[];
  readonly envFile?: string;
  readonly overlay: readonly string[];
  readonly cache: boolean;
  readonly allowRemoteRefs: boolean;
  readonly allowPrivate: boolean;
  readonly name?: string;
  readonly names: Names;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly route: readonly string[];
  readonly readOnly: boolean;
  readonly trustHints: boolean;
  readonly getAs: GetAs;
  readonly outputSchemas: OutputSchemas;
  readonly profile: ProfileName;
  readonly baseUrl?: string;
  readonly server?: string;
  readonly serverVar: readonly string[];
  readonly credentialsFor: readonly string[];
  readonly json: boolean;
}

/** Options for opening documents and calling APIs. */
export interface ApiFlags extends SharedFlags {
  readonly auth: readonly string[];
  readonly header: readonly string[];
  /** Seconds. */
  readonly timeout: number;
  /** Bytes. */
  readonly maxResult: number;
  readonly ca: readonly string[];
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly allowFiles: readonly string[];
  readonly allowFileUrls: readonly string[];
  /** Where the key of stored logins is. */
  readonly tokenStore?: TokenStoreName;
  /** Only where tools are served. */
  readonly mode?: ListMode;
}

/** Options for serving. */
export interface ServeFlags {
  readonly transport: TransportName;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly allowedHost: readonly string[];
  readonly allowedOrigin: readonly string[];
  readonly audience: readonly string[];
  readonly requiredScope: readonly string[];
  readonly publicUrl?: string;
  readonly insecure: boolean;
  readonly logLevel: LogLevel;
  readonly quiet: boolean;
  readonly json: boolean;
}

export interface RunFlags extends ApiFlags, ServeFlags {
  readonly mode: ListMode;
  /** Tokens. */
  readonly budget?: number;
  readonly pin: readonly string[];
  readonly dryRun: boolean;
}

/** Options of commands that only list things. */
export interface ExecFlags {
  /** False: import no modules, start no commands, connect to no servers. */
  readonly exec: boolean;
}

/** `inspect` makes no calls, except to list what remote servers offer. */
export interface InspectFlags extends SharedFlags, ExecFlags, Pick<ApiFlags, 'auth' | 'header' | 'tokenStore'> {
  /** Tokens. */
  readonly budget?: number;
  /** Count with the real tokenizer. */
  readonly exact: boolean;
  /** Print the dependencies between operations instead, in this language. */
  readonly graph?: GraphFormat;
}

/** Options for opening and calling a target. */
export interface ListFlags extends ApiFlags, ExecFlags {}
export type PromptFlags = ApiFlags;

export interface ReadFlags extends ApiFlags {
  /** Where to write files: a new file, or a folder. */
  readonly out?: string;
}

export interface CallFlags extends ReadFlags {
  /** Arguments as a JSON object, or `@` and a file that contains one. */
  readonly args?: string;
}

/** `lint` looks at the document and at what would be served. It makes no calls. */
export interface LintFlags
  extends Omit<SharedFlags, 'cache' | 'allowPrivate' | 'baseUrl' | 'server' | 'serverVar' | 'credentialsFor'> {
  /** File to write an overlay with automatic fixes to. */
  readonly fix?: string;
  readonly format: LintFormat;
  readonly strict: boolean;
}

export interface GenerateFlags extends SharedFlags {
  readonly out: string;
  readonly transport: TransportName;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly diff: boolean;
  readonly check: boolean;
  /** Absent: that of the project, or a copy. */
  readonly runtime?: RuntimeName;
  readonly full: boolean;
}

/** Options of the commands for logins. */
export interface AuthFlags
  extends Pick<
      SharedFlags,
      | 'documentHeader'
      | 'envFile'
      | 'overlay'
      | 'cache'
      | 'allowRemoteRefs'
      | 'allowPrivate'
      | 'baseUrl'
      | 'server'
      | 'serverVar'
      | 'json'
    >,
    Pick<ApiFlags, 'ca' | 'tokenStore'> {
  readonly scheme?: string;
}

export interface LoginFlags extends AuthFlags {
  readonly device: boolean;
  readonly clientId?: string;
  readonly scope: readonly string[];
  readonly browser: boolean;
}

export interface EjectFlags {
  readonly dryRun: boolean;
  readonly json: boolean;
}
