import type { NamedApi } from './targets/open-target.ts';

/** What the user should know of APIs, each line under the namespace. */
export function noticesOf(apis: readonly Pick<NamedApi, 'namespace' | 'api'>[]): readonly string[] {
  return apis.flatMap(({ namespace, api }) =>
    api.notices.map((notice) => (namespace === undefined ? notice : `${namespace}: ${notice}`)),
  );
}
