import { isObject, type JsonObject } from '../json.ts';
import { joinPointer } from '../references.ts';
import { extensions, moved, type UpgradeContext } from './context.ts';
import { arrayStyle, simpleSchema } from './parameter.ts';

const MULTIPART = 'multipart/form-data';
const FORM = 'application/x-www-form-urlencoded';
const isForm = (mediaType: string): boolean => /^(multipart\/|application\/x-www-form-urlencoded)/i.test(mediaType);

/** A body or form parameter, and its pointer. */
export interface BodyParameter {
  readonly parameter: JsonObject;
  readonly pointer: string;
}

/**
 * Converts the body and form parameters of an operation to its request body; `undefined` if there are none.
 *
 * @param consumes of the operation, or of the root
 * @param pointer of the operation's parameters
 */
export function upgradeBody(
  found: readonly BodyParameter[],
  { consumes, pointer, context }: { consumes: readonly string[]; pointer: string; context: UpgradeContext },
): JsonObject | undefined {
  const bodies = found.filter(({ parameter }) => parameter.in === 'body');
  const fields = found.filter(({ parameter }) => parameter.in === 'formData');
  const [body, second] = bodies;
  const useForm = fields.length > 0 && (!body || consumes.some(isForm));
  if (body && fields[0]) {
    const kept = useForm ? 'The form parameters are' : 'The body parameter is';
    context.say('BODY_AND_FORM', fields[0].pointer, `The operation has a body and form parameters. ${kept} used.`);
  }
  if (second)
    context.say('SEVERAL_BODIES', second.pointer, 'The operation already has a body parameter, which is used.');
  if (useForm) return formBody(fields, { consumes, pointer, context });
  return body && jsonBody(body, consumes, context);
}

function jsonBody(
  { parameter, pointer }: BodyParameter,
  consumes: readonly string[],
  context: UpgradeContext,
): JsonObject {
  const { schema, description, required } = parameter;
  const mediaType = moved(
    schema === undefined ? {} : { schema: context.schemas.inside(schema, joinPointer(pointer, 'schema')) },
    pointer,
    context,
  );
  const mediaTypes = consumes.length ? consumes : ['application/json'];
  const body = {
    ...(typeof description === 'string' ? { description } : {}),
    ...(required === true ? { required } : {}),
    content: Object.fromEntries(mediaTypes.map((name) => [name, mediaType])),
    ...extensions(parameter),
  };
  return moved(body, pointer, context);
}

function formBody(
  fields: readonly BodyParameter[],
  { consumes, pointer, context }: { consumes: readonly string[]; pointer: string; context: UpgradeContext },
): JsonObject {
  const named = new Map<string, BodyParameter>();
  for (const field of fields) {
    const { name } = field.parameter;
    if (typeof name !== 'string' || name === '') {
      context.say('PARAMETER_WITHOUT_NAME', field.pointer, 'A form parameter has no name; it is skipped.');
      continue;
    }
    if (named.has(name))
      context.say('DUPLICATE_PARAMETER', field.pointer, `There are two form parameters "${name}"; the last one wins.`);
    named.set(name, field);
  }
  const entries = [...named];
  const encoding = entries.flatMap(([name, { parameter, pointer: at }]) => {
    const style = arrayStyle(parameter, at, context);
    return style ? [[name, style] as const] : [];
  });
  const required = entries.filter(([, { parameter }]) => parameter.required === true).map(([name]) => name);
  const schema = {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, field]) => [name, fieldSchema(field, context)])),
    ...(required.length ? { required } : {}),
  };
  const mediaType = {
    schema: moved(schema, pointer, context),
    ...(encoding.length ? { encoding: Object.fromEntries(encoding) } : {}),
  };
  const names = formTypes(fields, consumes, context);
  const body = {
    ...(required.length ? { required: true } : {}),
    content: Object.fromEntries(names.map((name) => [name, moved({ ...mediaType }, pointer, context)])),
  };
  return moved(body, pointer, context);
}

function fieldSchema({ parameter, pointer }: BodyParameter, context: UpgradeContext): unknown {
  const own = isObject(parameter.schema)
    ? (context.schemas.inside(parameter.schema, joinPointer(pointer, 'schema')) as JsonObject)
    : simpleSchema(parameter, pointer, context);
  const { description } = parameter;
  const schema = { ...own, ...(typeof description === 'string' ? { description } : {}), ...extensions(parameter) };
  return moved(schema, pointer, context);
}

/**
 * 2.0: a file requires multipart/form-data (or, according to its text, urlencoded, which cannot contain one); other
 * fields work with both.
 */
function formTypes(
  fields: readonly BodyParameter[],
  consumes: readonly string[],
  context: UpgradeContext,
): readonly string[] {
  const types = consumes.filter(isForm);
  const file = fields.find(({ parameter }) => holdsFile(parameter));
  if (!file) return types.length ? types : [FORM];
  const multipart = types.filter((type) => /^multipart\//i.test(type));
  if (multipart.length) return multipart;
  context.say(
    'FILE_WITHOUT_MULTIPART',
    file.pointer,
    `The operation does not consume ${MULTIPART}; the file is sent as multipart/form-data.`,
  );
  return [MULTIPART];
}

/** A file, or a list of files. */
const holdsFile = ({ type, items }: JsonObject): boolean => type === 'file' || (isObject(items) && holdsFile(items));
