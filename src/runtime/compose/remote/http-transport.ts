import { ProtocolError, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

/**
 * Streamable HTTP that reports when the stream of a response ends without a response, for example because the server
 * died. The SDK's transport notices that, but not the SDK's client: the request would wait for its timeout.
 */
export class HttpTransport extends StreamableHTTPClientTransport {
  readonly #awaited = new Set<string | number>();

  constructor(...given: ConstructorParameters<typeof StreamableHTTPClientTransport>) {
    super(...given);
    // The SDK calls a handler that it finds here before its own.
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

/** The code is in the range that JSON-RPC 2.0 reserves for implementations; `data` recognises our own error. */
const STREAM_ENDED = {
  code: -32098,
  message: 'the connection was closed before the response arrived',
  data: 'response stream ended',
};

/** An error response for a request that will never get one. */
export function isStreamEnd(error: unknown): boolean {
  return error instanceof ProtocolError && error.code === STREAM_ENDED.code && error.data === STREAM_ENDED.data;
}
