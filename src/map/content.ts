import { joinPointer, type Located, type Node, type Reader } from './reader.ts';

/** A Media Type Object and its media type. */
export interface Media {
  readonly mediaType: string;
  readonly located: Located;
}

/** The readable entries of a `content`, one by one. Others are reported and ignored. */
export function* readContent(content: Node, pointer: string, reader: Reader): Generator<Media, undefined> {
  for (const [mediaType, written] of Object.entries(content)) {
    const at = joinPointer(pointer, mediaType);
    const isMediaType = /^[^\s/;]+\/[^\s/;]+\s*(;.*)?$/.test(mediaType);
    if (!isMediaType) reader.report('BAD_MEDIA_TYPE', at, `"${mediaType}" is not a media type. It is ignored.`);
    else {
      const located = written === null ? { value: {}, pointer: at } : reader.object(written, at);
      if (located) yield { mediaType, located };
    }
  }
}
