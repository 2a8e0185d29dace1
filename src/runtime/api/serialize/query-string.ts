import type { QueryStringParameter } from '../../../model/index.ts';
import { formPairs } from './body/form.ts';
import { textBody } from './body/text.ts';
import { jsonText } from './json-text.ts';
import { encodeComponent, encodeWholeQuery } from './percent-encoding.ts';

/**
 * The query of a parameter that is the whole query (OpenAPI 3.2.0 `in: querystring`), as the pieces that `&` joins.
 * Text is a query in the API's own format: what may stand in a query passes, the rest is percent-encoded.
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
