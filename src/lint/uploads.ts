import {
  type BodyVariant,
  composition,
  type JsonSchema,
  type JsonSchemaObject,
  type Operation,
} from '../model/index.ts';

/** Body arguments that are files, and those that only look like files. */
export interface Uploads {
  /** Sent as bytes. */
  readonly files: readonly string[];
  /** Sent as text although the document declares them binary, or a form field is named like a file. */
  readonly texts: readonly string[];
}

type Shared = Readonly<Record<string, JsonSchema>>;

export function uploadsOf({ request, arguments: { properties } }: Operation, shared: Shared): Uploads {
  const files = new Set<string>();
  const texts = new Set<string>();
  for (const variant of request.body?.variants ?? [])
    for (const [argument, name] of fieldsOf(variant)) {
      const schema = properties[argument] ?? true;
      if (isFile(variant, name)) files.add(argument);
      else if (holds(schema, shared, isBinaryFormat)) texts.add(argument);
      else if (variant.encoding.kind === 'multipart' && FILE_NAME.test(name) && holds(schema, shared, isPlainText))
        texts.add(argument);
    }
  return { files: [...files], texts: [...texts].filter((argument) => !files.has(argument)) };
}

/** Arguments with their property names; an argument for the complete body has none. */
function fieldsOf({ source }: BodyVariant): readonly (readonly [argument: string, name: string])[] {
  return source.kind === 'fields' ? Object.entries(source.fields) : [[source.argument, '']];
}

function isFile({ encoding }: BodyVariant, name: string): boolean {
  if (encoding.kind === 'bytes') return true;
  return encoding.kind === 'multipart' && Object.hasOwn(encoding.parts, name) && encoding.parts[name]?.bytes === true;
}

/** `avatar`, `image_file`, `attachments`; not `file_name` or `imageUrl`. */
const FILE_NAME =
  /(?:^|[_.\-[])(?:files?|uploads?|attachments?|images?|photos?|pictures?|avatar|logo|videos?|audio)\]?$|[a-z](?:Files?|Uploads?|Attachments?|Images?|Photos?|Pictures?)$/;

/** Whether a schema, its items or one of its subschemas matches. */
function holds(schema: JsonSchema, shared: Shared, is: (schema: JsonSchemaObject) => boolean): boolean {
  for (const part of composition(schema, shared, { items: true })) if (is(part)) return true;
  return false;
}

const isBinaryFormat = ({ format }: JsonSchemaObject): boolean => format === 'binary';

const isPlainText = ({ type, format, enum: values, contentEncoding }: JsonSchemaObject): boolean =>
  [type].flat().includes('string') && format === undefined && values === undefined && contentEncoding === undefined;
