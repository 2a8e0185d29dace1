import type { JSONWebKeySet } from 'jose';

/** A program that requests access. What it says about itself is not verified, except the host of its id. */
export interface Client {
  readonly id: string;
  readonly name: string | undefined;
  readonly redirectUris: readonly string[];
  /** The host that serves its metadata, for clients whose id is a URL. */
  readonly host: string | undefined;
  /** Its keys, for clients that authenticate with `private_key_jwt`; or where they are. */
  readonly keys?: JSONWebKeySet | string;
}
