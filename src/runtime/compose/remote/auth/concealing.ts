import type { Transport } from '@modelcontextprotocol/client';
import { type Concealer, createConcealer } from '../../../api/conceal/concealer.ts';
import { isRecord } from '../../../is-record.ts';
import { SHORTEST } from '../../../secrets/secret-pattern.ts';

/** Hides the tokens of a connection in everything that the server sends. */
export interface Concealing {
  /** From now on, this token is hidden, too. */
  add(token: string): void;
  text(text: string): string;
  /** A JSON value without the tokens. Without any in it, the same value. */
  value(value: unknown): unknown;
}

export function tokenConcealing(): Concealing {
  const tokens = new Set<string>();
  let concealer: Concealer = createConcealer({ anywhere: [], whole: [] });
  return {
    add(token) {
      if (tokens.has(token)) return;
      const [oldest] = tokens;
      if (tokens.size >= MOST && oldest !== undefined) tokens.delete(oldest);
      tokens.add(token);
      const [long, short] = [true, false].map((isLong) =>
        [...tokens].filter(({ length }) => length >= SHORTEST === isLong),
      );
      concealer = createConcealer({ anywhere: long ?? [], whole: short ?? [] });
    },
    text: (text) => concealer.text(text),
    value: (value) => (tokens.size === 0 ? value : hidden(value, concealer.text)),
  };
}

/** Enough for responses that are still on their way when tokens are renewed. */
const MOST = 16;

/** Hides tokens in the messages of a transport. */
export function concealed<T extends Transport>(transport: T, { value }: Concealing): T {
  const inner = Object.getOwnPropertyDescriptor(transport, 'onmessage');
  let receive = transport.onmessage;
  Object.defineProperty(transport, 'onmessage', {
    configurable: true,
    enumerable: true,
    get: () => receive,
    set(given: Transport['onmessage']) {
      receive = given && ((message, extra) => given(value(message) as typeof message, extra));
      inner?.set?.call(transport, receive);
      if (inner?.get) receive = inner.get.call(transport);
    },
  });
  return transport;
}

function hidden(value: unknown, text: (text: string) => string): unknown {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => hidden(item, text));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [text(key), hidden(item, text)] as const);
  const isSame = entries.every(([key, item]) => Object.hasOwn(value, key) && item === value[key]);
  return isSame ? value : Object.fromEntries(entries);
}
