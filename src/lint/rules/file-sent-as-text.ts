import type { Rule } from '../subject.ts';
import { uploadsOf } from '../uploads.ts';

/** If a caller passes a file, its base64 text is sent, which the API does not expect. */
export const fileSentAsText: Rule = {
  id: 'file-sent-as-text',
  severity: 'advice',
  summary: 'An argument looks like a file, but is sent as text.',
  fix: 'Send it in `multipart/form-data` with `format: binary` (3.0) or `contentMediaType` (3.1), or as base64 with `contentEncoding: base64`.',
  *check({ operations, model }) {
    for (const operation of operations) {
      const { texts } = uploadsOf(operation, model.schemas);
      if (texts.length > 0)
        yield { pointer: operation.pointer, message: `"${operation.id}" sends these as text: ${texts.join(', ')}.` };
    }
  },
};
