import type { CallerAuthConfig } from '../../config/caller-auth-config.ts';
import type { ApiFlags, ServeFlags } from '../../options/flags.ts';
import type { OpenedApi } from '../../proxy.ts';
import type { Provider } from '../../runtime/provider.ts';
import type { TransportName } from '../../runtime/serve/serve-defaults.ts';
import type { CommandLine } from '../flags/command-line.ts';
import type { Environment } from '../flags/environment.ts';
import type { NotStarted } from './not-started.ts';
import type { Purpose, RefreshListener } from './open-document.ts';
import type { Target } from './target.ts';

export interface OpenOptions extends CommandLine<ApiFlags> {
  readonly environment: Environment;
  readonly purpose: Purpose;
  /** False: code, commands and servers are only listed by name. */
  readonly exec: boolean;
  /** The transport on the command line, if it names one: scopes apply to HTTP. */
  readonly transport?: TransportName;
  /** Absent: documents are not refreshed. */
  readonly refreshing?: RefreshListener;
  /** Receives errors that occur outside calls: a server that cannot be listed, a middleware that throws. */
  readonly onError: (error: Error) => void;
}

/** A target that is ready to be served or called. Closing the provider closes everything. */
export interface OpenedTarget {
  readonly target: Target;
  readonly provider: Provider;
  /** Its OpenAPI documents. */
  readonly apis: readonly NamedApi[];
  /** The serving options from a config file. */
  readonly settings: ServeSettings;
  /** Absolute paths of what it was read from, besides its documents: config files, modules, and what they name. */
  readonly files: readonly string[];
  /** What was only listed by name, without `exec`. */
  readonly notStarted: readonly NotStarted[];
}

export interface NamedApi {
  /** Absent if the target is a single document. */
  readonly namespace?: string;
  readonly api: OpenedApi;
}

export interface ServeSettings extends Partial<ServeFlags> {
  /** The token that HTTP clients must send, instead of `OPENAPI_MCP_TOKEN`. */
  readonly token?: string;
  /** Who may call over HTTP. */
  readonly callers?: CallerAuthConfig;
}
