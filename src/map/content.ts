import { joinPointer, type Located, type Node, type Reader } from './reader.ts';

/** A Media Type Object and its media type. */
export interface Media {
  readonly mediaType: string;
  readonly located: Located;
}

/** The entries of a `content` that can be read, one by one. What becomes of others is reported: `left out`, `ignored`. */
export function* readContent(
  content: Node,
  pointer: string,
  reader: Reader,
  fate: string,
): Generator<Media, undefined> {
  for (const [mediaType, written] of Object.entries(content)) {
    const at = joinPointer(pointer, mediaType);
    const isMediaType = /^[^\s/;]+\/[^\s/;]+\s*(;.*)?$/.test(mediaType);
    if (!isMediaType) reader.report('BAD_MEDIA_TYPE', at, `"${mediaType}" is no media type. It is ${fate}.`);
    else {
      const located = written === null ? { value: {}, pointer: at } : reader.object(written, at);
      if (located) yield { mediaType, located };
    }
  }
}
