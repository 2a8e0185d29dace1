import type { ComponentChildren } from 'preact';
import { Method } from './parts.tsx';
import { linkTo, type View } from './route.ts';

export interface SplitProps {
  readonly list: ComponentChildren;
  readonly detail: ComponentChildren | undefined;
  /** Leads back to the list, on narrow screens. */
  readonly back: { readonly href: string; readonly label: string };
  readonly empty: string;
}

/** A list and the selected item: next to each other, or one of them on narrow screens. */
export function Split({ list, detail, back, empty }: SplitProps) {
  return (
    <div class={detail ? 'split selected' : 'split'}>
      <div class="list">{list}</div>
      <article class="detail">
        {detail ? (
          <>
            <a class="back" href={back.href}>
              ← {back.label}
            </a>
            {detail}
          </>
        ) : (
          <p class="quiet empty">{empty}</p>
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
