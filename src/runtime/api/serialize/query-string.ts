import type { QueryStringParameter } from '../../../model/index.ts';
import { formPairs } from './body/form.ts';
import { textBody } from './body/text.ts';
import { jsonText } from './json-text.ts';
import { encodeComponent, encodeWholeQuery } from './percent-encoding.ts';

/**
 * A parameter that is the entire query (OpenAPI 3.2.0 `in: querystring`), as pieces that are joined with `&`. Text is a
 * query in the API's own format: characters that a query may contain are kept, the rest is percent-encoded.
 */
export function writeQueryString({ encoding }: QueryStringParameter, value: unknown): string[] {
  if (value === undefined) return [];
  switch (encoding.kind) {
    case 'form':
      return value === null ? [] : formPairs(encoding, value);
    case 'json':
      return [encodeComponent(jsonText(value))];
    case 'text':
      return value === null ? [] : [encodeWholeQuery(textBody(value))].filter((text) => text !== '');
  }
}
