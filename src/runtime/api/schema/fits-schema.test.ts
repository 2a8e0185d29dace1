import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonSchema } from '../../../model/index.ts';
import { propertyRuns } from '../../../property-runs.test.fixture.ts';
import { exampleValue } from './example-value.ts';
import { fitsSchema } from './fits-schema.ts';
import { textOfFormat } from './text-formats.ts';

const ajv = addFormats.default(new Ajv2020({ strict: false, validateSchema: false, logger: false }));

/** Values that a schema of {@link schemas} may or may not accept. */
const values = fc.oneof(
  fc.constantFrom(null, true, 0, 1, 2.5, -3, 'a', 'ab', 'abc', '2024-02-30', '2024-02-29', [], {}, [1, 1], [1, 'a']),
  fc.record(
    { a: fc.constantFrom(1, 'x', null), b: fc.constantFrom(2, 'y') },
    { requiredKeys: [], noNullPrototype: true },
  ),
  fc.array(fc.constantFrom(1, 2, 'a'), { maxLength: 3 }),
);

const schemas = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom<JsonSchema>(
      true,
      false,
      { type: 'integer', minimum: 1 },
      { type: ['string', 'null'], maxLength: 2 },
      { type: 'string', format: 'date' },
      { enum: ['a', 1, null] },
      { const: { a: 1 } },
      { type: 'number', multipleOf: 0.5, exclusiveMaximum: 2.5 },
      { type: 'string', pattern: '^ab?$' },
      { type: 'array', uniqueItems: true, minItems: 1 },
      { type: 'object', required: ['a'], additionalProperties: false, properties: { a: { type: 'integer' } } },
      { type: 'object', patternProperties: { '^a': { type: 'integer' } }, minProperties: 1 },
      { propertyNames: { maxLength: 1 }, dependentRequired: { a: ['b'] } },
    ),
    fc.record<{ allOf: JsonSchema[] }>({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }) }),
    fc.record<{ anyOf: JsonSchema[] }>({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record<{ oneOf: JsonSchema[] }>({ oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    tie('schema').map((not) => ({ not })),
    fc
      .tuple(tie('schema'), tie('schema'), tie('schema'))
      .map(([first, then, other]) => ({ if: first, then, else: other })),
    tie('schema').map((items) => ({ items, contains: { const: 1 }, maxContains: 1 })),
    fc.tuple(tie('schema'), tie('schema')).map(([one, items]) => ({ prefixItems: [one], items })),
    tie('schema').map((a) => ({ properties: { a }, unevaluatedProperties: false })),
    // Ajv disagrees with the specification about what an alternative that is `true` evaluates.
    fc
      .constantFrom<JsonSchema>(
        { properties: { a: { type: 'integer' } } },
        { anyOf: [{ required: ['a'], properties: { a: { const: 1 } } }, { properties: { b: true } }] },
        { if: { required: ['b'] }, then: { properties: { a: true } } },
        { patternProperties: { '^a': true } },
      )
      .map((part) => ({ allOf: [part], properties: { b: true }, unevaluatedProperties: false })),
  ),
})).schema;

test('what fits is what Ajv accepts', () => {
  fc.assert(
    fc.property(schemas, fc.array(values, { minLength: 4, maxLength: 8 }), (schema, given) => {
      const check = ajv.compile(schema);
      for (const value of given)
        expect(fitsSchema(value, schema, {}), JSON.stringify([schema, value])).toBe(check(value));
    }),
    { numRuns: propertyRuns(1_000) },
  );
});

test('an example is accepted by Ajv, unless no plain value is', () => {
  fc.assert(
    fc.property(schemas, (schema) => {
      const check = ajv.compile(schema);
      const example = exampleValue(schema, {});
      if (!check(example))
        expect(
          [{}, 'example', 1, true, [], null].filter((value) => check(value)),
          JSON.stringify(schema),
        ).toEqual([]);
    }),
    { numRuns: propertyRuns(1_000) },
  );
});

describe('formats', () => {
  const formats = [
    'date',
    'date-time',
    'time',
    'duration',
    'email',
    'hostname',
    'ipv4',
    'ipv6',
    'uri',
    'url',
    'uri-reference',
    'uri-template',
    'uuid',
    'byte',
    'json-pointer',
    'relative-json-pointer',
    'regex',
    'iso-date-time',
  ];

  test.each(formats)('%s: every text made for it has it, by ajv-formats too', (format) => {
    const check = ajv.compile({ type: 'string', format });
    for (let seed = 0; seed < 200; seed++) {
      let state = seed / 200;
      const random = () => {
        state = (state * 9301.7 + 0.49297) % 1;
        return seed === 0 ? 0 : state;
      };
      const text = textOfFormat(format, random) ?? '';
      expect([text, check(text), fitsSchema(text, { type: 'string', format }, {})]).toEqual([text, true, true]);
    }
  });

  test.each([
    ['date', '2024-02-30'],
    ['date-time', '2024-01-01 25:00:00Z'],
    ['date-time', '@{utcNow()}'],
    ['uuid', 'abc'],
    ['email', 'a@'],
    ['ipv4', '256.1.1.1'],
    ['ipv6', '1::2::3'],
    ['uri', '/a'],
    ['uri', 'https://a b'],
    ['hostname', 'a_b'],
    ['duration', 'P'],
    ['byte', 'a'],
    ['regex', '('],
  ])('%s is not %s', (format, text) => {
    expect(fitsSchema(text, { type: 'string', format }, {})).toBe(false);
    expect(ajv.compile({ type: 'string', format })(text)).toBe(false);
  });
});
