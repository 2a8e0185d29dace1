import type { ProxySettings } from './proxy-environment.ts';

export interface NodeSenderOptions {
  /** PEM certificates of authorities to trust in addition to the public ones. */
  readonly ca?: readonly string[];
  /** The client's certificate chain (PEM) for mutual TLS, with its key. */
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly proxy: ProxySettings;
  /** False: every connection must go to a public address, judged after the name is resolved. */
  readonly allowPrivate: boolean;
  /** At most so many connections to one origin; further requests wait. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
}
