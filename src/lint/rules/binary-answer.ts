import { joinPointer } from '../../parse/references.ts';
import type { Rule } from '../subject.ts';

/** Bytes arrive as base64, of which a model can make nothing and which fills its context. */
export const binaryAnswer: Rule = {
  id: 'binary-answer',
  severity: 'advice',
  summary: 'An operation answers with bytes only: a file, an archive, a video.',
  fix: 'Offer an answer in JSON or text too, or leave the operation out with `x-mcp: false`.',
  *check({ operations }) {
    for (const { response, pointer, id } of operations) {
      const types = response.accept.split(',').map((type) => type.split(';')[0]?.trim() ?? '');
      const named = types.filter((type) => type !== '*/*');
      if (named.length > 0 && named.every((type) => BYTES.test(type)))
        yield { pointer: joinPointer(pointer, 'responses'), message: `"${id}" answers with ${named.join(', ')}.` };
    }
  },
};

/** Images and sound are not among them: clients show those. */
const BYTES =
  /^(video\/|font\/|application\/(octet-stream|pdf|zip|gzip|x-tar|x-gzip|x-zip-compressed|vnd\.(ms-|openxmlformats|oasis)))/i;
