import {
  codeOf,
  errorResult,
  failedResult,
  isProviderError,
  isQuestionAsked,
  messageOf,
  readFailed,
} from '../errors.ts';
import { declareOptions } from '../options/declare-options.ts';
import { OptionError } from '../options/option-error.ts';
import { choice, func, number, type OptionKinds, onOff, record } from '../options/option-kinds.ts';
import { TIMER_MS } from '../options/option-range.ts';
import { outcomeOf, withOutcome } from '../outcome.ts';
import {
  type CallContext,
  type ListChange,
  type ListContext,
  type Provider,
  ProviderError,
  type ProviderInfo,
  type ResourceTemplate,
} from '../provider.ts';
import type { Merged, OnDuplicate } from './catalog.ts';
import { checkProvider } from './check-provider.ts';
import { MergedLists } from './merged-lists.ts';
import { matchingTemplate } from './owned-uris.ts';
import { type ListName, type Lists, SteadyChild } from './steady-child.ts';

export interface CompositeOptions {
  /** The name and version of the composite. Default: `{ name: 'composite', version: '0.0.0' }`. */
  readonly info?: ProviderInfo;
  /**
   * If two children have the same name or URI: throw an error that names both (default), or use the later (`replace`)
   * or the earlier one (`ignore`).
   */
  readonly onDuplicate?: OnDuplicate;
  /**
   * How long to wait for a child that is still starting, in milliseconds, before its lists are served as last known and
   * its calls fail. Default 30,000.
   */
  readonly listTimeoutMs?: number;
  /** Tell clients which child failed, but not why. Default false. */
  readonly maskErrors?: boolean;
  /**
   * Called when a child cannot be listed (its last known lists are served), or when one of its calls fails. Default:
   * ignored.
   */
  readonly onProblem?: (problem: Error) => void;
}

export const COMPOSITE_KINDS: OptionKinds<CompositeOptions> = {
  info: record,
  onDuplicate: choice({ error: true, replace: true, ignore: true } satisfies Record<OnDuplicate, true>),
  listTimeoutMs: number(TIMER_MS),
  maskErrors: onOff,
  onProblem: func,
};
const checked = declareOptions<CompositeOptions>('composite()', COMPOSITE_KINDS, {
  hints: { name: 'Write info: { name, version }.', onError: 'Write "onProblem".' },
});

/** A composite that children can join while it is being served. */
export interface OpenComposite extends Provider {
  /**
   * @param label the name of the child in messages
   * @returns a function that removes the child without closing it
   */
  add(child: Provider, label: string): { remove(): void };
}

/**
 * Combines several providers. It is live: it forwards the changes that children announce. A child that is down does not
 * affect the others: its last known items stay listed, and their calls fail with a clear error.
 *
 * Closing it closes its children.
 */
export function composite(children: readonly Provider[], options: CompositeOptions = {}): Provider {
  if (!Array.isArray(children)) {
    throw new OptionError('composite() takes a list of providers: composite([one, other]).');
  }
  const whole = openComposite(checked(options));
  children.forEach((child, index) => {
    checkProvider(child, `child ${index + 1}`);
    whole.add(child, child.info.name);
  });
  return whole;
}

/** A {@link composite} without children so far. */
export function openComposite(options: CompositeOptions = {}): OpenComposite {
  const info = options.info ?? { name: 'composite', version: '0.0.0' };
  const onDuplicate = options.onDuplicate ?? 'error';
  const listTimeoutMs = options.listTimeoutMs ?? LIST_TIMEOUT_MS;
  /** In mount order, each with a function that ends its subscription. */
  const children = new Map<SteadyChild, () => void>();
  const listeners = new Set<(change: ListChange) => void>();
  let isClosed = false;
  const lists = new MergedLists({ onDuplicate, children: () => [...children.keys()], absent });

  const announce = (change: ListChange) => {
    lists.expire(change);
    for (const listener of [...listeners]) listener(change);
  };

  const announceAll = () => {
    for (const change of ['tools', 'resources', 'prompts'] as const) announce(change);
  };

  async function list<Name extends ListName>(name: Name, context: ListContext): Promise<readonly Lists[Name][]> {
    const { items, collisions } = await (context.ready ? lists.ready(name, context) : lists.whole(name, context));
    if (collisions[0]) throw new Error(collisions[0].message);
    return items;
  }

  async function ownerOf(name: ListName, key: string, context: ListContext) {
    return lists.search([name], context, async (list) => (await list(name)).owners.get(key));
  }

  /** Names the children that could not be listed: a missing item may belong to one of them. */
  function absent(): string {
    const down = [...children.keys()].filter((child) => child.problem !== undefined);
    return down
      .map(({ label, problem = '' }) => {
        const why = options.maskErrors ? '' : `: ${problem.replace(/\.$/, '')}`;
        return ` "${label}" is not available${why}.`;
      })
      .join('');
  }

  /** Children that may have a resource, the likely one first: others may read resources that they do not list. */
  async function readers(uri: string, context: ListContext): Promise<readonly SteadyChild[]> {
    const likely = await lists.search(['listResources', 'listResourceTemplates'], context, async (list) => {
      const exact = (await list('listResources')).owners.get(uri);
      return exact ?? templateOwner(await list('listResourceTemplates'), uri);
    });
    if (likely === undefined) return [...children.keys()];
    if (!(likely instanceof SteadyChild)) throw readFailed(likely.message);
    return [likely, ...[...children.keys()].filter((child) => child !== likely)];
  }

  /** The error for clients if a child broke its contract, or could not be reached. */
  function failure(child: SteadyChild, task: string, error: unknown): ProviderError {
    const told = `"${child.label}" could not ${task}`;
    options.onProblem?.(new Error(`${told}: ${messageOf(error)}`, { cause: error }));
    const message = options.maskErrors ? `${told}.` : `${told}: ${messageOf(error)}`;
    return withOutcome(readFailed(message), outcomeOf(error));
  }

  return {
    contract: 1,
    info,
    add(provider, label) {
      const child = new SteadyChild({
        provider,
        label,
        listTimeoutMs,
        onLate: announce,
        // A failure because of closing is not a problem.
        onProblem: (problem) => isClosed || options.onProblem?.(problem),
      });
      const stop = provider.onChange(announce);
      children.set(child, stop);
      announceAll();
      return {
        remove() {
          if (!children.delete(child)) return;
          stop();
          announceAll();
        },
      };
    },
    listTools: (context) => list('listTools', context),
    async callTool(call, context) {
      const owner = await ownerOf('listTools', call.name, context);
      if (!owner) throw new ProviderError('TOOL_NOT_FOUND', `Unknown tool: ${call.name}.${absent()}`);
      if (!(owner instanceof SteadyChild)) return errorResult(owner.message);
      try {
        return await owner.provider.callTool(call, context);
      } catch (error) {
        if (isMeant(error, context)) throw error;
        return failedResult(failure(owner, `run the tool "${call.name}"`, error));
      }
    },
    listResources: (context) => list('listResources', context),
    listResourceTemplates: (context) => list('listResourceTemplates', context),
    async readResource(read, context) {
      for (const reader of await readers(read.uri, context)) {
        try {
          return await reader.provider.readResource(read, context);
        } catch (error) {
          if (!isMeant(error, context)) throw failure(reader, `read ${read.uri}`, error);
          if (codeOf(error) !== 'RESOURCE_NOT_FOUND') throw error;
        }
      }
      throw new ProviderError('RESOURCE_NOT_FOUND', `No resource has the URI ${read.uri}.${absent()}`);
    },
    listPrompts: (context) => list('listPrompts', context),
    async getPrompt(get, context) {
      const owner = await ownerOf('listPrompts', get.name, context);
      if (!owner) throw new ProviderError('PROMPT_NOT_FOUND', `Unknown prompt: ${get.name}.${absent()}`);
      if (!(owner instanceof SteadyChild)) throw readFailed(owner.message);
      try {
        return await owner.provider.getPrompt(get, context);
      } catch (error) {
        if (isMeant(error, context)) throw error;
        throw failure(owner, `get the prompt "${get.name}"`, error);
      }
    },
    async complete(completion, context: CallContext) {
      const { ref } = completion;
      const owner =
        ref.type === 'prompt'
          ? await ownerOf('listPrompts', ref.name, context)
          : await ownerOf('listResourceTemplates', ref.uri, context);
      return owner instanceof SteadyChild ? owner.provider.complete(completion, context) : { values: [] };
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      isClosed = true;
      for (const stop of children.values()) stop();
      const closing = await Promise.allSettled([...children.keys()].map(({ provider }) => provider.close()));
      const failed = closing.filter((outcome) => outcome.status === 'rejected');
      if (failed.length > 0) {
        throw new AggregateError(
          failed.map((outcome) => outcome.reason),
          `${failed.length} of the mounted providers failed to close.`,
        );
      }
    },
  };
}

function templateOwner({ items, owners }: Merged<ResourceTemplate>, uri: string): SteadyChild | undefined {
  const template = matchingTemplate(items, uri);
  const owner = template === undefined ? undefined : owners.get(template);
  return owner instanceof SteadyChild ? owner : undefined;
}

const LIST_TIMEOUT_MS = 30_000;

/** Not a failure of the child: reported or handled by an outer layer. */
function isMeant(error: unknown, { signal }: CallContext): boolean {
  return isProviderError(error) || isQuestionAsked(error) || signal.aborted;
}
