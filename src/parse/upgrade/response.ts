import { defined } from '../../model/own.ts';
import { isObject, type JsonObject } from '../json.ts';
import { joinPointer } from '../references.ts';
import { extensions, moved, pick, type UpgradeContext } from './context.ts';
import { arrayStyle, simpleSchema } from './parameter.ts';

/** @param operationProduces media types of the operation, or of the root */
export type ResponseContext = UpgradeContext & { readonly operationProduces: readonly string[] | undefined };

/** Converts a 2.0 response ("Response Object"); one with `content` is already in 3.x form. */
export function upgradeResponse(response: unknown, pointer: string, context: ResponseContext): unknown {
  if (!isObject(response)) return response;
  if ('$ref' in response || isObject(response.content)) return context.schemas.inside(response, pointer);
  const where = context.pointers.get(response) ?? pointer;
  const headers = upgradeHeaders(response.headers, joinPointer(where, 'headers'), context);
  const content = upgradeContent(response, where, context);
  const upgraded = {
    ...pick(response, ['description']),
    ...defined({ headers, content }),
    ...extensions(response),
  };
  return moved(upgraded, where, context);
}

function upgradeContent(response: JsonObject, pointer: string, context: ResponseContext): JsonObject | undefined {
  const { schema } = response;
  const examples = isObject(response.examples) ? response.examples : {};
  if (schema === undefined && Object.keys(examples).length === 0) return undefined;
  const isFile = isObject(schema) && schema.type === 'file';
  const produces = context.operationProduces ?? [];
  const fallback = schema === undefined ? [] : [isFile ? 'application/octet-stream' : 'application/json'];
  // Keys of `examples` are media types (2.0 "Example Object"), but people also use names.
  const ofExamples = Object.keys(examples).filter((key) => key.includes('/'));
  const names = produces.length ? produces : ofExamples.length ? ofExamples : fallback;
  const upgraded =
    schema === undefined ? {} : { schema: context.schemas.inside(schema, joinPointer(pointer, 'schema')) };
  return Object.fromEntries(
    names.map((name) => {
      const mediaType = { ...upgraded, ...(Object.hasOwn(examples, name) ? { example: examples[name] } : {}) };
      return [name, moved(mediaType, pointer, context)];
    }),
  );
}

function upgradeHeaders(headers: unknown, pointer: string, context: UpgradeContext): unknown {
  if (!isObject(headers)) return undefined;
  return Object.fromEntries(
    Object.entries(headers).map(([name, header]) => {
      const at = joinPointer(pointer, name);
      if (!isObject(header) || 'schema' in header || '$ref' in header)
        return [name, context.schemas.inside(header, at)];
      const upgraded = {
        ...pick(header, ['description']),
        ...arrayStyle({ ...header, in: 'header' }, at, context),
        schema: simpleSchema(header, at, context),
        ...extensions(header),
      };
      return [name, moved(upgraded, at, context)];
    }),
  );
}
