import type { ProxyOptions } from './proxy.ts';

type Filters = Pick<ProxyOptions, 'include' | 'exclude' | 'routes' | 'readOnly'>;

/**
 * Why a document with operations serves none: because of the filters, if there are any, otherwise because of its own
 * `x-mcp`.
 */
export function leftOut(
  { include = [], exclude = [], routes = [], readOnly = false }: Filters,
  { filtered, found }: { readonly filtered: number; readonly found: number },
): { readonly message: string; readonly fix: string } {
  if (readOnly || include.length + exclude.length + routes.length > 0)
    return {
      message: `The filters exclude ${filtered} of ${found} operations`,
      fix: 'Change --include, --exclude, --route or --read-only, or the same keys in the config file.',
    };
  return {
    message: `The document excludes ${filtered} of ${found} operations ("x-mcp")`,
    fix: 'Change "x-mcp" in the document, or with an overlay (--overlay).',
  };
}
