import type { HttpSender } from './http.ts';

/** Connection options. Every field is optional. */
export interface SenderOptions {
  /** The variables to read `HTTP_PROXY` and the like from. Default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Additional PEM certificates of authorities to trust. */
  readonly ca?: readonly string[];
  /** The client's certificate and key (PEM), for mutual TLS. */
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
}

/** The HTTP senders of an opened API; each connects on first use. */
export interface Senders {
  /** May connect to private addresses: for addresses that the user has set. */
  readonly document: HttpSender;
  /** Only to public addresses: for addresses from a document or an argument. */
  readonly publicOnly: HttpSender;
  /**
   * For redirects from `origin` to another origin. A public origin may not redirect into this machine or its network
   * (server-side request forgery), unless `allowPrivate` permits it.
   */
  redirected(origin: string, allowPrivate: boolean): HttpSender;
  /** To the API's servers, with the client certificate. */
  api(allowPrivate: boolean): HttpSender;
  close(): Promise<void>;
}
