import type { Traffic } from '../dev/traffic.ts';
import type { OpenedApi } from '../proxy.ts';
import type { Provider } from '../runtime/provider.ts';

/** A server that the inspector page shows. */
export interface Inspected {
  /** What is served at the moment. */
  current(): InspectedServer;
  /** Calls back after a reload, also after one that failed. Returns a function that unsubscribes. */
  onReload(listener: () => void): () => void;
  readonly traffic: Traffic;
}

export interface InspectedServer {
  /** As clients see it: in its list mode, and with its calls counted as traffic. */
  readonly provider: Provider;
  /** All tools, whatever the list mode; its calls are counted as traffic, too. */
  readonly whole: Provider;
  /** The list mode: `tools`, `compact`, `signature`, `search`, `code`. */
  readonly mode: string;
  /** Its OpenAPI documents. */
  readonly apis: readonly { readonly namespace?: string; readonly api: OpenedApi }[];
  /** Why the latest edit is not served; absent if it is. */
  readonly failure?: { readonly at: number; readonly message: string };
  /** Strings that the page must not show. */
  secrets(): readonly string[];
}
