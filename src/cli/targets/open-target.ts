import type { OpenedApi } from '../../proxy.ts';
import type { Provider } from '../../runtime/provider.ts';
import type { Environment } from '../environment.ts';
import { openDocument, type Purpose } from '../open-document.ts';
import type { ApiFlags, CommandLine, ServeFlags } from '../options.ts';
import { runProxyOptions } from '../proxy-options.ts';
import { cannotShow, type NotStarted } from './not-started.ts';
import type { Target } from './target.ts';

/** How a target is opened. */
export interface OpenOptions extends CommandLine<ApiFlags> {
  readonly environment: Environment;
  /** What for. */
  readonly purpose: Purpose;
  /** False: what would run code, start a command or connect to a server is only named. */
  readonly exec: boolean;
  /** Told of failures beside the calls: a server that cannot be listed, a middleware that throws. */
  readonly onError: (error: Error) => void;
}

/** A target that is ready to be served, or called. Closing the provider closes everything. */
export interface OpenedTarget {
  readonly target: Target;
  readonly provider: Provider;
  /** The OpenAPI documents in it. */
  readonly apis: readonly NamedApi[];
  /** What a config file says of how it is served. */
  readonly settings: ServeSettings;
  /** What was only named, without `exec`. */
  readonly notStarted: readonly NotStarted[];
}

export interface NamedApi {
  /** Absent where the document is all there is. */
  readonly namespace?: string;
  readonly api: OpenedApi;
}

export interface ServeSettings extends Partial<ServeFlags> {
  /** What HTTP clients must send, in place of `OPENAPI_MCP_TOKEN`. */
  readonly token?: string;
}

/**
 * Opens what the command line names. What only some targets need is loaded with them: a document by itself needs
 * neither compositions nor config files.
 *
 * @throws DocumentError, OptionError, FilterError of documents and CommandError where nothing is left of one, ModuleError of modules, ConfigError of config files,
 *   CommandError where a server cannot be reached or a flag does not go with the target, and PartError round the one of
 *   several that failed.
 */
export async function openTarget(target: Target, options: OpenOptions): Promise<OpenedTarget> {
  switch (target.kind) {
    case 'document': {
      const proxyOptions = runProxyOptions(options.flags, options.environment);
      const api = await openDocument(target.document, proxyOptions, options);
      return { ...alone(target, api.provider), apis: [{ api }] };
    }
    case 'module': {
      if (!options.exec) throw cannotShow(target, 'cannot be shown without running it');
      const { openModule } = await import('./open-module.ts');
      return alone(target, await openModule(target, options));
    }
    case 'url':
    case 'command': {
      if (!options.exec) throw cannotShow(target, 'cannot be shown without starting or connecting to it');
      const { openServer } = await import('./open-server.ts');
      return alone(target, await openServer(target, options));
    }
    case 'several': {
      const { openSeveral } = await import('./open-several.ts');
      const { provider, apis, notStarted } = await openSeveral(target, options);
      return { ...alone(target, provider), apis, notStarted };
    }
    case 'config': {
      const { openConfigTarget } = await import('./open-config-target.ts');
      return { target, ...(await openConfigTarget(target, options)) };
    }
  }
}

const alone = (target: Target, provider: Provider): OpenedTarget => ({
  target,
  provider,
  apis: [],
  settings: {},
  notStarted: [],
});
