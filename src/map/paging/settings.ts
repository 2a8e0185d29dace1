import { nearest } from '../../runtime/text/nearest.ts';
import type { PaginationSetting } from './setting.ts';

/** Settings of the user, by tool name or operationId. */
export type PaginationSettings = Readonly<Record<string, PaginationSetting>>;

export interface NamedOperation {
  /** The name of its tool. */
  readonly name: string;
  readonly operationId?: string | undefined;
}

export function paginationFor(
  settings: PaginationSettings,
  { name, operationId = '' }: NamedOperation,
): PaginationSetting | undefined {
  const key = [name, operationId].find((each) => Object.hasOwn(settings, each));
  return key === undefined ? undefined : settings[key];
}

/** Notices about settings for operations that the document does not have. */
export function unmatchedPagination(
  settings: PaginationSettings,
  operations: readonly NamedOperation[],
): readonly string[] {
  const known = new Set(operations.flatMap(({ name, operationId }) => [name, operationId ?? name]));
  return Object.keys(settings).flatMap((name) => {
    if (known.has(name)) return [];
    const close = nearest(name, known);
    const meant = close === undefined ? '' : ` Did you mean "${close}"?`;
    return [`The pagination of "${name}" is not used: there is no such tool or operationId.${meant}`];
  });
}
