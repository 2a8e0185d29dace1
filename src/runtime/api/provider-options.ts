import type { TokenStore } from '../secrets/token-store.ts';
import type { ArgumentValidator } from './arguments/validate-arguments.ts';
import type { Means } from './auth/satisfied.ts';
import type { Exchanger } from './exchange.ts';
import type { HttpSender } from './http.ts';
import type { Decoders } from './read/content-encoding.ts';
import type { ServerSettings } from './request/server-url.ts';
import type { SchemaCompiler } from './schema/schema-check.ts';
import type { FileAccess } from './serialize/files.ts';

/** Everything needed to call an API. Complete: defaults are filled in where the user's options enter. */
export interface ApiProviderOptions
  extends Pick<Means, 'credentials' | 'headers' | 'hasClientCertificate' | 'loginCommand'> {
  readonly servers: ServerSettings;
  /** Headers of the client's request to send on, to the API's servers only. */
  readonly forwardHeaders: readonly string[];
  /** Other values to hide: those filled in from the environment. */
  readonly secrets: readonly string[];
  /** Opens the store of callers who consented to `connect`. Called only if a scheme uses it. */
  readonly tokenStore: () => Promise<TokenStore>;
  /** Prefix of credential variables in messages, if several APIs are served. */
  readonly credentialPrefix: string | undefined;
  /** Origins that the user allows for credentials; `undefined`: all origins in the document. */
  readonly credentialOrigins: readonly string[] | undefined;
  /** Whether requests, and those for tokens, may go to private addresses. */
  readonly allowPrivate: boolean;
  /** Sends requests to the API and, with the same address rules, to token endpoints. */
  readonly send: HttpSender;
  /** Follows a redirect of the API to another origin. */
  readonly sendRedirected: (origin: string) => HttpSender;
  /** How requests to the API are answered; absent: by the API. Requests for tokens are not affected. */
  readonly exchange?: Exchanger | undefined;
  /** Whether `exchange` answers without the API: no credential is needed, and none is sent. Default: no. */
  readonly offline?: boolean;
  readonly decoders: Decoders;
  readonly validator: ArgumentValidator;
  readonly compileSchema: SchemaCompiler;
  readonly files: FileAccess | Promise<FileAccess>;
  /** For a complete call, in milliseconds. */
  readonly timeoutMs: number;
  readonly maxResultBytes: number;
  /** Whether `maxResultBytes` also applies to callers that keep results which are too large. Default false. */
  readonly isResultLimitChosen?: boolean;
  readonly maxAnswerBytes: number;
  readonly maxItems: number;
  /** Frees the resources of `send`. */
  close(): Promise<void>;
}
