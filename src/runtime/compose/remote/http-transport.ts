import { ProtocolError, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

/**
 * Streamable HTTP that tells when the stream of an answer ends without one, because the server died, say. The SDK's
 * transport hears of it and the SDK's client does not: the request would wait for its timeout.
 */
export class HttpTransport extends StreamableHTTPClientTransport {
  readonly #awaited = new Set<string | number>();

  constructor(...given: ConstructorParameters<typeof StreamableHTTPClientTransport>) {
    super(...given);
    // The SDK calls what it finds here before it takes a message itself.
    this.onmessage = (message) => {
      if (!('method' in message) && message.id !== undefined) this.#awaited.delete(message.id);
    };
  }

  override async send(...[message, options]: Parameters<StreamableHTTPClientTransport['send']>): Promise<void> {
    if (Array.isArray(message) || !('method' in message) || !('id' in message) || options?.onRequestStreamEnd) {
      return super.send(message, options);
    }
    const { id } = message;
    this.#awaited.add(id);
    const onRequestStreamEnd = () => {
      if (this.#awaited.delete(id)) this.onmessage?.({ jsonrpc: '2.0', id, error: STREAM_ENDED });
    };
    try {
      await super.send(message, { ...options, onRequestStreamEnd });
    } catch (error) {
      this.#awaited.delete(id);
      throw error;
    }
  }
}

/** Of the range that JSON-RPC 2.0 leaves to implementations. */
const STREAM_ENDED = { code: -32098, message: 'the connection was closed before the response arrived' };

/** The answer to a request that will not be answered any more. */
export function isStreamEnd(error: unknown): boolean {
  return (
    error instanceof ProtocolError && error.code === STREAM_ENDED.code && error.message.includes(STREAM_ENDED.message)
  );
}
