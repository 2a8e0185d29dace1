import { asError } from '../runtime/errors.ts';
import { lackingScopes } from '../runtime/lacking-scopes.ts';
import { listening } from '../runtime/listening.ts';
import { notPreviewed } from '../runtime/preview.ts';
import type { ListChange, Provider } from '../runtime/provider.ts';
import { within } from '../runtime/until-aborted.ts';

/** What is served between two reloads. */
export interface Generation {
  /** Frees everything. Called after its last call has ended. */
  close(): Promise<void>;
}

export interface Generations<Each extends Generation> {
  /** What new calls get. */
  current(): Each;
  /**
   * A provider that follows the current generation. A call that is running when the generation changes ends in the one
   * that it started in.
   *
   * @param close what closing the provider does; default: nothing
   */
  view(pick: (generation: Each) => Provider, close?: () => Promise<void>): Provider;
  /**
   * Replaces the current generation at once, and announces the lists that differ. The old one is closed after its last
   * call, but no later than after `drainMs`.
   */
  replace(next: Each): Promise<void>;
  close(): Promise<void>;
}

export interface GenerationsOptions {
  /** Default 60,000. */
  readonly drainMs?: number;
  readonly onError: (error: Error) => void;
}

/** For calls that still run when everything is closed. */
const LAST_MS = 1_000;

/** Serves one generation after the other. */
export function createGenerations<Each extends Generation>(
  first: Each,
  { drainMs = 60_000, onError }: GenerationsOptions,
): Generations<Each> {
  let current = hold(first);
  const views: View<Each>[] = [];
  const retired = new Set<Promise<void>>();
  return {
    current: () => current.generation,
    view(pick, close = async () => {}) {
      const [changes, updates] = [listening<ListChange>(), listening<string>()];
      const view = { pick, tell: changes.tell, tellUpdate: updates.tell };
      views.push(view);
      current.follow(view);
      return following({
        provider: () => pick(current.generation),
        held: () => current,
        onChange: changes.listen,
        onResourceUpdate: updates.listen,
        close,
      });
    },
    async replace(generation) {
      const old = current;
      const next = hold(generation);
      // Compared before the old one can close.
      const changes = await Promise.all(
        views.map(async ({ pick }) => differences(pick(old.generation), pick(generation), onError)),
      );
      current = next;
      for (const view of views) current.follow(view);
      for (const [index, { tell }] of views.entries()) changes[index]?.forEach(tell);
      const closing = old.retire(drainMs).catch(onError);
      retired.add(closing);
      closing.then(() => retired.delete(closing));
    },
    async close() {
      await Promise.all([current.retire(LAST_MS), ...retired]);
    },
  };
}

interface View<Each> {
  readonly pick: (generation: Each) => Provider;
  readonly tell: (change: ListChange) => void;
  readonly tellUpdate: (uri: string) => void;
}

/** A generation with its running calls. */
interface Held<Each> {
  readonly generation: Each;
  /** Passes on changes of its lists and resources. */
  follow(view: View<Each>): void;
  run<T>(act: () => Promise<T>): Promise<T>;
  retire(drainMs: number): Promise<void>;
}

function hold<Each extends Generation>(generation: Each): Held<Each> {
  const unfollow: (() => void)[] = [];
  let running = 0;
  let onIdle = () => {};
  return {
    generation,
    follow({ pick, tell, tellUpdate }) {
      const provider = pick(generation);
      unfollow.push(provider.onChange(tell), provider.onResourceUpdate?.(tellUpdate) ?? (() => {}));
    },
    async run(act) {
      running += 1;
      try {
        return await act();
      } finally {
        running -= 1;
        if (running === 0) onIdle();
      }
    },
    async retire(drainMs) {
      for (const stop of unfollow) stop();
      const idle = new Promise<void>((resolve) => {
        onIdle = resolve;
      });
      if (running > 0) await within(idle, drainMs);
      await generation.close();
    },
  };
}

interface Following<Each> extends Required<Pick<Provider, 'onChange' | 'onResourceUpdate' | 'close'>> {
  readonly provider: () => Provider;
  readonly held: () => Held<Each>;
}

function following<Each extends Generation>({
  provider,
  held,
  onChange,
  onResourceUpdate,
  close,
}: Following<Each>): Provider {
  const run = <T>(act: (provider: Provider) => Promise<T>): Promise<T> => {
    const now = provider();
    return held().run(() => act(now));
  };
  return {
    contract: 1,
    get info() {
      return provider().info;
    },
    listTools: (context) => run((now) => now.listTools(context)),
    callTool: (call, context) =>
      run(async (now) => (context.preview && !now.previews ? notPreviewed(call.name) : now.callTool(call, context))),
    listResources: (context) => run((now) => now.listResources(context)),
    listResourceTemplates: (context) => run((now) => now.listResourceTemplates(context)),
    readResource: (read, context) => run((now) => now.readResource(read, context)),
    listPrompts: (context) => run((now) => now.listPrompts(context)),
    getPrompt: (get, context) => run((now) => now.getPrompt(get, context)),
    complete: (completion, context) => run((now) => now.complete(completion, context)),
    lackingScopes: (request, context) => run((now) => lackingScopes(now, request, context)),
    previews: true,
    onChange,
    get onResourceUpdate() {
      return provider().onResourceUpdate && onResourceUpdate;
    },
    close,
  };
}

/** The kinds of list that differ between two providers. One that cannot be listed counts as different. */
async function differences(
  old: Provider,
  next: Provider,
  onError: (error: Error) => void,
): Promise<readonly ListChange[]> {
  const context = { unrestricted: true, ready: true } as const;
  const texts = async (provider: Provider) => ({
    tools: JSON.stringify(await provider.listTools(context)),
    resources: JSON.stringify([await provider.listResources(context), await provider.listResourceTemplates(context)]),
    prompts: JSON.stringify(await provider.listPrompts(context)),
  });
  try {
    const [before, after] = await Promise.all([texts(old), texts(next)]);
    return (['tools', 'resources', 'prompts'] as const).filter((kind) => before[kind] !== after[kind]);
  } catch (error) {
    onError(asError(error));
    return ['tools', 'resources', 'prompts'];
  }
}
