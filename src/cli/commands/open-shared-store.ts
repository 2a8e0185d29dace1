import type { FlagsOf } from '../../options/flags.ts';
import type { SharedStore } from '../../runtime/shared-store.ts';
import type { Environment } from '../flags/environment.ts';
import { CommandError, EXIT, tell, usageError } from '../output/report.ts';
import { isWorker } from '../process/worker.ts';

type StoreFlags = Pick<FlagsOf<'run'>, 'store' | 'storeName' | 'transport' | 'quiet' | 'json'>;

export interface SharedStoreMeans {
  readonly environment: Environment;
  /** The name of the server: servers with another name share nothing. */
  readonly name: string;
  /** Whether callers have tokens, which pass through the store. */
  readonly authenticates: boolean;
}

/**
 * The store that the processes of the server share; `undefined` if it is a single process. Loaded only if there is one.
 *
 * @throws StoreError if it cannot be reached
 */
export async function openSharedStore(
  { store: url, storeName, transport, quiet, json }: StoreFlags,
  { environment, name, authenticates }: SharedStoreMeans,
): Promise<SharedStore | undefined> {
  if (transport !== 'http') return undefined;
  if (url === undefined) return isWorker() ? (await import('./worker-store.ts')).workerStore() : undefined;
  const { OPENAPI_MCP_STORE_KEY: key } = environment;
  if (!key && authenticates) throw keyMissing();
  const { redisStore } = await import('../../redis/index.ts');
  const store = await redisStore(url, { name: storeName ?? nameOf(name), ...(key && { key }) });
  if (!store.isPrivate && !quiet && !json) {
    tell(
      'What the processes share is not encrypted: set OPENAPI_MCP_STORE_KEY to a text of at least 32 characters, the same in all of them.',
    );
  }
  return store;
}

const keyMissing = () =>
  new CommandError(
    EXIT.credential,
    'Tokens of callers pass through the store, which is not encrypted.',
    'Set OPENAPI_MCP_STORE_KEY to a text of at least 32 characters, the same in all processes, for example of: openssl rand -base64 32',
  );

/** @throws CommandError if flags have no effect, or contradict each other */
export function checkProcesses(
  {
    transport,
    workers,
    inspector,
    metricsPort,
  }: Pick<FlagsOf<'run'>, 'transport' | 'workers' | 'inspector' | 'metricsPort'>,
  given: Partial<FlagsOf<'run'>>,
): void {
  const idle = (['store', 'workers'] as const).find((name) => given[name] !== undefined);
  if (transport !== 'http' && idle) {
    const problem = `--${idle} has no effect over stdio, where one process serves one client.`;
    throw usageError(problem, 'Add --transport http.');
  }
  if (workers > 1 && inspector) {
    const problem = '--inspector shows the calls of one process, and --workers starts several.';
    throw usageError(problem, 'Leave out one of them.');
  }
  if (workers > 1 && metricsPort !== undefined) {
    const problem = '--metrics-port would serve the metrics of one worker, another one each time.';
    throw usageError(problem, 'Use --otel, which sends those of each, or leave out --workers.');
  }
}

/** In keys. */
const nameOf = (name: string): string => name.replace(/[^\w.@-]+/g, '-').slice(0, 100) || 'server';
