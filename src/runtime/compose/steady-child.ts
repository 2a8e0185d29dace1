import { messageOf } from '../errors.ts';
import type { ListChange, ListContext, Prompt, Provider, Resource, ResourceTemplate, Tool } from '../provider.ts';
import { within } from '../until-aborted.ts';

/** The lists of a provider, and what stands in each. */
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
  /** What messages call it. */
  readonly label: string;
  /** Milliseconds a list may take before the last known one stands in for it. */
  readonly listTimeoutMs: number;
  /** Told when a list that was slow or overdue has come and differs: clients may have given up waiting for it. */
  readonly onLate: (change: ListChange) => void;
  /** Told of each failure that the lists hide. */
  readonly onProblem: (problem: Error) => void;
}

/** A child whose lists always answer: in time, and with what was last known where it cannot be asked. */
export class SteadyChild {
  readonly provider: Provider;
  readonly label: string;
  readonly #options: SteadyChildOptions;
  /** By list and caller: lists may vary by authorization. */
  readonly #known = new Map<string, readonly unknown[]>();
  readonly #overdue = new Set<string>();
  readonly #problems = new Map<ListName, string>();

  constructor(options: SteadyChildOptions) {
    this.provider = options.provider;
    this.label = options.label;
    this.#options = options;
  }

  /** Why one of its lists could not be had the last time; `undefined` while all is well. */
  get problem(): string | undefined {
    for (const problem of this.#problems.values()) return problem;
    return undefined;
  }

  /** Whether the last one of these lists came from the child itself. */
  isWell(name: ListName): boolean {
    return !this.#problems.has(name);
  }

  async list<Name extends ListName>(name: Name, context: ListContext): Promise<readonly Lists[Name][]> {
    const key = `${name} ${callerKey(context)}`;
    // What is kept under a key is what that list gave.
    const known = () => (this.#known.get(key) ?? NOTHING) as readonly Lists[Name][];
    // The child still owes the last answer: everybody waiting the whole time again would help nobody.
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

  /** What it lists without waiting for a server that starts: what was last known, where it does not say at once. */
  async ready<Name extends ListName>(name: Name, context: ListContext): Promise<readonly Lists[Name][]> {
    // Whoever asks for the list itself is told why there is none.
    const answer = await within(this.#ask(name, { ...context, ready: true }), READY_MS).catch(() => undefined);
    return answer?.value ?? ((this.#known.get(`${name} ${callerKey(context)}`) ?? NOTHING) as readonly Lists[Name][]);
  }

  async #ask<Name extends ListName>(name: Name, context: ListContext): Promise<readonly Lists[Name][]> {
    // Each of the four methods gives its own list, which an index by name cannot say.
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
    // The oldest caller goes first where there are very many.
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
    // Four lists that fail for one reason are one problem.
    const known = [...this.#problems.values()].includes(problem);
    this.#problems.set(name, problem);
    if (!known) this.#options.onProblem(new ChildNotListed(this.label, problem));
  }
}

/** Told beside the lists: what is missing in them may be this child's. */
class ChildNotListed extends Error {
  readonly code = 'CHILD_NOT_LISTED';
  readonly child: string;
  constructor(child: string, reason: string) {
    super(`"${child}" cannot be listed: ${reason}`);
    this.child = child;
  }
}

/** Longer than a list takes of a server that runs. */
const SLOW_MS = 1_000;
/** As long as a list may take that is at hand. */
export const READY_MS = 250;
const NOTHING: readonly never[] = Object.freeze([]);
const MAX_KNOWN = 1024;

/** Callers with the same key are shown the same lists: whatever lists may depend on is in it. */
export function callerKey({ caller }: ListContext): string {
  return caller ? JSON.stringify([caller.id, caller.scopes, caller.claims]) : '';
}
