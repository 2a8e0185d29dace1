import { joinPointer } from '../../parse/references.ts';
import type { Rule } from '../subject.ts';

/** Bytes arrive as base64, which fills the context and means nothing to a model. */
export const binaryResponse: Rule = {
  id: 'binary-response',
  severity: 'advice',
  summary: 'An operation returns only binary data: a file, an archive, a video.',
  fix: 'Offer a JSON or text response too, or exclude the operation with `x-mcp: false`.',
  *check({ operations }) {
    for (const { response, pointer, id } of operations) {
      const types = response.accept.split(',').map((type) => type.split(';')[0]?.trim() ?? '');
      const named = types.filter((type) => type !== '*/*');
      if (named.length > 0 && named.every((type) => BYTES.test(type)))
        yield { pointer: joinPointer(pointer, 'responses'), message: `"${id}" returns ${named.join(', ')}.` };
    }
  },
};

/** Not images and audio, which clients can show. */
const BYTES =
  /^(video\/|font\/|application\/(octet-stream|pdf|zip|gzip|x-tar|x-gzip|x-zip-compressed|vnd\.(ms-|openxmlformats|oasis)))/i;
