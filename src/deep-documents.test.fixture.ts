/** Documents whose schemas refer to each other in every shape, made as large as a test asks. */
type Json = Readonly<Record<string, unknown>>;

const REFERENCE = '#/components/schemas/';
const ref = (index: number): Json => ({ $ref: `${REFERENCE}S${index}` });

/** One operation that takes and answers a schema. */
export function documentOf(schema: Json, schemas: Json, mediaType = 'application/json', url = 'http://127.0.0.1:1') {
  const content = { 'application/json': { schema } };
  return {
    openapi: '3.0.3',
    info: { title: 'Shapes', version: '1' },
    servers: [{ url }],
    paths: {
      '/send': {
        post: {
          operationId: 'send',
          summary: 'Sends it.',
          requestBody: { content: { [mediaType]: { schema: { type: 'object', properties: { body: schema } } } } },
          responses: { 200: { description: 'ok', content } },
        },
      },
    },
    components: { schemas },
  };
}

export const LINKS: Readonly<Record<string, (next: Json, index: number) => Json>> = {
  property: (next) => ({ type: 'object', properties: { next } }),
  alias: (next) => next,
  allOf: (next, index) => ({ allOf: [next, { properties: { [`p${index}`]: { type: 'string' } } }] }),
  anyOf: (next) => ({ anyOf: [next, { type: 'string' }] }),
  items: (next) => ({ type: 'array', items: next }),
  additionalProperties: (next) => ({ type: 'object', additionalProperties: next }),
};

/** `length` schemas, each of which refers to the next. */
export function chain(length: number, link: (next: Json, index: number) => Json): Json {
  const last = { type: 'object', properties: { end: { type: 'string' } } };
  return Object.fromEntries(
    Array.from({ length }, (_, index) => [`S${index}`, index < length - 1 ? link(ref(index + 1), index) : last]),
  );
}

/** A schema that nests so many levels without a reference. */
export function nested(levels: number, wrap: (inner: Json) => Json): Json {
  let schema: Json = { type: 'string' };
  for (let level = 0; level < levels; level++) schema = wrap(schema);
  return schema;
}

/** `count` types, each with a property of every one of them. */
export function dense(count: number): Json {
  const properties = Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, ref(index)]));
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`S${index}`, { type: 'object', properties }]));
}

/** A union of `count` variants that refer back to it. */
export function union(count: number): Json {
  const variants = Array.from({ length: count }, (_, index) => [
    `V${index}`,
    { type: 'object', properties: { kind: { enum: [`k${index}`] }, inner: ref(0) } },
  ]);
  return {
    S0: { anyOf: variants.map(([name]) => ({ $ref: `${REFERENCE}${name}` })) },
    ...Object.fromEntries(variants),
  };
}

export const FIRST = ref(0);

/** `count` types, each of which is all that come after it, by `allOf`. */
export function lattice(count: number): Json {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const allOf = Array.from({ length: count - index - 1 }, (_, next) => ref(index + next + 1));
      return [`S${index}`, { type: 'object', properties: { [`p${index}`]: { type: 'string' } }, allOf }];
    }),
  );
}

/** So many operations over the schemas, each of which takes and answers one of them. */
export function operationsOf(count: number, schemas: Json) {
  const types = Object.keys(schemas).length;
  const content = (index: number) => ({ content: { 'application/json': { schema: ref(index % types) } } });
  const operation = (index: number) => ({
    operationId: `updateThing${index}`,
    summary: `Updates thing ${index}.`,
    requestBody: content(index),
    responses: { 200: { description: 'ok', ...content(index + 1) } },
  });
  const paths = Object.fromEntries(Array.from({ length: count }, (_, i) => [`/things${i}`, { post: operation(i) }]));
  return { ...documentOf(FIRST, schemas), paths };
}
