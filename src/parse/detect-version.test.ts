import { expect, test } from 'vitest';
import { DocumentError } from './api-document.ts';
import { detectVersion } from './detect-version.ts';
import { recogniseText } from './recognise.ts';

test.each([
  { given: { swagger: '2.0' }, version: '2.0', shape: '2.0', problems: [] },
  { given: { swagger: 2 }, version: '2.0', shape: '2.0', problems: [] },
  { given: { openapi: '3.0.3' }, version: '3.0.3', shape: '3.x', problems: [] },
  { given: { openapi: '3.0' }, version: '3.0', shape: '3.x', problems: [] },
  { given: { openapi: 3 }, version: '3', shape: '3.x', problems: [] },
  { given: { openapi: 3.1 }, version: '3.1', shape: '3.x', problems: [] },
  { given: { openapi: '3.1.2' }, version: '3.1.2', shape: '3.x', problems: [] },
  { given: { openapi: '3.2.0' }, version: '3.2.0', shape: '3.x', problems: [] },
  { given: { openapi: ' v3.0.0-rc1 ' }, version: 'v3.0.0-rc1', shape: '3.x', problems: [] },
  { given: { openapi: '3.7.0' }, version: '3.7.0', shape: '3.x', problems: ['UNKNOWN_VERSION'] },
  { given: { openapi: 'latest' }, version: 'latest', shape: '3.x', problems: ['UNKNOWN_VERSION'] },
  { given: { openapi: '2.0' }, version: '2.0', shape: '2.0', problems: ['UNKNOWN_VERSION'] },
  { given: { swagger: '3.0' }, version: '3.0', shape: '3.x', problems: ['UNKNOWN_VERSION'] },
  { given: { swagger: '3.0', definitions: {} }, version: '3.0', shape: '2.0', problems: ['UNKNOWN_VERSION'] },
  { given: { paths: {}, servers: [] }, version: '3.1.0', shape: '3.x', problems: ['MISSING_VERSION'] },
  { given: { paths: {}, host: 'a.test' }, version: '2.0', shape: '2.0', problems: ['MISSING_VERSION'] },
])('$given is read as $version in the shape of $shape', ({ given, version, shape, problems }) => {
  const detected = detectVersion(given, 'api.json');
  expect({ ...detected, problems: detected.problems.map(({ code }) => code) }).toEqual({ version, shape, problems });
});

test.each([
  { given: { asyncapi: '3.0.0', channels: {} }, looksLike: 'an AsyncAPI document' },
  { given: { info: { _postman_id: 'x' }, item: [] }, looksLike: 'a Postman collection' },
  { given: { discoveryVersion: 'v1', resources: {} }, looksLike: 'a Google API discovery document' },
  { given: { $schema: 'https://json-schema.org/draft/2020-12/schema' }, looksLike: 'a JSON Schema' },
  { given: { data: { __schema: {} } }, looksLike: 'a GraphQL schema' },
  { given: { overlay: '1.0.0', actions: [] }, looksLike: 'an OpenAPI Overlay' },
  { given: { message: 'Bad credentials', documentation_url: 'x' }, looksLike: 'the error response of a server' },
  { given: { a: 1, b: 2 }, looksLike: 'an object with the keys "a", "b"' },
  { given: {}, looksLike: 'an object with the keys (none)' },
  { given: [], looksLike: 'a list' },
  { given: 'Hello', looksLike: 'plain text' },
  { given: null, looksLike: 'nothing' },
])('$given is not an OpenAPI document: it looks like $looksLike', ({ given, looksLike }) => {
  expect(() => detectVersion(given, 'x')).toThrow(DocumentError);
  expect(() => detectVersion(given, 'x')).toThrow(`it looks like ${looksLike}`);
});

test.each([{ openapi: '4.0.0' }, { swagger: '1.2' }])('%o is refused as not supported', (given) => {
  expect(() => detectVersion(given, 'x')).toThrow(/not supported/);
});

test.each([
  { given: '<!DOCTYPE html><html>', what: 'an HTML page' },
  { given: '<?xml version="1.0"?><wsdl:definitions>', what: 'a WSDL document (SOAP)' },
  { given: '#%RAML 1.0\ntitle: x', what: 'a RAML document' },
  { given: 'type Query {\n  a: Int\n}', what: 'a GraphQL schema' },
  { given: 'syntax = "proto3";', what: 'a Protocol Buffers file' },
  { given: 'openapi: 3.1.0\ninfo:\n  description: |\n    type Query {', what: undefined },
])('the text $given looks like $what', ({ given, what }) => {
  expect(recogniseText(given)?.what).toBe(what);
});

test('a page that shows a document says where the document is', () => {
  const page = '<html><script>SwaggerUIBundle({ url: "/api/v3/openapi.json" })</script>';
  expect(recogniseText(page)?.fix).toContain('"/api/v3/openapi.json"');
});
