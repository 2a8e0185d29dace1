import { resourceNote } from '../../note.ts';
import type { ResourceContents } from '../../provider.ts';
import { toBase64 } from '../../text/base64.ts';
import type { Answer } from '../read/answer.ts';

/**
 * A successful response as the contents of a resource: not cut, because programs read resources (the limit on results
 * is for models). If reading had to stop early, notes are a second text with the same URI.
 *
 * @param listed the listed media type: used if the response has none
 */
export function toResourceContents(
  answer: Answer,
  uri: string,
  listed: string | undefined,
): readonly ResourceContents[] {
  const contents = main(answer, uri, listed);
  return answer.notes.length === 0 ? [contents] : [contents, resourceNote(uri, answer.notes.join('\n'))];
}

function main(answer: Answer, uri: string, listed: string | undefined): ResourceContents {
  switch (answer.kind) {
    case 'json':
    case 'text':
      return { uri, mimeType: answer.mediaType, text: answer.text };
    case 'items':
      return { uri, mimeType: answer.mediaType, text: answer.items.map(({ text }) => text).join('\n') };
    case 'binary':
      return { uri, mimeType: answer.mediaType, blob: toBase64(answer.bytes) };
    case 'empty':
      return { uri, ...(listed === undefined ? {} : { mimeType: listed }), text: '' };
  }
}
