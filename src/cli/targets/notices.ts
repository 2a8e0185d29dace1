import type { NamedApi } from './opened-target.ts';

/** Notices about APIs, each prefixed with the namespace. */
export function noticesOf(apis: readonly Pick<NamedApi, 'namespace' | 'api'>[]): readonly string[] {
  return apis.flatMap(({ namespace, api }) =>
    api.notices.map((notice) => (namespace === undefined ? notice : `${namespace}: ${notice}`)),
  );
}
