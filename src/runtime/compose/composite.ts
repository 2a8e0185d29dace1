import { declareOptions } from '../options/declare-options.ts';
import { OptionError } from '../options/option-error.ts';
import { choice, func, number, type OptionKinds, onOff, record } from '../options/option-kinds.ts';
import { TIMER_MS } from '../options/option-range.ts';
import type { ListContext, Provider, ProviderInfo } from '../provider.ts';
import { ON_DUPLICATE, type OnDuplicate } from './catalog.ts';
import { checkProvider } from './check-provider.ts';
import { Children } from './children.ts';
import { compositeCalls } from './composite-calls.ts';
import type { ListName, Lists } from './steady-child.ts';

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
  onDuplicate: choice(ON_DUPLICATE.choices),
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
export function openComposite({
  info = { name: 'composite', version: '0.0.0' },
  onDuplicate = ON_DUPLICATE.default,
  listTimeoutMs = LIST_TIMEOUT_MS,
  maskErrors = false,
  onProblem = () => {},
}: CompositeOptions = {}): OpenComposite {
  const children = new Children({ onDuplicate, listTimeoutMs, maskErrors, onProblem });

  async function list<Name extends ListName>(name: Name, context: ListContext): Promise<readonly Lists[Name][]> {
    const { lists } = children;
    const { items, collisions } = await (context.ready ? lists.ready(name, context) : lists.whole(name, context));
    if (collisions[0]) throw new Error(collisions[0].message);
    return items;
  }

  return {
    contract: 1,
    info,
    add: (provider, label) => ({ remove: children.add(provider, label) }),
    listTools: (context) => list('listTools', context),
    listResources: (context) => list('listResources', context),
    listResourceTemplates: (context) => list('listResourceTemplates', context),
    listPrompts: (context) => list('listPrompts', context),
    ...compositeCalls(children),
    previews: true,
    onChange: (listener) => children.onChange(listener),
    get onResourceUpdate() {
      return children.onResourceUpdate;
    },
    close: () => children.close(),
  };
}

const LIST_TIMEOUT_MS = 30_000;
