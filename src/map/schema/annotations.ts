import { type JsonValue, visibleText } from '../../model/index.ts';
import { isObject, type Node } from '../reader.ts';
import { badKeyword, type Site } from './context.ts';

export function readDescription(site: Site): void {
  const { written, draft, context } = site;
  if (typeof written.description === 'string') {
    const description = context.text(written.description);
    if (description !== '')
      draft.description = draft.description === undefined ? description : `${description} ${draft.description}`;
  } else if (written.description !== null) badKeyword(site, 'description', 'text');
}

/** Drops a title if there is a description: in nearly every document it just repeats the name of the property. */
export function readTitle({ written, draft }: Site): void {
  if (typeof written.title === 'string' && written.title !== '' && draft.description === undefined)
    draft.title = visibleText(written.title);
}

export function readDeprecated({ written, draft }: Site): void {
  if (written.deprecated === true) draft.deprecated = true;
}

export function readExamples({ written, draft, context }: Site): void {
  const examples = exampleValues(written, context.longestExample);
  if (examples.length) draft.examples = examples;
}

/** Maximum length of a listed example, in characters of JSON. */
export const LONGEST_EXAMPLE = 200;

/**
 * `example` (OpenAPI 3.0), `x-example` (Swagger 2.0) and `examples` (a list in 3.1; a map of Example Objects in the
 * wild), short ones only.
 */
export function exampleValues(node: Node, longest = LONGEST_EXAMPLE): readonly JsonValue[] {
  const found: unknown[] = [];
  if (node.example !== undefined) found.push(node.example);
  else if (node['x-example'] !== undefined) found.push(node['x-example']);
  else if (Array.isArray(node.examples)) found.push(...node.examples);
  else if (isObject(node.examples))
    for (const example of Object.values(node.examples))
      if (isObject(example) && example.value !== undefined) found.push(example.value);
  return found
    .slice(0, 2)
    .filter((value): value is JsonValue => (JSON.stringify(value)?.length ?? Infinity) <= longest);
}
