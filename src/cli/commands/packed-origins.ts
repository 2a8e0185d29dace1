import { isPrivateUrl } from '../../runtime/api/request/server-url.ts';
import { isRecord } from '../../runtime/is-record.ts';
import type { NamedApi } from '../targets/opened-target.ts';

/**
 * A document from a public URL may not name private addresses, and credentials go only to the hosts that the user has
 * seen. As a file in a pack it would be trusted, so the config states both.
 */
export function withOriginRules(
  written: Readonly<Record<string, unknown>>,
  opened: readonly NamedApi[],
): Readonly<Record<string, unknown>> {
  if (!isRecord(written.apis)) return written;
  const apis = Object.entries(written.apis).map(([namespace, api]) => {
    // Without a prefix, there is only one.
    const { model, origins } = opened.find((each) => (each.namespace ?? namespace) === namespace)?.api ?? {};
    const { documentOrigin } = model ?? {};
    if (documentOrigin === undefined || isPrivateUrl(documentOrigin) || !isRecord(api)) return [namespace, api];
    return [namespace, { allowPrivate: false, credentialsFor: origins, ...api }];
  });
  return { ...written, apis: Object.fromEntries(apis) };
}
