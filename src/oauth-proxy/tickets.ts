import { randomText } from '../runtime/text/random-text.ts';
import type { Keys } from './keys.ts';

/**
 * Codes and refresh tokens: `grant.random.mac`. Because they are signed, one that is not stored any more is known to
 * have been used before, and not to be invented: its grant can be ended (RFC 9700 §4.14.2), and nobody else's.
 */
export interface Tickets {
  issue(kind: TicketKind, grantId: string): Promise<string>;
  /** The id of the grant; `undefined` if this proxy did not issue the ticket. */
  grantOf(kind: TicketKind, ticket: string): Promise<string | undefined>;
}

export type TicketKind = 'code' | 'refresh';

export function openTickets(keys: Keys): Tickets {
  return {
    async issue(kind, grantId) {
      const text = `${grantId}.${randomText()}`;
      return `${text}.${await keys.mac(kind, text)}`;
    },
    async grantOf(kind, ticket) {
      const [, text = '', grantId, mac = ''] = TICKET.exec(ticket) ?? [];
      return (await keys.isMac(kind, text, mac)) ? grantId : undefined;
    },
  };
}

const TICKET = /^(([\w-]{22})\.[\w-]{43})\.([\w-]{43})$/;

/** The id of a new grant: 128 bits. */
export const newGrantId = (): string => randomText(16);
