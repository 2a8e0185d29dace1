import type { Tool } from '../../provider.ts';
import { ALWAYS_LOADED } from '../always-loaded.ts';

/** The scheme of links to kept results. */
export const SCHEME = 'result://';

export const READ_RESULT = 'read_result';

/** Its arguments. */
export const PROPERTIES = {
  handle: { type: 'string', description: 'From the note on a cut result.' },
  path: { type: 'string', description: 'Where to look, such as items[3].user.' },
  query: { type: 'string', description: 'JMESPath expression on the value at path.' },
  search: { type: 'string', description: 'Only items, members or lines that contain this text.' },
  from: { type: 'integer', minimum: 0, description: 'First item, member, line or character, counted from 0.' },
  limit: { type: 'integer', minimum: 0 },
  fields: { type: 'array', items: { type: 'string' }, description: 'Fields to keep, such as ["id", "user.login"].' },
} as const;

/** The tool that reaches the rest of a cut result. */
export const READ_RESULT_TOOL: Tool = Object.freeze<Tool>({
  name: READ_RESULT,
  title: 'Read a cut result',
  description:
    'Reads the rest of a result that was cut, or the part of it that you need, without calling the API again.',
  inputSchema: { type: 'object', properties: PROPERTIES, required: ['handle'], additionalProperties: false },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  _meta: ALWAYS_LOADED,
});
