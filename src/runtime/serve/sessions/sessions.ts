import type { AuthInfo } from '@modelcontextprotocol/server';
import { asError } from '../../errors.ts';
import type { ListChange } from '../../provider.ts';
import { isTokenHolder } from '../auth/shared-token.ts';
import { callerOf } from '../call/caller.ts';
import type { CallsInFlight } from '../calls-in-flight.ts';
import type { ProviderServer, ServerFactory } from '../mcp-server.ts';
import { ownedId } from '../process-id.ts';
import { endOf, type SessionWatch } from '../session-watch.ts';
import { type EventStore, memoryEvents } from './event-store.ts';
import { failure } from './failure.ts';
import { type AdmittedRequest, Session } from './session.ts';
import type { SessionOptions } from './session-options.ts';

export interface SessionsOptions extends SessionOptions {
  readonly makeServer: ServerFactory;
  /** All calls of the endpoint. */
  readonly calls: CallsInFlight;
  readonly onSession?: SessionWatch | undefined;
  readonly onError: (error: Error) => void;
  /** The process in which the sessions are, if it is one of several. */
  readonly process?: string | undefined;
}

/** The sessions of 2025 clients over HTTP, in the memory of this process. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #events: EventStore;
  /** The one that was used last is the last one. */
  readonly #open = new Map<string, Session>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#events = options.events ?? memoryEvents(options);
  }

  /** Responds to a request that begins a session, or belongs to one. */
  async respond(admitted: AdmittedRequest): Promise<Response> {
    const id = admitted.request.headers.get('mcp-session-id');
    if (id === null) return this.#begin(admitted);
    const session = this.#open.get(id);
    // Who must not use a session does not learn that it exists.
    if (session === undefined || session.caller !== callerIdOf(admitted.authInfo)) return unknown();
    this.#open.delete(id);
    this.#open.set(id, session);
    return session.respond(admitted);
  }

  tell(change: ListChange): void {
    this.#tellAll((server) => server.tellChange(change));
  }

  tellUpdate(uri: string): void {
    this.#tellAll((server) => server.tellUpdate(uri));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((session) => session.close()));
  }

  async #begin(admitted: AdmittedRequest): Promise<Response> {
    const { authInfo } = admitted;
    if (!this.#makeRoom(authInfo)) return full();
    const { makeServer, calls, onSession, process } = this.#options;
    const id = ownedId(process, crypto.randomUUID());
    const end = onSession?.({ transport: 'http' });
    const session = new Session({
      id,
      caller: callerIdOf(authInfo),
      events: this.#events.open(id),
      makeServer,
      calls,
      onEnd: () => {
        this.#forget(id);
        end?.(endOf(session.server?.server));
      },
    });
    this.#open.set(id, session);
    this.#timer ??= this.#startSweeping();
    return session.begin(admitted);
  }

  /** Drops a session if there are too many. @returns false if all of them are busy */
  #makeRoom(authInfo: AuthInfo | undefined): boolean {
    const { max, maxPerCaller } = this.#options;
    const all = [...this.#open.values()];
    const isKnown = authInfo !== undefined && !isTokenHolder(authInfo);
    const id = callerIdOf(authInfo);
    const own = isKnown ? all.filter(({ caller }) => caller === id) : [];
    if (own.length >= maxPerCaller) return this.#dropOldest(own);
    return all.length < max || this.#dropOldest(all);
  }

  /** The one that was idle longest; if there is a choice, one whose client is not connected. */
  #dropOldest(sessions: readonly Session[]): boolean {
    const idle = sessions.filter((session) => !session.isBusy);
    const dropped = idle.find((session) => !session.isConnected) ?? idle[0];
    if (dropped) this.#drop(dropped);
    return dropped !== undefined;
  }

  #drop(session: Session): void {
    this.#forget(session.id);
    session.close().catch((error) => this.#options.onError(asError(error)));
  }

  #forget(id: string): void {
    this.#open.delete(id);
    if (this.#open.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #startSweeping(): ReturnType<typeof setInterval> {
    const { idleMs } = this.#options;
    const sweep = () => {
      for (const session of this.#open.values()) if (session.idleMs >= idleMs) this.#drop(session);
    };
    const timer = setInterval(sweep, Math.min(idleMs, MAX_SWEEP_MS));
    // Only Node has it: sessions do not keep a process alive.
    (timer as { unref?(): void }).unref?.();
    return timer;
  }

  #tellAll(tell: (server: ProviderServer) => Promise<void>): void {
    for (const { server } of this.#open.values()) {
      if (server) tell(server).catch(this.#options.onError);
    }
  }
}

const MAX_SWEEP_MS = 60_000;

/** Whom a session belongs to: the issuer and the subject. Without authentication, nobody. */
const callerIdOf = (authInfo: AuthInfo | undefined): string | undefined => authInfo && callerOf(authInfo).id;

/** Clients then begin a new session (MCP 2025-11-25, session management). */
const unknown = () => failure(404, -32001, 'Unknown session.');

const full = () =>
  failure(503, -32000, 'There are too many sessions, and all of them are in use. Try again later.', {
    'Retry-After': '10',
  });
