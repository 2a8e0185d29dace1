import { CallError } from '../../call-error.ts';

type Body = AsyncIterable<Uint8Array>;

/** Decodes one content coding. Errors of its input pass through unchanged. */
export type Decoder = (body: Body) => Body;

/** The supported content codings, by name; an injected interface, because web standards lack `br`. */
export type Decoders = Readonly<Record<string, Decoder>>;

/** The value of Accept-Encoding: exactly the supported codings. */
export function acceptEncoding(decoders: Decoders): string {
  return Object.keys(decoders).join(', ') || 'identity';
}

/**
 * Decodes the body, in reverse order of its Content-Encoding (RFC 9110 §8.4).
 * @throws CallError ANSWER_UNREADABLE for an unknown coding, or bytes that do not match the header
 */
export function decodeContent(body: Body, header: string | undefined, decoders: Decoders): Body {
  const codings = (header ?? '').split(',').flatMap((part) => part.trim().toLowerCase() || []);
  return codings.reduceRight((decoded, coding) => decodeOne(decoded, coding, decoders), body);
}

function decodeOne(body: Body, coding: string, decoders: Decoders): Body {
  if (coding === 'identity') return body;
  // RFC 9110 §8.4.1.3: `x-gzip` is equivalent to `gzip`.
  const name = coding === 'x-gzip' ? 'gzip' : coding;
  const decoder = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
  if (!decoder) {
    throw new CallError('ANSWER_UNREADABLE', `The response has the unknown Content-Encoding "${coding}".`, {
      hint: `Supported: ${acceptEncoding(decoders)}.`,
    });
  }
  return explainErrors(body, coding, decoder);
}

async function* explainErrors(body: Body, coding: string, decoder: Decoder): Body {
  const [empty, whole] = await peek(body);
  // Servers also label empty bodies; an empty body is not a broken archive.
  if (empty) return;
  try {
    yield* decoder(whole);
  } catch (error) {
    if (error instanceof CallError) throw error;
    const message = `The response has Content-Encoding "${coding}", but it cannot be decoded.`;
    throw new CallError('ANSWER_UNREADABLE', message, { cause: error });
  }
}

/** Whether a body is empty, and the same body from its start. */
export async function peek(body: Body): Promise<readonly [empty: boolean, body: Body, first: Uint8Array]> {
  const iterator = body[Symbol.asyncIterator]();
  let next = await iterator.next();
  while (!next.done && next.value.length === 0) next = await iterator.next();
  const first = next.done ? new Uint8Array() : next.value;
  return [next.done === true, resume(first, iterator), first];
}

async function* resume(first: Uint8Array, iterator: AsyncIterator<Uint8Array>): Body {
  let ended = false;
  try {
    yield first;
    for (;;) {
      const next = await iterator.next();
      if (next.done) break;
      yield next.value;
    }
    ended = true;
  } finally {
    if (!ended) await iterator.return?.();
  }
}

/**
 * RFC 9110 §8.4.1.2: `deflate` is the zlib format, but "some non-conformant implementations send" raw deflate. A zlib
 * header (RFC 1950 §2.2) is method 8 and a checksum.
 */
export function hasZlibHeader([first = 0, second = 0]: Uint8Array): boolean {
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}

/** The web-standard decoders (Compression Streams): gzip and deflate. */
export const webDecoders: Decoders = {
  gzip: (body) => decompress(body, 'gzip'),
  deflate: async function* (body) {
    const [, whole, first] = await peek(body);
    yield* decompress(whole, hasZlibHeader(first) ? 'deflate' : 'deflate-raw');
  },
};

async function* decompress(body: Body, format: 'gzip' | 'deflate' | 'deflate-raw'): Body {
  const iterator = body[Symbol.asyncIterator]();
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(Uint8Array.from(next.value));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  const reader = source.pipeThrough(new DecompressionStream(format)).getReader();
  let ended = false;
  try {
    for (;;) {
      const next = await reader.read();
      if (next.done) break;
      yield next.value;
    }
    ended = true;
  } finally {
    if (!ended) await reader.cancel().catch(() => {});
  }
}
