import type { OpenedApi } from '../../proxy.ts';
import type { Provider } from '../../runtime/provider.ts';
import type { Environment } from '../flags/environment.ts';
import { runProxyOptions } from '../flags/proxy-options.ts';
import type { ApiFlags, CommandLine, ServeFlags } from '../options.ts';
import { cannotShow, type NotStarted } from './not-started.ts';
import { openDocument, type Purpose } from './open-document.ts';
import type { Target } from './target.ts';

/** How to open a target. */
export interface OpenOptions extends CommandLine<ApiFlags> {
  readonly environment: Environment;
  /** The purpose. */
  readonly purpose: Purpose;
  /** False: code, commands and servers are only listed by name. */
  readonly exec: boolean;
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
}

/**
 * Opens the target on the command line. Modules that only some targets need are imported on demand.
 *
 * @throws DocumentError, OptionError and FilterError for documents, CommandError if nothing is left of one, ModuleError
 *   for modules, ConfigError for config files, CommandError if a server cannot be reached or a flag does not apply to
 *   the target, and PartError around the error of one of several targets
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
