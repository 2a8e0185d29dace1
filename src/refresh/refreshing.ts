import type { ApiModel } from '../model/index.ts';
import { asError } from '../runtime/errors.ts';
import type { Provider } from '../runtime/provider.ts';
import type { Change } from '../surface/change.ts';
import { readSurface } from '../surface/read-surface.ts';
import { surfaceChanges } from '../surface/surface-changes.ts';
import { createGenerations, type Generation } from './generations.ts';

/** An opened document, as far as it matters for refreshing it. */
export interface Refreshable {
  readonly model: ApiModel;
  readonly provider: Provider;
  /** Whether the document differs from what was read. */
  hasChanged(): Promise<boolean>;
}

/** A document that was opened again. */
export interface Refresh<Api> {
  /** What is different for clients, breaking changes first. */
  readonly changes: readonly Change[];
  readonly before: Api;
  readonly after: Api;
}

export interface RefreshingOptions<Api> {
  /** Milliseconds between two looks at the document. */
  readonly everyMs: number;
  readonly onRefresh: (refresh: Refresh<Api>) => void;
  /** Called when a refresh fails, but not again while the same failure repeats. */
  readonly onError: (error: Error) => void;
}

export interface Refreshing<Api> {
  /** Follows the document: calls that are running when it changes end as they began. Closing it stops looking. */
  readonly provider: Provider;
  current(): Api;
}

/**
 * Opens a document, and opens it again whenever it has changed. If that fails, or leaves nothing to serve, the last
 * version that worked is served on.
 *
 * @throws the errors of opening it for the first time
 */
export async function refreshing<Api extends Refreshable>(
  open: () => Promise<Api>,
  { everyMs, onRefresh, onError }: RefreshingOptions<Api>,
): Promise<Refreshing<Api>> {
  const generations = createGenerations(generationOf(await open()), { onError });
  const current = () => generations.current().api;
  let [timer, isClosed]: [ReturnType<typeof setTimeout> | undefined, boolean] = [undefined, false];
  let told: string | undefined;

  const refresh = async () => {
    const before = current();
    if (!(await before.hasChanged())) return;
    const after = await open();
    if (isClosed) return after.provider.close();
    const changes = await replace(before, after).catch(async (error) => {
      await after.provider.close();
      throw error;
    });
    onRefresh({ changes, before, after });
  };
  const replace = async (before: Api, after: Api) => {
    if (after.model.operations.length === 0 && before.model.operations.length > 0) throw new Error(NOTHING_LEFT);
    const changes = surfaceChanges(await surfaceOf(before), await surfaceOf(after));
    await generations.replace(generationOf(after));
    return changes;
  };
  const look = async () => {
    try {
      await refresh();
      told = undefined;
    } catch (error) {
      const reason = asError(error);
      if (told !== reason.message) onError(reason);
      told = reason.message;
    }
    if (!isClosed) schedule();
    // It was closed while the document was replaced.
    else await generations.close();
  };
  const schedule = () => {
    timer = setTimeout(look, everyMs);
    // Only Node has it: looking does not keep a process alive.
    (timer as { unref?(): void }).unref?.();
  };
  schedule();

  const close = async () => {
    isClosed = true;
    clearTimeout(timer);
    await generations.close();
  };
  return { provider: generations.view(({ api }) => api.provider, close), current };
}

const NOTHING_LEFT = 'The document no longer has an operation that can be served.';

const generationOf = <Api extends Refreshable>(api: Api): Generation & { readonly api: Api } => ({
  api,
  close: () => api.provider.close(),
});

const surfaceOf = ({ provider, model }: Refreshable) => readSurface(provider, [model]);
