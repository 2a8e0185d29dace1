import { createTraffic } from '../../dev/traffic.ts';
import { type InspectedServer, openInspector } from '../../inspector/index.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { withMiddleware } from '../../runtime/middleware/with-middleware.ts';
import type { Provider } from '../../runtime/provider.ts';
import { tell } from '../output/report.ts';
import type { OpenedTarget } from '../targets/opened-target.ts';

/** What `run --inspector` shows. */
export interface InspectedRun {
  /** As clients see it. */
  readonly provider: Provider;
  readonly opened: Pick<OpenedTarget, 'provider' | 'apis'>;
  /** The list mode. */
  readonly mode: string;
  /** The token of clients, which the page does not show. */
  readonly token: string | undefined;
}

/** What is served over HTTP. */
export interface Served {
  readonly provider: Provider;
  readonly inspector?: {
    pages(path: string): ((request: Request) => Promise<Response>) | undefined;
    /** Prints a link, and another one whenever the latest was used. */
    announce(base: string, flags: Pick<FlagsOf<'run'>, 'json'>): void;
    close(): void;
  };
}

/** Adds the inspector to a server whose calls it shows. */
export function inspectRun({ provider, opened, mode, token }: InspectedRun): Served {
  const secrets = () => {
    const listed = opened.apis.flatMap(({ api }) => api.secrets());
    // Shorter ones match by chance.
    return token !== undefined && token.length >= 4 ? [...listed, token] : listed;
  };
  const traffic = createTraffic({ secrets });
  const counted = withMiddleware(provider, traffic.middleware);
  const server: InspectedServer = {
    provider: counted,
    whole: withMiddleware(opened.provider, traffic.middleware),
    mode,
    apis: opened.apis,
    secrets,
  };
  let onVisit = () => {};
  const inspector = openInspector(
    // Served as it is until the end.
    { current: () => server, onReload: () => () => {}, traffic },
    { onVisit: () => onVisit() },
  );
  return {
    provider: counted,
    inspector: {
      ...inspector,
      announce(base, { json }) {
        const link = () => inspector.url(base);
        tell(json ? JSON.stringify({ inspector: link() }) : `Inspector: ${link()}`);
        if (!json) onVisit = () => tell(`Inspector: ${link()} (for another browser)`);
      },
    },
  };
}
