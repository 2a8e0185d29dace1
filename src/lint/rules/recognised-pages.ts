import type { PaginationKind, PaginationPlan } from '../../model/index.ts';
import { PAGES_BY, pagesDetail } from '../pages-text.ts';
import type { Rule, SubjectOperation } from '../subject.ts';

/** Not a fault: what `--paging` would do, for the author to check. */
export const recognisedPages: Rule = {
  id: 'recognised-pages',
  severity: 'advice',
  summary: 'Operations return their results in pages, as far as names and types in the document tell.',
  fix: 'Nothing, if it is right: `--paging` follows the pages. Otherwise correct it with `x-mcp: { pagination: … }`.',
  *check({ operations }) {
    const byKind = new Map<PaginationKind, SubjectOperation[]>();
    for (const operation of operations) {
      const kind = operation.response.pagination?.kind;
      if (kind !== undefined) byKind.set(kind, [...(byKind.get(kind) ?? []), operation]);
    }
    for (const [kind, some] of byKind) {
      const shown = some.slice(0, MOST_SHOWN).map(({ id, response }) => `"${id}"${detail(response.pagination)}`);
      const more = some.length - shown.length;
      const names = more > 0 ? [...shown, `${more} more`] : shown;
      yield { pointer: '#/paths', message: `Pages by ${PAGES_BY[kind]}: ${names.join(', ')}.` };
    }
  },
};

const MOST_SHOWN = 5;

/** The argument and the field: ` (next_cursor → cursor)`. */
function detail(plan: PaginationPlan | undefined): string {
  const text = plan && pagesDetail(plan);
  return text === undefined ? '' : ` (${text})`;
}
