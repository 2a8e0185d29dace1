import { callerKey } from '../caller-key.ts';
import { messageOf } from '../errors.ts';
import type { ListChange, ListContext, Prompt, Provider, Resource, ResourceTemplate, Tool } from '../provider.ts';
import { within } from '../until-aborted.ts';

/** The lists of a provider, with their item types. */
export interface Lists {
  listTools: Tool;
  listResources: Resource;
  listResourceTemplates: ResourceTemplate;
  listPrompts: Prompt;
}
export type ListName = keyof Lists;

const CHANGE: Readonly<Record<ListName, ListChange>> = {
  listTools: 'tools',
  listResources: 'resources',
  listResourceTemplates: 'resources',
  listPrompts: 'prompts',
};

export interface SteadyChildOptions {
  readonly provider: Provider;
  /** The child's name in messages. */
  readonly label: string;
  /** How long a list may take, in milliseconds, before the last known one is used. */
  readonly listTimeoutMs: number;
  /** Called when a slow or overdue list has arrived and differs: clients may no longer be waiting for it. */
  readonly onLate: (change: ListChange) => void;
  /** Called for each failure that the lists hide. */
  readonly onProblem: (problem: Error) => void;
}

/** A child whose lists always return: in time, and as last known if the child cannot be reached. */
export class SteadyChild {
  readonly provider: Provider;
  readonly label: string;
  readonly #options: SteadyChildOptions;
  /** By list and caller: lists may depend on authorization. */
  readonly #known = new Map<string, readonly unknown[]>();
  readonly #overdue = new Set<string>();
  readonly #problems = new Map<ListName, string>();

  constructor(options: SteadyChildOptions) {
    this.provider = options.provider;
    this.label = options.label;
    this.#options = options;
  }

  /** Why one of its lists failed the last time; `undefined` if none did. */
  get problem(): string | undefined {
    for (const problem of this.#problems.values()) return problem;
    return undefined;
  }

  /** Whether the last of these lists came from the child itself. */
  isWell(name: ListName): boolean {
    return !this.#problems.has(name);
  }

  async list<Name extends ListName>(name: Name, context: ListContext): Promise<readonly Lists[Name][]> {
    const key = `${name} ${callerKey(context)}`;
    // The cache key includes the list, so the value has its type.
    const known = () => (this.#known.get(key) ?? NOTHING) as readonly Lists[Name][];
    // The last request is still pending: do not let everyone wait for the full limit again.
    if (this.#overdue.has(key)) return known();
    const listing = this.#ask(name, context);
    const asked = Date.now();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const overdue = new Promise<'overdue'>((resolve) => {
      timer = setTimeout(resolve, this.#options.listTimeoutMs, 'overdue');
    });
    try {
      const outcome = await Promise.race([listing, overdue]);
      if (outcome !== 'overdue') {
        if (Date.now() - asked > SLOW_MS) this.#keepLate(key, name, outcome);
        return this.#keep(key, name, outcome);
      }
      this.#fail(name, `no response within ${this.#options.listTimeoutMs} ms`);
      this.#awaitLate(key, name, listing);
    } catch (error) {
      this.#fail(name, messageOf(error));
    } finally {
      clearTimeout(timer);
    }
    return known();
  }

  /** Its lists without waiting for a server that is starting: the last known ones, unless it responds immediately. */
  async ready<Name extends ListName>(name: Name, context: ListContext): Promise<readonly Lists[Name][]> {
    // Errors are reported to those who request the list itself.
    const answer = await within(this.#ask(name, { ...context, ready: true }), READY_MS).catch(() => undefined);
    return answer?.value ?? ((this.#known.get(`${name} ${callerKey(context)}`) ?? NOTHING) as readonly Lists[Name][]);
  }

  async #ask<Name extends ListName>(name: Name, context: ListContext): Promise<readonly Lists[Name][]> {
    // Each of the four methods returns its own list type, which an index by name cannot express.
    return (await this.provider[name](context)) as readonly Lists[Name][];
  }

  #awaitLate<Name extends ListName>(key: string, name: Name, listing: Promise<readonly Lists[Name][]>): void {
    this.#overdue.add(key);
    listing
      .then(
        (list) => this.#keepLate(key, name, list),
        (error: unknown) => this.#fail(name, messageOf(error)),
      )
      .finally(() => this.#overdue.delete(key));
  }

  #keepLate<Item>(key: string, name: ListName, list: readonly Item[]): void {
    const before = this.#known.get(key) ?? NOTHING;
    this.#keep(key, name, list);
    if (before !== list && before.length + list.length > 0) this.#options.onLate(CHANGE[name]);
  }

  #keep<Item>(key: string, name: ListName, list: readonly Item[]): readonly Item[] {
    this.#problems.delete(name);
    if (this.#known.get(key) === list) return list;
    // With very many callers, drop the oldest.
    if (this.#known.size >= MAX_KNOWN && !this.#known.has(key)) {
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest);
        break;
      }
    }
    this.#known.set(key, list);
    return list;
  }

  #fail(name: ListName, problem: string): void {
    // Four lists that fail for the same reason are one problem.
    const known = [...this.#problems.values()].includes(problem);
    this.#problems.set(name, problem);
    if (!known) this.#options.onProblem(new ChildNotListed(this.label, problem));
  }
}

/** Added to the lists: missing items may belong to this child. */
class ChildNotListed extends Error {
  readonly code = 'CHILD_NOT_LISTED';
  readonly child: string;
  constructor(child: string, reason: string) {
    super(`"${child}" cannot be listed: ${reason}`);
    this.child = child;
  }
}

/** Longer than a running server takes for a list. */
const SLOW_MS = 1_000;
/** How long a cached list may take. */
export const READY_MS = 250;
const NOTHING: readonly never[] = Object.freeze([]);
const MAX_KNOWN = 1024;
