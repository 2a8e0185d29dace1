import {
  type ApiModel,
  composition,
  type JsonSchema,
  type JsonSchemaObject,
  type Operation,
  sharedName,
} from '../../../model/index.ts';
import type { Tool } from '../../provider.ts';
import { remembered } from '../../remembered.ts';
import { rememberedByText } from '../../remembered-by-text.ts';
import { MOST_KEPT, stem, wordsOfName, wordsOfText } from './words.ts';

/** The texts of an operation by what they are, with the weight of a match. */
export const FIELDS = [
  { name: 'name', weight: 1.5 },
  { name: 'lastSegment', weight: 2 },
  { name: 'segments', weight: 2 },
  { name: 'pathParameters', weight: 0.5 },
  { name: 'summary', weight: 3 },
  { name: 'description', weight: 1 },
  { name: 'tags', weight: 1.5 },
  { name: 'queryNames', weight: 0.8 },
  { name: 'argumentTexts', weight: 0.3 },
  { name: 'bodyNames', weight: 0.6 },
  { name: 'responseNames', weight: 0.3 },
  { name: 'typeNames', weight: 0.8 },
] as const;

export type FieldName = (typeof FIELDS)[number]['name'];
export const fieldIndex = (name: FieldName): number => FIELDS.findIndex((field) => field.name === name);

/** The stems of an operation's texts, in the order of {@link FIELDS}. */
export function operationWords(operation: Operation, { schemas }: Pick<ApiModel, 'schemas'>): readonly string[] {
  const { origin, tool, response } = operation;
  const segments = staticSegments(origin.path);
  const inPath = new Set(operation.request.path.flatMap((part) => (typeof part === 'string' ? [] : [part.argument])));
  const inQuery = new Set([...operation.request.query, ...operation.request.headers].map(({ argument }) => argument));
  const names = Object.keys(operation.arguments.properties);
  const described = names.filter((name) => inQuery.has(name)).map((name) => operation.arguments.properties[name]);
  const { summary, description } = splitDescription(tool?.title, tool?.description ?? '');
  const body = names.flatMap((name) =>
    inPath.has(name) || inQuery.has(name) ? [] : [{ name, schema: operation.arguments.properties[name] ?? true }],
  );
  const { texts, properties, types } = wordsIn(schemas);
  return inOrder({
    name: nameStems(operation.id),
    lastSegment: nameStems(segments.at(-1) ?? ''),
    segments: segments.slice(0, -1).flatMap(nameStems),
    pathParameters: [...inPath].flatMap(nameStems),
    summary: textStems(summary),
    description: textStems(description.slice(0, LONGEST_DESCRIPTION)),
    tags: origin.tags.flatMap(nameStems),
    queryNames: [...inQuery].flatMap(nameStems),
    argumentTexts: described.flatMap(texts),
    bodyNames: [...body.flatMap(({ name }) => nameStems(name)), ...body.flatMap(({ schema }) => properties(schema))],
    responseNames: properties(response.schema),
    typeNames: [...types(response.schema), ...body.flatMap(({ schema }) => types(schema))],
  });
}

/** The same for any tool, from what is listed. */
export function toolWords({ name, title, description = '', inputSchema }: Tool): readonly string[] {
  const { $defs: schemas = {}, properties = {} } = inputSchema;
  const { summary, description: more } = splitDescription(title, description);
  return inOrder({
    name: nameStems(name),
    summary: textStems(summary),
    description: textStems(more.slice(0, LONGEST_DESCRIPTION)),
    queryNames: Object.keys(properties).flatMap(nameStems),
    argumentTexts: Object.values(properties).flatMap(wordsIn(schemas).texts),
  });
}

/** The stems of schemas, which many operations share. */
const wordsIn = remembered((schemas: ApiModel['schemas']) => {
  const stemsOf = (read: (schema: JsonSchemaObject) => readonly string[]) => {
    const known = remembered(read);
    return (schema: JsonSchema | undefined): readonly string[] => (typeof schema === 'object' ? known(schema) : []);
  };
  return {
    texts: stemsOf((schema) => argumentTexts(schema, schemas)),
    properties: stemsOf((schema) => propertyNames(schema, schemas).flatMap(nameStems)),
    types: stemsOf((schema) => typeNames(schema, schemas).flatMap(nameStems)),
  };
});

const LONGEST_DESCRIPTION = 300;
const LONGEST_ARGUMENT_TEXT = 120;
/** Enums may have hundreds of values, such as countries. */
const MOST_VALUES = 20;

const inOrder = (stems: Partial<Record<FieldName, readonly string[]>>): readonly string[] =>
  FIELDS.map(({ name }) => (stems[name] ?? []).join(' '));

export const nameStems = rememberedByText((name): readonly string[] => wordsOfName(name).map(stem), MOST_KEPT);
const textStems = (text: string): readonly string[] => wordsOfText(text).map(stem);

/** `/repos/{owner}/issues` → `repos`, `issues`. Versions and prefixes that all paths share say nothing. */
export function staticSegments(path: string): readonly string[] {
  return path
    .split('/')
    .map((segment) => segment.replace(/\{[^{}]*\}/g, ' ').trim())
    .filter((segment) => segment !== '' && !/^(?:api|rest|v\d[\w.]*)$/i.test(segment));
}

/** A description starts with the title, or else its first sentence is the summary. It may end in `(GET /path)`. */
function splitDescription(title: string | undefined, written: string) {
  const text = written.replace(/\s*\([A-Z]+ \/[^()]*\)$/, '').replace(/^Deprecated\. /, '');
  if (title !== undefined) {
    const rest = text.startsWith(title) ? text.slice(title.length) : text;
    return { summary: title, description: rest };
  }
  const end = /[.!?](?=\s|$)|\n/.exec(text)?.index ?? text.length;
  return { summary: text.slice(0, end), description: text.slice(end) };
}

function argumentTexts(schema: JsonSchemaObject, schemas: ApiModel['schemas']): readonly string[] {
  const texts: string[] = [];
  for (const part of composition(schema, schemas, { items: true })) {
    if (part.description !== undefined && texts.length === 0)
      texts.push(part.description.slice(0, LONGEST_ARGUMENT_TEXT));
    for (const value of part.enum?.slice(0, MOST_VALUES) ?? []) if (typeof value === 'string') texts.push(value);
  }
  return texts.flatMap(wordsOfName).map(stem);
}

/** Of the object, or of the objects in the list. */
export function propertyNames(schema: JsonSchema, schemas: ApiModel['schemas']): readonly string[] {
  const names = new Set<string>();
  for (const part of composition(schema, schemas, { items: true }))
    for (const name of Object.keys(part.properties ?? {})) names.add(name);
  return [...names];
}

/** The names of the shared schemas that the value, or each item of the list, consists of. */
export function typeNames(schema: JsonSchema, schemas: ApiModel['schemas']): readonly string[] {
  const names = new Set<string>();
  for (const { $ref } of composition(schema, schemas, { items: true })) {
    const name = $ref === undefined ? undefined : sharedName($ref);
    if (name !== undefined) names.add(name);
  }
  return [...names];
}
