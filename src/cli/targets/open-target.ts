import { resolve } from 'node:path';
import type { Provider } from '../../runtime/provider.ts';
import { runProxyOptions } from '../flags/proxy-options.ts';
import { cannotShow } from './not-started.ts';
import { openDocument } from './open-document.ts';
import type { OpenedTarget, OpenOptions } from './opened-target.ts';
import type { NamedTarget, Target } from './target.ts';

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
      return { ...alone(target, await openModule(target, options)), files: [resolve(target.path)] };
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
      return { ...alone(target, provider), apis, notStarted, files: target.parts.flatMap(moduleOf) };
    }
    case 'config': {
      const { openConfigTarget } = await import('./config/open-config-target.ts');
      return { target, ...(await openConfigTarget(target, options)) };
    }
  }
}

const alone = (target: Target, provider: Provider): OpenedTarget => ({
  target,
  provider,
  apis: [],
  settings: {},
  files: [],
  notStarted: [],
});

const moduleOf = (part: NamedTarget): string[] => (part.target.kind === 'module' ? [resolve(part.target.path)] : []);
