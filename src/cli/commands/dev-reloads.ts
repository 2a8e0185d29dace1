import type { Generations } from '../../refresh/generations.ts';
import { messageOf } from '../../runtime/errors.ts';
import { once } from '../../runtime/once.ts';
import type { Surface } from '../../surface/surface.ts';
import { surfaceChanges } from '../../surface/surface-changes.ts';
import { tellNotReloaded, tellReload } from '../output/reloads.ts';
import { tell } from '../output/report.ts';
import type { OpenedTarget } from '../targets/opened-target.ts';
import { surfaceIn } from '../targets/surface-in.ts';
import type { DevGeneration } from './dev-generation.ts';

export interface ReloaderOptions {
  readonly generations: Generations<DevGeneration>;
  /** Opens the target again. */
  readonly open: () => Promise<DevGeneration>;
  readonly json: boolean;
  readonly quiet: boolean;
}

export interface Failure {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly message: string;
}

export interface Reloader {
  /** Opens the target again. If that fails, the last version that worked is served on. */
  reload(): void;
  /** Why the last edit is not served; `undefined` if it is. */
  failure(): Failure | undefined;
  /** Calls back after each reload, also after one that failed. Returns a function that unsubscribes. */
  onReload(listener: () => void): () => void;
  /** Asks documents at URLs regularly whether they have changed. Returns a function that stops. */
  poll(everyMs: number): () => void;
}

/** A document that is broken by what another file lacks is fixed without an edit of its own. */
const RETRY_MS = 2_000;

/** Reloads one at a time: a change during a reload causes another one. */
export function createReloader({ generations, open, json, quiet }: ReloaderOptions): Reloader {
  const listeners = new Set<() => void>();
  let failure: Failure | undefined;
  let [isReloading, isDue] = [false, false];
  let retry: NodeJS.Timeout | undefined;
  const surfaces = new WeakMap<DevGeneration, () => Promise<Surface>>();

  const surfaceOf = (generation: DevGeneration) => {
    const read = surfaces.get(generation) ?? once(() => surfaceIn(generation.opened));
    surfaces.set(generation, read);
    return read();
  };
  const attempt = async () => {
    const old = generations.current();
    const before = await surfaceOf(old);
    const next = await open();
    const changes = surfaceChanges(before, await surfaceOf(next));
    await generations.replace(next);
    failure = undefined;
    const problems = { before: problemsIn(old.opened), after: problemsIn(next.opened) };
    tellReload(changes, problems, { json, quiet });
    if (!quiet) tellSettings(old.opened, next.opened);
  };
  const failed = (error: unknown) => {
    const message = messageOf(error);
    // A retry that fails in the same way has been reported.
    if (failure?.message !== message) tellNotReloaded(error, { json });
    failure = { at: failure?.message === message ? failure.at : Date.now(), message };
    retry = setTimeout(reload, RETRY_MS);
    retry.unref();
  };
  const run = async () => {
    isReloading = true;
    do {
      isDue = false;
      clearTimeout(retry);
      await attempt().catch(failed);
      for (const listener of [...listeners]) listener();
    } while (isDue);
    isReloading = false;
  };
  const reload = () => {
    isDue = true;
    if (!isReloading) void run();
  };
  return {
    reload,
    failure: () => failure,
    onReload(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    poll: (everyMs) => pollUrls(everyMs, generations, { reload, json }),
  };
}

const problemsIn = ({ apis }: OpenedTarget) => ({ problems: apis.flatMap(({ api }) => api.problems) });

/** How it is served was settled at the start. */
function tellSettings({ settings: old }: OpenedTarget, { settings: next }: OpenedTarget): void {
  const names = ['transport', 'host', 'port', 'path', 'allowedHost', 'allowedOrigin'] as const;
  const changed = names.filter((name) => JSON.stringify(old[name]) !== JSON.stringify(next[name]));
  if (changed.length > 0) tell(`Restart dev to apply what has changed in the config: ${changed.join(', ')}.`);
}

function pollUrls(
  everyMs: number,
  generations: Generations<DevGeneration>,
  { reload, json }: { readonly reload: () => void; readonly json: boolean },
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let told: string | undefined;
  const look = async () => {
    const { apis } = generations.current().opened;
    const onNetwork = apis.filter(({ api }) => api.files.some(({ location }) => /^https?:/i.test(location)));
    try {
      const changed = await Promise.all(onNetwork.map(({ api }) => api.hasChanged()));
      told = undefined;
      if (changed.includes(true)) reload();
    } catch (error) {
      if (told !== messageOf(error)) tellNotReloaded(error, { json });
      told = messageOf(error);
    }
    if (!stopped) timer = setTimeout(look, everyMs).unref();
  };
  timer = setTimeout(look, everyMs).unref();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
