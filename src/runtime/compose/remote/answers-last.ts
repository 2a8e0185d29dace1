import type { Transport } from '@modelcontextprotocol/client';

type Receive = NonNullable<Transport['onmessage']>;

/**
 * Delivers a response after the notifications that arrived before it. The SDK's client handles notifications
 * asynchronously, and drops the progress listener of a request with its response: if both arrive in one chunk, the
 * progress would be lost.
 */
export function answersLast<T extends Transport>(transport: T): T {
  // A transport may have set one for itself, which the SDK calls before its own.
  let receive: Receive | undefined = transport.onmessage;
  Object.defineProperty(transport, 'onmessage', {
    configurable: true,
    enumerable: true,
    get: () => receive,
    set: (given: Receive | undefined) => {
      receive = given && ordered(given);
    },
  });
  return transport;
}

function ordered(receive: Receive): Receive {
  return (message, extra) => {
    if ('method' in message) receive(message, extra);
    else queueMicrotask(() => receive(message, extra));
  };
}
