// In: what a document declares about responses. Out: an exchanger that answers requests with it.
// Promise: nothing is sent, and every response matches its declaration if a value can be found that does.
import type { DeclaredResponse, DeclaredResponses } from '../model/index.ts';
import type { Exchange, Exchanger } from '../runtime/api/exchange.ts';
import { CallError } from '../runtime/call-error.ts';
import { mockResponse } from '../runtime/testing/mock-response.ts';

export interface MockOptions {
  readonly seed: number;
  /** Absent: success. */
  readonly status: number | undefined;
}

/** @param responses called for the first request: reading them takes a while for large documents */
export function mockExchanger(responses: () => DeclaredResponses, { seed, status }: MockOptions): Exchanger {
  return async (exchange) => {
    const { operation, arguments: given } = exchange;
    const declared = responses();
    const own = declared.of(operation.origin.pointer);
    const made = mockResponse({ operation, arguments: given, responses: own, schemas: declared.schemas, seed, status });
    if (made === undefined) throw notDeclared(exchange, own, status);
    const { body } = made;
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    return { status: made.status, headers: made.headers, body: chunksOf(bytes) };
  };
}

async function* chunksOf(bytes: Uint8Array | undefined): AsyncIterable<Uint8Array> {
  if (bytes !== undefined) yield bytes;
}

function notDeclared(
  { operation }: Pick<Exchange, 'operation'>,
  responses: readonly DeclaredResponse[],
  status: number | undefined,
): CallError {
  const { method, path } = operation.origin;
  const declared = responses.map((response) => response.status).join(', ');
  return new CallError(
    'NOT_DECLARED',
    `The document does not declare a response ${status} for ${method.toUpperCase()} ${path}.`,
    { hint: declared === '' ? 'It declares no responses.' : `It declares: ${declared}.` },
  );
}
