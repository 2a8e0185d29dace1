import type { ComponentChildren } from 'preact';
import { Method, Notice } from './parts.tsx';
import { linkTo, type View } from './route.ts';

export interface SplitProps {
  readonly view: View;
  /** What an item is called. */
  readonly noun: string;
  readonly selected: string | undefined;
  readonly list: ComponentChildren;
  /** `undefined` if there is no such item. */
  readonly detail: ComponentChildren | undefined;
  readonly empty: string;
}

/** A list and the selected item: next to each other, or one of them on narrow screens. */
export function Split({ view, noun, selected, list, detail, empty }: SplitProps) {
  return (
    <div class={selected === undefined ? 'split' : 'split selected'}>
      <div class="list">{list}</div>
      <article class="detail">
        {selected === undefined ? (
          <p class="quiet empty">{empty}</p>
        ) : (
          <>
            <a class="back" href={linkTo(view)}>
              ← All {view}
            </a>
            {detail ?? (
              <Notice kind="warning">
                There is no {noun} “{selected}” any more.
              </Notice>
            )}
          </>
        )}
      </article>
    </div>
  );
}

interface Item {
  readonly key: string;
  readonly name: string;
  readonly about?: string | undefined;
  /** That of a tool. */
  readonly method?: string | undefined;
}

interface ItemsProps {
  readonly view: View;
  readonly items: readonly Item[];
  readonly selected: string | undefined;
}

export function Items({ view, items, selected }: ItemsProps) {
  return (
    <ul class="items">
      {items.map(({ key, name, about, ...tool }) => (
        <li key={key}>
          <a href={linkTo(view, key)} aria-current={key === selected ? 'true' : undefined}>
            {'method' in tool && <Method method={tool.method} />}
            <span class="what">
              <span class="name">{name}</span>
              {about !== undefined && <span class="quiet">{about}</span>}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** The same below a heading. */
export function ItemGroup({ title, ...props }: ItemsProps & { title: string }) {
  if (props.items.length === 0) return null;
  return (
    <section>
      <h2 class="tag">
        {title} <span class="count">{props.items.length}</span>
      </h2>
      <Items {...props} />
    </section>
  );
}
