// Which tool of a peer is an operation, and which of its arguments is a parameter: by what it lists, for every peer by
// the same rules, so that nobody loses a case for its names. Names are compared by their letters and digits.
//
// A tool: named like the operationId; else its name ends with it; else its title or description contains the summary or
// the path of the operation.
//
// A parameter: in an object for its location (`queryParams`, `params`, `headers`, `body`, `data`, `requestBody` …), else
// an argument of its name, alone or with its location (`id`, `id_query`, `query_id`). If an argument with the location
// exists, it is preferred. A body: an argument or object for bodies, else its members, each as an argument, else the only
// argument that is left. A value is passed as JSON text if the argument is listed as a string, a file as base64 if its schema says so.

const GROUPS = {
  path: ['pathparams', 'pathparameters', 'path'],
  query: ['queryparams', 'queryparameters', 'query', 'params'],
  header: ['headerparams', 'headerparameters', 'headers', 'header'],
  cookie: ['cookieparams', 'cookies', 'cookie'],
  body: ['requestbody', 'bodyparams', 'body', 'data', 'payload'],
};

const letters = (name) => name.toLowerCase().replace(/[^\p{L}\d]/gu, '');

/** @returns the tool, or `undefined` */
export function toolOf(tools, each, path) {
  const id = letters(each.id);
  const says = (text) => new RegExp(`${text.replace(/[^\w ]/g, '\\$&')}(?![\\w/{-])`);
  const rules = [
    (tool) => letters(tool.name) === id,
    (tool) => letters(tool.name).endsWith(id),
    (tool) => says(`Case ${each.id}`).test(`${tool.title}\n${tool.description}`),
    (tool) => says(path).test(tool.description ?? ''),
  ];
  for (const rule of rules) {
    const found = tools.find(rule);
    if (found) return found;
  }
  return undefined;
}

/** @throws Error that names the parameter, if the tool has no argument for it */
export function argumentsOf(tool, given) {
  const root = tool.inputSchema ?? {};
  const result = {};
  for (const place of ['path', 'query', 'header', 'cookie']) {
    for (const [name, value] of Object.entries(given[place] ?? {})) putParameter(result, root, { place, name, value });
  }
  if ('body' in given) putBody(result, root, given.body);
  return result;
}

function putParameter(result, root, { place, name, value }) {
  const group = groupFor(root, place);
  const inGroup = group && keyFor(group.members, name, place);
  if (inGroup !== undefined) {
    result[group.key] = { ...result[group.key], [inGroup]: fitted(value, group.members[inGroup], root) };
    return;
  }
  const members = membersOf(root);
  const key = keyFor(members, name, place);
  if (key === undefined) throw new Error(`no argument for the ${place} parameter "${name}" (${namesOf(root)})`);
  result[key] = fitted(value, members[key], root);
}

function putBody(result, root, body) {
  const members = membersOf(root);
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body) && !('$file' in body);
  const named = Object.keys(members).find((key) => GROUPS.body.includes(letters(key)));
  if (
    named === undefined &&
    isObject &&
    Object.keys(body).every((name) => keyFor(members, name, 'body') !== undefined)
  ) {
    for (const [name, value] of Object.entries(body)) putParameter(result, root, { place: 'body', name, value });
    return;
  }
  // The only argument that is left is the body, whatever its name.
  const free = Object.keys(members).filter((key) => !(key in result));
  const key = named ?? (free.length === 1 ? free[0] : undefined);
  if (key === undefined) throw new Error(`no argument for the body (${namesOf(root)})`);
  result[key] = fitted(body, members[key], root);
}

const namesOf = (root) => `it has ${Object.keys(membersOf(root)).join(', ') || 'none'}`;

/** An object that holds the parameters of a location. */
function groupFor(root, place) {
  for (const [key, member] of Object.entries(membersOf(root))) {
    if (!GROUPS[place].includes(letters(key))) continue;
    const members = membersOf(resolved(member, root));
    if (Object.keys(members).length > 0) return { key, members };
  }
  return undefined;
}

function keyFor(members, name, place) {
  const wanted = [`${name}${place}`, `${place}${name}`, name].map(letters);
  for (const want of wanted) {
    const found = Object.keys(members).find((key) => letters(key) === want);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Properties, also those in `allOf`, `anyOf` and `oneOf`. */
function membersOf(schema) {
  if (typeof schema !== 'object' || schema === null) return {};
  const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => schema[keyword] ?? []);
  return Object.assign({}, ...parts.map(membersOf), schema.properties);
}

function resolved(schema, root) {
  const pointer = schema?.$ref;
  if (typeof pointer !== 'string' || !pointer.startsWith('#/')) return schema;
  const keys = pointer.slice(2).split('/');
  return keys.reduce((at, key) => at?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], root) ?? {};
}

function fitted(value, schema, root) {
  if (typeof value !== 'object' || value === null) return value;
  if ('$file' in value) return asksForBase64(schema, root) ? Buffer.from(value.$file).toString('base64') : value.$file;
  if (resolved(schema, root)?.type === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return value;
  const members = membersOf(resolved(schema, root));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fitted(each, members[name], root)]));
}

const asksForBase64 = (schema, root) =>
  /"contentEncoding":"base64"|"format":"byte"/.test(JSON.stringify([resolved(schema, root)]));
