/** What a `Link` header says (RFC 8288 §3). */
export interface PageLinks {
  /** The target of the first link with the relation `next`. */
  readonly next?: string;
  /** Whether there are links to other pages, so that a missing `next` means the last one. */
  readonly isPaged: boolean;
}

const OTHER_PAGES: ReadonlySet<string> = new Set(['prev', 'previous', 'first', 'last']);

export function pageLinks(header: string | undefined): PageLinks {
  let next: string | undefined;
  let isPaged = false;
  for (const [, target = '', parameters = ''] of (header ?? '').matchAll(LINK)) {
    const relations =
      RELATION.exec(parameters)
        ?.slice(1)
        .find((group) => group !== undefined) ?? '';
    for (const relation of relations.toLowerCase().split(/\s+/)) {
      if (relation === 'next') next ??= target.trim();
      if (OTHER_PAGES.has(relation)) isPaged = true;
    }
  }
  return { ...(next !== undefined && { next }), isPaged: isPaged || next !== undefined };
}

/** `<target>` and its parameters, up to the comma before the next link. Commas in quotes do not end it. */
const LINK = /<([^<>]*)>((?:\s*;\s*[^\s=;,"]+(?:\s*=\s*(?:"[^"]*"|[^\s;,"]*))?)*)/g;
const RELATION = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i;
