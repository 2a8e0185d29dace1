import { messageOf, readFailed } from '../errors.ts';
import { listening } from '../listening.ts';
import { outcomeOf, withOutcome } from '../outcome.ts';
import type { ListChange, Provider, ProviderError } from '../provider.ts';
import type { OnDuplicate } from './catalog.ts';
import { MergedLists } from './merged-lists.ts';
import { SteadyChild } from './steady-child.ts';

export interface ChildrenOptions {
  readonly onDuplicate: OnDuplicate;
  readonly listTimeoutMs: number;
  readonly maskErrors: boolean;
  readonly onProblem: (problem: Error) => void;
}

/** The children of a composite, which come and go, with their merged lists and the changes that they announce. */
export class Children {
  readonly lists: MergedLists;
  readonly #options: ChildrenOptions;
  /** In mount order, each with a function that ends its subscription. */
  readonly #stops = new Map<SteadyChild, () => void>();
  readonly #changes = listening<ListChange>();
  readonly #updates = listening<string>();
  #isClosed = false;

  constructor(options: ChildrenOptions) {
    const { onDuplicate } = options;
    this.#options = options;
    this.lists = new MergedLists({ onDuplicate, children: () => this.all, absent: () => this.absent() });
  }

  /** In mount order. */
  get all(): readonly SteadyChild[] {
    return [...this.#stops.keys()];
  }

  /** @param label the name of the child in messages. @returns a function that removes the child without closing it */
  add(provider: Provider, label: string): () => void {
    const child = new SteadyChild({
      provider,
      label,
      listTimeoutMs: this.#options.listTimeoutMs,
      onLate: (change) => this.#announce(change),
      onProblem: (problem) => {
        // A failure because of closing is not a problem.
        if (!this.#isClosed) this.#options.onProblem(problem);
      },
    });
    const stops = [
      provider.onChange((change) => this.#announce(change)),
      provider.onResourceUpdate?.(this.#updates.tell),
    ];
    const stop = () => {
      for (const each of stops) each?.();
    };
    this.#stops.set(child, stop);
    this.#announceAll();
    return () => {
      if (!this.#stops.delete(child)) return;
      stop();
      this.#announceAll();
    };
  }

  readonly onChange = this.#changes.listen;

  /** `undefined` while no child has updates. */
  get onResourceUpdate(): Provider['onResourceUpdate'] {
    return this.all.some(({ provider }) => provider.onResourceUpdate) ? this.#updates.listen : undefined;
  }

  /** Names the children that could not be listed: a missing item may belong to one of them. */
  absent(): string {
    return this.all
      .filter((child) => child.problem !== undefined)
      .map(({ label, problem = '' }) => {
        const why = this.#options.maskErrors ? '' : `: ${problem.replace(/\.$/, '')}`;
        return ` "${label}" is not available${why}.`;
      })
      .join('');
  }

  /** The error for clients if a child broke its contract, or could not be reached. */
  failure(child: SteadyChild, task: string, error: unknown): ProviderError {
    const masked = `"${child.label}" could not ${task}`;
    const full = `${masked}: ${messageOf(error)}`;
    this.#options.onProblem(new Error(full, { cause: error }));
    return withOutcome(readFailed(this.#options.maskErrors ? `${masked}.` : full), outcomeOf(error));
  }

  /** Closes every child, even if some fail. @throws AggregateError */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const stop of this.#stops.values()) stop();
    const closing = await Promise.allSettled(this.all.map(({ provider }) => provider.close()));
    const failed = closing.filter((outcome) => outcome.status === 'rejected');
    if (failed.length > 0) {
      throw new AggregateError(
        failed.map((outcome) => outcome.reason),
        `${failed.length} of the mounted providers failed to close.`,
      );
    }
  }

  #announce(change: ListChange): void {
    this.lists.expire(change);
    this.#changes.tell(change);
  }

  #announceAll(): void {
    for (const change of ['tools', 'resources', 'prompts'] as const) this.#announce(change);
  }
}
