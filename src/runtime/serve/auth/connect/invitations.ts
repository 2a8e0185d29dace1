import type { Connection } from '../../../caller-access.ts';
import { digestText, randomText } from '../../../text/random-text.ts';
import { untilAborted } from '../../../until-aborted.ts';
import type { Invitation, Inviter } from '../../call/caller-tokens.ts';
import { Expiring } from './expiring.ts';

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

/** The open invitations of this process. */
export class Invitations {
  readonly #byTicket: Expiring<OpenInvitation>;
  readonly #recent: Expiring<OpenInvitation>;
  /** Until the caller has decided, also after the link was used. */
  readonly #deciding: Expiring<OpenInvitation>;
  readonly #origin: string;

  /** @param origin of the pages */
  constructor(origin: string, now: () => number) {
    this.#origin = origin;
    this.#byTicket = new Expiring(INVITATION_MS, now);
    this.#recent = new Expiring(REUSE_MS, now);
    this.#deciding = new Expiring(2 * INVITATION_MS, now);
  }

  inviterFor(callerId: string): Inviter {
    return {
      invite: async (connection) => (await this.#open(callerId, connection)).invitation,
      settled: async (key, signal) => {
        const deciding = this.#deciding.get(`${callerId}\0${key}`);
        if (!deciding) return;
        const clock = AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)]);
        await untilAborted(deciding.ended, clock).catch(() => {
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
  }

  async #open(callerId: string, connection: Connection): Promise<OpenInvitation> {
    const { api, issuer, audience, scopes } = connection.asked;
    const key = await digestText(JSON.stringify([issuer, audience, api, scopes]));
    const known = this.#recent.get(`${callerId}\0${key}`);
    if (known && this.find(known.ticket)) return known;
    if (known) this.use(known);
    const ticket = randomText();
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
    return one;
  }
}

const nameOf = ({ callerId, invitation: { key } }: OpenInvitation): string => `${callerId}\0${key}`;
