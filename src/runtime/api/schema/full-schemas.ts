import type { ApiModel, JsonSchemaObject, Operation } from '../../../model/index.ts';
import { FULL_SCHEMA_META, FULL_SCHEMA_SCHEME, fullSchemaUri } from '../../full-schema.ts';
import { once } from '../../once.ts';
import type { ResourceResult, ResourceTemplate, Tool } from '../../provider.ts';
import { listedSchema } from './listed-schema.ts';

/** The complete schemas of tools whose listed schemas are shortened, as resources. */
export interface FullSchemas {
  /** Empty if no tool is shortened. */
  readonly templates: readonly ResourceTemplate[];
  /** `undefined` for any other URI. */
  read(uri: string): ResourceResult | undefined;
  /** Names of shortened tools; `undefined` for any other template. */
  complete(uriTemplate: string): readonly string[] | undefined;
}

export function fullSchemas({ name, operations, schemas }: ApiModel, tools: readonly Tool[]): FullSchemas {
  const isAny = tools.some((tool) => fullSchemaUri(tool) !== undefined);
  // Most servers are asked for none of them.
  const shortened = once(() => {
    const byUri = new Map<string, string>();
    for (const tool of tools) {
      const uri = fullSchemaUri(tool);
      if (uri !== undefined) byUri.set(uri, tool.name);
    }
    return byUri;
  });
  const uriTemplate = `${baseUri(name)}{tool}`;
  return {
    templates: isAny ? [{ uriTemplate, ...WORDS }] : [],
    read(uri) {
      const toolName = shortened().get(uri);
      const operation = operations.find(({ tool }) => tool?.name === toolName);
      if (toolName === undefined || !operation) return undefined;
      const text = JSON.stringify(listedSchema(shownSchema(operation), schemas));
      return { contents: [{ uri, mimeType: WORDS.mimeType, text }] };
    },
    complete: (template) => (isAny && template === uriTemplate ? [...shortened().values()] : undefined),
  };
}

/** A scheme of its own: `api://` belongs to the paths of the API. */
const baseUri = (apiName: string): string => `${FULL_SCHEMA_SCHEME}${apiName}/`;

export const schemaUriOf = ({ name }: Pick<ApiModel, 'name'>, toolName: string): string =>
  `${baseUri(name)}${encodeURIComponent(toolName)}`;

/** The profile's schema if there is one: arguments are given in its form. Without an empty `required`. */
export function shownSchema({ tool, arguments: exact }: Operation): Tool['inputSchema'] {
  const schema: JsonSchemaObject = tool?.inputSchema ?? exact;
  if (isObjectSchema(schema) && schema.required?.length !== 0) return schema;
  const { required, ...shown } = schema;
  return { ...shown, type: 'object', ...(required?.length && { required }) };
}

const isObjectSchema = (schema: JsonSchemaObject): schema is Tool['inputSchema'] => schema.type === 'object';

const WORDS = {
  name: 'full_input_schema',
  title: 'Full input schema of a tool',
  description: 'The complete JSON Schema of the arguments of a tool whose listed schema is shortened.',
  mimeType: 'application/schema+json',
  _meta: FULL_SCHEMA_META,
};
