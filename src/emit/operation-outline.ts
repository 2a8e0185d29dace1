import { isDeepStrictEqual } from 'node:util';
import type { Operation, ToolFace } from '../model/index.ts';
import type { OperationOutline } from '../runtime/api/outline/outline.ts';
import { OUTLINE_DEFAULTS } from '../runtime/api/outline/outline-defaults.ts';

/** The content of an emitted operation literal: `joinModel` of the runtime adds schemas and defaults. */
export function operationOutline(operation: Operation): OperationOutline {
  const { arguments: _, id, origin, request, response, auth, tool, ...rest } = operation;
  const { schema: _schema, ...plan } = response;
  const answer = sparse(plan, OUTLINE_DEFAULTS.response);
  return {
    id,
    origin: sparse(origin, OUTLINE_DEFAULTS.origin),
    request: requestOutline(request),
    auth,
    ...rest,
    ...(Object.keys(answer).length > 0 && { response: answer }),
    ...(tool && { tool: toolOutline(tool) }),
  };
}

function toolOutline({ inputSchema: _input, outputSchema: _output, ...face }: ToolFace) {
  return face;
}

function requestOutline({ path, query, headers, cookies, ...rest }: Operation['request']): OperationOutline['request'] {
  const { path: inPath, query: inQuery, headers: inHeader, cookies: inCookie } = OUTLINE_DEFAULTS;
  const lists = {
    query: query.map((parameter) => sparse(parameter, { ...inQuery, name: parameter.argument })),
    headers: headers.map((parameter) => sparse(parameter, { ...inHeader, name: parameter.argument })),
    cookies: cookies.map((parameter) => sparse(parameter, { ...inCookie, name: parameter.argument })),
  };
  const { body, ...others } = sparse(rest, OUTLINE_DEFAULTS.request);
  return {
    ...others,
    path: path.map((part) => (typeof part === 'string' ? part : sparse(part, { ...inPath, name: part.argument }))),
    ...sparse(lists, { query: [], headers: [], cookies: [] }),
    ...(body && { body }),
  };
}

/** The value without the properties that equal their defaults. */
function sparse<Value extends object, Defaults extends object>(
  value: Value,
  defaults: Defaults,
): Omit<Value, keyof Defaults> & Partial<Pick<Value, keyof Defaults & keyof Value>> {
  const presets = new Map<string, unknown>(Object.entries(defaults));
  const entries = Object.entries(value).filter(
    ([key, member]) => !presets.has(key) || !isDeepStrictEqual(member, presets.get(key)),
  );
  // Only properties in `Defaults` were removed.
  return Object.fromEntries(entries) as ReturnType<typeof sparse<Value, Defaults>>;
}
