import type { EventStore } from './event-store.ts';

/** Bounds of the sessions of 2025 clients over HTTP. */
export interface SessionOptions {
  /** How many sessions may be open. When there are more, the one that was idle longest is dropped. Default 1,000. */
  readonly max: number;
  /** How many of them one caller may have. Callers who share a token, or need none, are not limited. Default 100. */
  readonly maxPerCaller: number;
  /** How long a session lives without a request or an open stream, in milliseconds. Default 30 minutes. */
  readonly idleMs: number;
  /** How much of one stream is kept for a client that has lost its connection. Default 1 MiB. */
  readonly maxStreamBytes: number;
  /** How much is kept of all streams together. Default 64 MiB. */
  readonly maxEventBytes: number;
  /** Keeps the messages of streams. Default: in memory, within the two limits above. */
  readonly events?: EventStore | undefined;
}

export const SESSION_DEFAULTS: SessionOptions = {
  max: 1_000,
  maxPerCaller: 100,
  idleMs: 30 * 60_000,
  maxStreamBytes: 1024 * 1024,
  maxEventBytes: 64 * 1024 * 1024,
};
