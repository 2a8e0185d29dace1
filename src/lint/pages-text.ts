import type { PaginationKind, PaginationPlan } from '../model/index.ts';

/** How the next page is found, in words. */
export const PAGES_BY: Readonly<Record<PaginationKind, string>> = {
  nextUrl: 'a URL in the response',
  token: 'a value in the response',
  lastItem: 'the last item',
  link: 'the header Link',
  page: 'page number',
  offset: 'offset',
};

/** The field and the argument: `next_cursor → cursor`. */
export function pagesDetail(plan: PaginationPlan): string | undefined {
  const next = 'next' in plan ? plan.next.join('.') : undefined;
  const from = plan.kind === 'lastItem' ? plan.id.join('.') : next;
  const argument = 'argument' in plan ? plan.argument : undefined;
  return from !== undefined && argument !== undefined ? `${from} → ${argument}` : (from ?? argument);
}
