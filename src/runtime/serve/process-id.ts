import type { SharedStore } from '../shared-store.ts';
import { randomText } from '../text/random-text.ts';

// The ids of what lives in one process start with the id of that process, so that any other can pass requests on.

/** What a process has in common with the others of its server. */
export interface Sharing {
  readonly store: SharedStore;
  /** This process. */
  readonly process: string;
}

const ID_BYTES = 6;

/** Eight letters, digits, `-` and `_`. */
export const newProcessId = (): string => randomText(ID_BYTES);

/** An id of something in this process; without one, no other process is looked for. */
export const ownedId = (process: string | undefined, id: string): string =>
  process === undefined ? id : `${process}.${id}`;

/** Where a process gets messages from the others. */
export const channelOf = (process: string): string => `relay:${process}`;

/** The process that an id names; `undefined` if it names none. Anybody can write such an id. */
export const ownerOf = (id: string | null | undefined): string | undefined =>
  /^([\w-]{8})\.[\w-]+$/.exec(id ?? '')?.[1];
