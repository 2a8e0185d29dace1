import { credentialPrefix } from '../../config/credential-prefix.ts';
import type { ApiFlags } from '../../options/flags.ts';
import type { Provider } from '../../runtime/provider.ts';
import { createServer } from '../../runtime/server.ts';
import { VERSION } from '../../version.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { flagsOfEach } from '../flags/flags-of-each.ts';
import { runProxyOptions } from '../flags/proxy-options.ts';
import { startLimit } from '../flags/with-flags.ts';
import { PartError } from '../output/report.ts';
import type { NotStarted } from './not-started.ts';
import { openAll } from './open-all.ts';
import { openDocument } from './open-document.ts';
import { openModule } from './open-module.ts';
import { openServer } from './open-server.ts';
import type { NamedApi, OpenOptions } from './opened-target.ts';
import type { NamedTarget, SeveralTarget } from './target.ts';

interface OpenedPart {
  readonly namespace: string;
  readonly provider: Provider;
  readonly apis: readonly NamedApi[];
}

/**
 * Opens several targets as one server, each mounted under its namespace. If one fails, startup fails. @throws PartError
 */
export async function openSeveral(
  { parts }: SeveralTarget,
  options: OpenOptions,
): Promise<{
  readonly provider: Provider;
  readonly apis: readonly NamedApi[];
  readonly notStarted: readonly NotStarted[];
}> {
  const lines = flagsOfEach(
    parts.map(({ namespace }) => namespace),
    options,
  );
  const notStarted = options.exec ? [] : parts.flatMap(startedPart);
  const opened = await openAll(
    (options.exec ? parts : parts.filter(({ target }) => target.kind === 'document')).map(
      (part) => () => openPart(part, { ...options, ...(lines.get(part.namespace) as CommandLine<ApiFlags>) }),
    ),
  );
  const name = parts.map(({ namespace }) => namespace).join('-');
  const { connectTimeoutMs: listTimeoutMs } = startLimit(options);
  const server = createServer({
    name,
    version: VERSION,
    onError: options.onError,
    ...(listTimeoutMs !== undefined && { listTimeoutMs }),
  });
  for (const { namespace, provider } of opened) server.mount(namespace, provider);
  return { provider: server, apis: opened.flatMap(({ apis }) => apis), notStarted };
}

function startedPart({ namespace, target }: NamedTarget): readonly NotStarted[] {
  if (target.kind === 'document') return [];
  return [{ kind: target.kind === 'module' ? 'module' : 'server', name: namespace }];
}

async function openPart({ namespace, target }: NamedTarget, options: OpenOptions): Promise<OpenedPart> {
  const prefix = credentialPrefix(namespace);
  try {
    switch (target.kind) {
      case 'document': {
        const proxyOptions = { ...runProxyOptions(options.flags, options.environment), credentialPrefix: prefix };
        const api = await openDocument(target.document, proxyOptions, { ...options, namespace });
        return { namespace, provider: api.provider, apis: [{ namespace, api }] };
      }
      case 'module':
        return { namespace, provider: await openModule(target, options), apis: [] };
      case 'url':
        return { namespace, provider: await openServer(target, { ...options, prefix }), apis: [] };
    }
  } catch (error) {
    throw new PartError(namespace, error);
  }
}
