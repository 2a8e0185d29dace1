import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { type Decoders, hasZlibHeader, peek } from '../api/read/content-encoding.ts';

type Body = AsyncIterable<Uint8Array>;

/** The content codings that Node.js supports: gzip, deflate (zlib and raw) and br. */
export const nodeDecoders = {
  gzip: (body) => through(body, createGunzip()),
  deflate: async function* (body) {
    const [, whole, first] = await peek(body);
    yield* through(whole, hasZlibHeader(first) ? createInflate() : createInflateRaw());
  },
  br: (body) => through(body, createBrotliDecompress()),
} satisfies Decoders;

async function* through(body: Body, decoder: Transform): Body {
  // An error of the body destroys the decoder with the same error, which the iteration below throws; ending the
  // iteration early destroys the decoder, and so ends the body. So the callback has nothing to report.
  pipeline(Readable.from(body, { objectMode: true }), decoder, () => {});
  yield* decoder;
}
