import { describe, expect, test } from 'vitest';
import type { XmlNode, XmlPlan } from '../../../../model/index.ts';
import { xmlBody } from './xml.ts';

const document = (properties: Readonly<Record<string, XmlNode>>, nodes: XmlPlan['nodes'] = {}): XmlPlan => ({
  root: { name: 'document', properties },
  nodes,
});
const ANIMALS = { animals: ['dog', 'cat'] };

// OpenAPI 3.1.1 and 3.2.0 "XML Object Examples".
test.each([
  {
    why: 'basic string',
    plan: document({}),
    given: { animals: 'dog, cat' },
    want: '<document><animals>dog, cat</animals></document>',
  },
  {
    why: 'basic list',
    plan: document({ animals: {} }),
    given: ANIMALS,
    want: '<document><animals>dog</animals><animals>cat</animals></document>',
  },
  {
    why: 'name replacement',
    plan: document({ id: { name: 'key' } }),
    given: { id: 1 },
    want: '<document><key>1</key></document>',
  },
  {
    why: 'attribute, prefix and namespace',
    plan: {
      root: {
        name: 'Person',
        properties: {
          id: { attribute: true },
          name: { namespace: 'https://example.com/schema/sample', prefix: 'sample' },
        },
      },
      nodes: {},
    },
    given: { name: 'example', id: 123 },
    want: '<Person id="123"><sample:name xmlns:sample="https://example.com/schema/sample">example</sample:name></Person>',
  },
  {
    why: 'names of items',
    plan: document({ animals: { items: { name: 'animal' } } }),
    given: ANIMALS,
    want: '<document><animal>dog</animal><animal>cat</animal></document>',
  },
  {
    why: 'the outer name has no effect',
    plan: document({ animals: { name: 'aliens', items: { name: 'animal' } } }),
    given: ANIMALS,
    want: '<document><animal>dog</animal><animal>cat</animal></document>',
  },
  {
    why: 'wrapped',
    plan: document({ animals: { wrapped: true } }),
    given: ANIMALS,
    want: '<document><animals><animals>dog</animals><animals>cat</animals></animals></document>',
  },
  {
    why: 'wrapped, items named',
    plan: document({ animals: { wrapped: true, items: { name: 'animal' } } }),
    given: ANIMALS,
    want: '<document><animals><animal>dog</animal><animal>cat</animal></animals></document>',
  },
  {
    why: 'wrapped, both named',
    plan: document({ animals: { wrapped: true, name: 'aliens', items: { name: 'animal' } } }),
    given: ANIMALS,
    want: '<document><aliens><animal>dog</animal><animal>cat</animal></aliens></document>',
  },
  {
    why: 'wrapped, outer named',
    plan: document({ animals: { wrapped: true, name: 'aliens' } }),
    given: ANIMALS,
    want: '<document><aliens><aliens>dog</aliens><aliens>cat</aliens></aliens></document>',
  },
  {
    why: 'elements with attributes and text',
    plan: {
      root: {
        name: 'animals',
        wrapped: true,
        items: { name: 'animal', properties: { kind: { attribute: true, name: 'kind' }, name: { text: true } } },
      },
      nodes: {},
    },
    given: [{ kind: 'Cat', name: 'Fluffy' }],
    want: '<animals><animal kind="Cat">Fluffy</animal></animals>',
  },
  {
    why: 'cdata',
    plan: document({ content: { cdata: true } }),
    given: { content: '<html>]]></html>' },
    want: '<document><![CDATA[<html>]]]]><![CDATA[></html>]]></document>',
  },
  {
    why: 'null',
    plan: document({ count: { attribute: true } }),
    given: { count: null, related: null },
    want: '<document><related xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/></document>',
  },
  {
    why: 'empty objects',
    plan: document({}),
    given: { related: {}, text: '' },
    want: '<document><related/><text/></document>',
  },
  {
    why: 'a list at the root needs an element',
    plan: { root: { name: 'list', items: { name: 'n' } }, nodes: {} },
    given: [1, 2],
    want: '<list><n>1</n><n>2</n></list>',
  },
  { why: 'a primitive at the root', plan: { root: { name: 'n' }, nodes: {} }, given: 5, want: '<n>5</n>' },
  {
    why: 'schema order',
    plan: document({ a: {}, b: {} }),
    given: { c: 1, b: 2, a: 3 },
    want: '<document><a>3</a><b>2</b><c>1</c></document>',
  },
  {
    why: 'recursive schemas',
    plan: document(
      { child: { ref: 'Node' } },
      { Node: { properties: { id: { attribute: true }, child: { ref: 'Node', name: 'kid' } } } },
    ),
    given: { child: { id: 1, child: { id: 2 } } },
    want: '<document><child id="1"><kid id="2"/></child></document>',
  },
  {
    why: 'a namespace is declared once, and the default one too',
    plan: {
      root: {
        name: 'r',
        namespace: 'urn:d',
        properties: { x: { prefix: 'p', namespace: 'urn:p', properties: { y: { prefix: 'p', namespace: 'urn:p' } } } },
      },
      nodes: {},
    },
    given: { x: { y: 1 } },
    want: '<r xmlns="urn:d"><p:x xmlns:p="urn:p"><p:y>1</p:y></p:x></r>',
  },
] satisfies { why: string; plan: XmlPlan; given: unknown; want: string }[])('$why', ({ plan, given, want }) => {
  expect(xmlBody(plan, given)).toBe(want);
});

describe('escaping (XML 1.0 §2.4, §3.3.3)', () => {
  test('text and attributes', () => {
    const plan = document({ a: { attribute: true } });
    expect(xmlBody(plan, { a: '"<&>\n\t', t: '<&>]]>\r"' })).toBe(
      '<document a="&quot;&lt;&amp;&gt;&#10;&#9;"><t>&lt;&amp;&gt;]]&gt;&#13;"</t></document>',
    );
  });

  test.each([{ 'a><b': 1 }, { 'a b': 1 }, { '1a': 1 }, { '': 1 }, { a: '\u0001' }, { a: 'x\ud800' }])(
    'refuses %j',
    (given) => {
      expect(() => xmlBody(document({}), given)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENTS' }));
    },
  );
});
