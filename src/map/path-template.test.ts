import { expect, test } from 'vitest';
import { parsePathTemplate } from './path-template.ts';

const parameter = (name: string, reserved = false) => ({ name, reserved });

test.each([
  ['/pets', [], ['/pets'], '', ''],
  ['/pets/{id}', ['id'], ['/pets/', parameter('id')], '', ''],
  ['/{a}{b}.json', ['a', 'b'], ['/', parameter('a'), parameter('b'), '.json'], '', ''],
  ['/items/{id}:archive', ['id'], ['/items/', parameter('id'), ':archive'], '', ''],
  ['/v1/{+name}', ['name'], ['/v1/', parameter('name', true)], '', ''],
  ['/{Bucket}/{Key+}', ['Bucket', 'Key'], ['/', parameter('Bucket'), '/', parameter('Key', true)], '', ''],
  ['/files/{path*}', ['path'], ['/files/', parameter('path')], '', ''],
  ['/x/{id:[0-9]+}', ['id'], ['/x/', parameter('id')], '', ''],
  ['/x/{petID}', ['petId'], ['/x/', parameter('petId')], '', ''],
  ['/a?x=1&y={b}', [], ['/a'], 'x=1&y=%7Bb%7D', ''],
  ['/a?x=1#frag', [], ['/a'], 'x=1', 'frag'],
  ['/#Action=List', [], ['/'], '', 'Action=List'],
  ['/a b/é', [], ['/a%20b/%C3%A9'], '', ''],
  ['/a%20b', [], ['/a%20b'], '', ''],
  ['/100%', [], ['/100%25'], '', ''],
  ['pets', [], ['/pets'], '', ''],
  ['/{', [], ['/%7B'], '', ''],
] as const)('%s', (path, declared, parts, fixedQuery, fragment) => {
  expect(parsePathTemplate(path, new Set(declared))).toEqual({ parts, fixedQuery, fragment, colonNames: [] });
});

test.each<[string, readonly string[], readonly unknown[], readonly string[]]>([
  ['/todos/:id', [], ['/todos/', parameter('id')], ['id']],
  ['/todos/:id/items/:itemId', ['id'], ['/todos/', parameter('id'), '/items/', parameter('itemId')], ['id', 'itemId']],
  ['/a/{b}/:c', ['b', 'c'], ['/a/', parameter('b'), '/', parameter('c')], ['c']],
  ['/a/{b}/:run', ['b'], ['/a/', parameter('b'), '/:run'], []],
  ['/items:archive', [], ['/items:archive'], []],
  ['/a/:1', [], ['/a/:1'], []],
])('%s with declared %j', (path, declared, parts, colonNames) => {
  expect(parsePathTemplate(path, new Set(declared))).toMatchObject({ parts, colonNames });
});
