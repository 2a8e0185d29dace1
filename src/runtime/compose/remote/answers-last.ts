import type { Transport } from '@modelcontextprotocol/client';

type Receive = NonNullable<Transport['onmessage']>;

/**
 * Hands an answer on after the notifications that came before it. The SDK's client handles these a moment later, and
 * forgets who listens to the progress of a request with its answer: of two that come in one piece, it would lose the
 * first.
 */
export function answersLast<T extends Transport>(transport: T): T {
  let receive: Receive | undefined;
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
