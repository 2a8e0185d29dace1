// The wire cases of `npm run compare`: operations, arguments, and the request that the OpenAPI Specification requires.
// Expected requests come from the tables and examples of the specification (and the RFCs that it refers to), which each
// case cites, and from nothing else. Several queries are listed if the specification allows several.
//
// Cases of a group share a document, except where `alone` gives each its own: credentials and servers apply to all
// operations of a document.
import { bodyGroups } from './cases/bodies.mjs';
import { documentGroups } from './cases/documents.mjs';
import { parameterGroups } from './cases/parameters.mjs';

export const GROUPS = [...parameterGroups, ...bodyGroups, ...documentGroups];

/**
 * The documents of a group: each has `name`, `document` and `cases`.
 *
 * @param url the base URL of the API, without a slash at the end
 */
export function documentsOf(group, url) {
  if (!group.alone) return [documentFor(group, group.name, group.cases, url)];
  return group.cases.map((each) => documentFor(group, each.id, [each], url));
}

/** A document with these cases alone: that of a case if the document of its group does not load. */
export function documentFor(group, name, cases, url) {
  const make = group.version === '2.0' ? swagger : openApi;
  return { name, cases, document: make(group, name, cases, url) };
}

function openApi(group, name, cases, url) {
  const [only] = cases;
  const servers = only.servers ?? [{ url: '{api}' }];
  const text = JSON.stringify({
    openapi: group.version ?? '3.0.4',
    info: { title: `Cases ${name}`, version: '1.0.0' },
    servers,
    paths: Object.fromEntries(cases.map((each) => [pathOf(each), pathItem(each)])),
    ...(group.components !== undefined && { components: group.components }),
  });
  return JSON.parse(text.replaceAll('{api}', url));
}

const pathItem = (each) => ({
  ...each.pathItem,
  [(each.method ?? 'GET').toLowerCase()]: {
    operationId: each.id,
    summary: `Case ${each.id}`,
    ...(each.parameters !== undefined && { parameters: each.parameters }),
    ...(each.requestBody !== undefined && { requestBody: each.requestBody }),
    ...each.operation,
    responses: { 200: { description: 'OK', content: { 'application/json': { schema: { type: 'object' } } } } },
  },
});

function swagger(_group, name, cases, url) {
  const { host } = new URL(url);
  const operation = (each) => ({
    operationId: each.id,
    summary: `Case ${each.id}`,
    produces: ['application/json'],
    parameters: each.parameters ?? [],
    ...each.operation,
    responses: { 200: { description: 'OK', schema: { type: 'object' } } },
  });
  return {
    swagger: '2.0',
    info: { title: `Cases ${name}`, version: '1.0.0' },
    host,
    basePath: '/two',
    schemes: ['http'],
    paths: Object.fromEntries(
      cases.map((each) => [pathOf(each), { [(each.method ?? 'GET').toLowerCase()]: operation(each) }]),
    ),
  };
}

/** Every case has its own path, by which its operation can be recognised. */
export const pathOf = (each) => each.path ?? `/${each.id}`;
