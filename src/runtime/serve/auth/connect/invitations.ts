import type { Connection } from '../../../caller-access.ts';
import { systemClock } from '../../../clock.ts';
import { Expiring } from '../../../expiring.ts';
import { sharedTokenStore } from '../../../store/shared-token-store.ts';
import { digestText, randomText } from '../../../text/random-text.ts';
import { untilAborted } from '../../../until-aborted.ts';
import type { Invitation, Inviter } from '../../call/caller-tokens.ts';
import { channelOf, ownedId, type Sharing } from '../../process-id.ts';

/** A consent that one caller has been asked for. */
export interface OpenInvitation {
  readonly callerId: string;
  readonly connection: Connection;
  readonly invitation: Invitation;
  /** In the URL. It grants nothing by itself. */
  readonly ticket: string;
  /** Digest of the browser that has proven to be the caller's, and the token of its form. */
  proof?: { readonly browser: string; readonly person: string; readonly csrf: string };
  /** Called when the caller has decided. */
  end(): void;
  readonly ended: Promise<void>;
}

/** How long a link can be used. */
export const INVITATION_MS = 600_000;
/** An older one is replaced, so that nobody gets a link that is about to expire. */
const REUSE_MS = 300_000;
/** How long a call waits for a person who has opened the link: less than clients wait for a call. */
const WAIT_MS = 30_000;

/** How often an invitation of another process is looked at, while a call waits for it. */
const LOOK_MS = 500;

/** What other processes know of an invitation. */
interface Known {
  readonly process: string;
  readonly invitation: Invitation;
}

/** The open invitations of this process. Others know that they exist, and send those who open them here. */
export class Invitations {
  readonly #byTicket: Expiring<OpenInvitation>;
  readonly #recent: Expiring<OpenInvitation>;
  /** Until the caller has decided, also after the link was used. */
  readonly #deciding: Expiring<OpenInvitation>;
  readonly #origin: string;
  readonly #sharing: Sharing | undefined;

  /** @param origin of the pages */
  constructor(origin: string, now: () => number, sharing?: Sharing) {
    this.#origin = origin;
    this.#sharing = sharing;
    this.#byTicket = new Expiring({ ttlMs: INVITATION_MS, now });
    this.#recent = new Expiring({ ttlMs: REUSE_MS, now });
    this.#deciding = new Expiring({ ttlMs: 2 * INVITATION_MS, now });
  }

  inviterFor(callerId: string): Inviter {
    return {
      ...(this.#sharing && { tokens: sharedTokenStore(this.#sharing.store) }),
      invite: async (connection) => {
        const { invitation } = await this.#open(callerId, connection);
        return invitation;
      },
      settled: async (key, signal) => {
        const name = `${callerId}\0${key}`;
        const deciding = this.#deciding.get(name);
        const clock = AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)]);
        const ended = deciding ? deciding.ended : this.#endedElsewhere(name, clock);
        await untilAborted(ended, clock).catch(() => {
          if (signal.aborted) throw signal.reason;
        });
      },
    };
  }

  find(ticket: string): OpenInvitation | undefined {
    return this.#byTicket.get(ticket);
  }

  /** The link cannot be used again. */
  use(one: OpenInvitation): void {
    this.#byTicket.take(one.ticket);
    this.#recent.take(nameOf(one));
    this.#forget('invitation', nameOf(one));
  }

  async #open(callerId: string, connection: Connection): Promise<Pick<OpenInvitation, 'invitation'>> {
    const { api, issuer, audience, scopes } = connection.asked;
    const key = await digestText(JSON.stringify([issuer, audience, api, scopes]));
    const name = `${callerId}\0${key}`;
    // Alone, nothing is waited for between here and the end: concurrent calls get the same link.
    const elsewhere = this.#sharing && !this.#isOpen(name) ? await this.#known(name) : undefined;
    if (elsewhere) return elsewhere;
    const known = this.#recent.get(name);
    if (known && this.find(known.ticket)) return known;
    if (known) this.use(known);
    const ticket = ownedId(this.#sharing?.process, randomText());
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const message = `Connect your account at ${new URL(issuer).host}, so that ${api} can be used on your behalf.`;
    const url = `${this.#origin}/connect?ticket=${ticket}`;
    const one = { callerId, connection, ticket, end, ended, invitation: { key, id: randomText(), url, message } };
    this.#byTicket.put(ticket, one);
    this.#recent.put(nameOf(one), one);
    this.#deciding.put(nameOf(one), one);
    await this.#announce(one);
    return one;
  }

  #isOpen(name: string): boolean {
    const known = this.#recent.get(name);
    return known !== undefined && this.find(known.ticket) !== undefined;
  }

  /** An open invitation of another process that still runs. */
  async #known(name: string): Promise<Known | undefined> {
    if (!this.#sharing) return undefined;
    const { store, process } = this.#sharing;
    try {
      const text = await store.get(await keyOf('invitation', name));
      const known = text === undefined ? undefined : (JSON.parse(text) as Known);
      const runs = known && known.process !== process && (await store.listeners(channelOf(known.process))) > 0;
      return runs ? known : undefined;
    } catch {
      // Without the store, the caller gets a link of this process.
      return undefined;
    }
  }

  async #announce(one: OpenInvitation): Promise<void> {
    if (!this.#sharing) return;
    const { store, process } = this.#sharing;
    const known: Known = { process, invitation: one.invitation };
    const [invitation, deciding] = await Promise.all([
      keyOf('invitation', nameOf(one)),
      keyOf('deciding', nameOf(one)),
    ]);
    await Promise.all([
      store.set(invitation, JSON.stringify(known), { ttlMs: REUSE_MS }),
      store.set(deciding, process, { ttlMs: 2 * INVITATION_MS }),
    ]).catch(() => {});
    void one.ended.then(() => this.#forget('deciding', nameOf(one)));
  }

  #forget(kind: Kind, name: string): void {
    const { store } = this.#sharing ?? {};
    if (store) void keyOf(kind, name).then((key) => store.delete(key).catch(() => {}));
  }

  /** Resolves when the caller has decided at another process, or at once if nothing is known of it. */
  async #endedElsewhere(name: string, signal: AbortSignal): Promise<void> {
    const { store } = this.#sharing ?? {};
    if (!store) return;
    const key = await keyOf('deciding', name);
    while (!signal.aborted) {
      if ((await store.get(key).catch(() => undefined)) === undefined) return;
      await systemClock.sleep(LOOK_MS, signal).catch(() => {});
    }
  }
}

type Kind = 'invitation' | 'deciding';

const keyOf = async (kind: Kind, name: string): Promise<string> => `${kind}:${await digestText(name)}`;

const nameOf = ({ callerId, invitation: { key } }: OpenInvitation): string => `${callerId}\0${key}`;
