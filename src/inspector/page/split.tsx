import type { ComponentChildren } from 'preact';

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
