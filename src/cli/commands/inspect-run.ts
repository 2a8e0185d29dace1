import { createTraffic } from '../../dev/traffic.ts';
import type { InspectedServer } from '../../inspector/index.ts';
import { secretsToHide } from '../../runtime/api/conceal/secrets-of.ts';
import { withMiddleware } from '../../runtime/middleware/with-middleware.ts';
import type { Provider } from '../../runtime/provider.ts';
import type { OpenedTarget } from '../targets/opened-target.ts';
import { type ServedInspector, servedInspector } from './served-inspector.ts';

/** What `run --inspector` shows. */
export interface InspectedRun {
  /** As clients see it. */
  readonly provider: Provider;
  readonly opened: Pick<OpenedTarget, 'provider' | 'apis'>;
  readonly mode: string;
  /** The token of clients, which the page does not show. */
  readonly token: string | undefined;
}

/** What is served over HTTP. */
export interface Served {
  readonly provider: Provider;
  readonly inspector?: ServedInspector;
}

/** Adds the inspector to a server, whose calls it shows. */
export function inspectRun({ provider, opened, mode, token }: InspectedRun): Served {
  const secrets = () => {
    const listed = opened.apis.flatMap(({ api }) => secretsToHide(api.secretSources()));
    // Shorter ones match by chance.
    return token !== undefined && token.length >= 4 ? [...listed, token] : listed;
  };
  const traffic = createTraffic({ secrets });
  const server: InspectedServer = {
    provider: withMiddleware(provider, traffic.middleware),
    whole: withMiddleware(opened.provider, traffic.middleware),
    mode,
    apis: opened.apis,
    secrets,
  };
  // The same until the end.
  const inspector = servedInspector({ current: () => server, onReload: () => () => {}, traffic });
  return { provider: server.provider, inspector };
}
