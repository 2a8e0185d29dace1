// A deterministic API of any size: a quarter of the operations each lists, creates, reads or deletes one of many
// resources, whose schemas refer to each other.

const WORDS = ['account', 'badge', 'cable', 'depot', 'engine', 'ferry', 'garden', 'harbour', 'island', 'jacket'];

/** An OpenAPI 3.1 document with `operations` operations (a multiple of four). */
export function syntheticDocument(operations) {
  const names = Array.from({ length: Math.ceil(operations / 4) }, (_, index) => nameOf(index));
  return {
    openapi: '3.1.1',
    info: { title: 'Synthetic API', version: '1.0.0', description: 'Made for measuring.' },
    servers: [{ url: 'https://api.example.com' }],
    paths: Object.assign({}, ...names.map(pathsOf)),
    components: { schemas: Object.assign(errorSchema(), ...names.map(schemasOf)) },
  };
}

const nameOf = (index) => `${WORDS[index % WORDS.length]}${Math.floor(index / WORDS.length)}`;
const capital = (name) => name[0].toUpperCase() + name.slice(1);
const refTo = (name) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema) => ({ 'application/json': { schema } });

function pathsOf(name) {
  const type = capital(name);
  const id = {
    name: 'id',
    in: 'path',
    required: true,
    description: `Number of the ${name}.`,
    schema: { type: 'integer' },
  };
  const failed = { description: 'It went wrong.', content: json(refTo('Failure')) };
  const operation = (verb, summary, more) => ({
    operationId: `${verb}${type}`,
    summary,
    description: `${summary}. Needs the right to see every ${name} of the organisation; what was removed is not found.`,
    tags: [name.replace(/\d+$/, '')],
    ...more,
  });
  return {
    [`/${name}s`]: {
      get: operation('list', `List every ${name}`, {
        parameters: listParameters(name),
        responses: {
          200: { description: 'A page.', content: json({ type: 'array', items: refTo(type) }) },
          default: failed,
        },
      }),
      post: operation('create', `Create a ${name}`, {
        requestBody: { required: true, content: json(refTo(`New${type}`)) },
        responses: { 201: { description: 'Created.', content: json(refTo(type)) }, default: failed },
      }),
    },
    [`/${name}s/{id}`]: {
      get: operation('get', `Get one ${name}`, {
        parameters: [id],
        responses: { 200: { description: 'Found.', content: json(refTo(type)) }, default: failed },
      }),
      delete: operation('delete', `Delete a ${name}`, {
        parameters: [id],
        responses: { 204: { description: 'Gone.' }, default: failed },
      }),
    },
  };
}

function listParameters(name) {
  return [
    { name: 'page', in: 'query', description: 'Which page.', schema: { type: 'integer', minimum: 1, default: 1 } },
    { name: 'per_page', in: 'query', description: 'How many a page.', schema: { type: 'integer', maximum: 100 } },
    {
      name: 'sort',
      in: 'query',
      description: 'By what.',
      schema: { type: 'string', enum: ['created', 'updated', 'name'] },
    },
    {
      name: 'labels',
      in: 'query',
      description: `Only where the ${name} has all of these.`,
      schema: { type: 'array', items: { type: 'string' } },
    },
  ];
}

function schemasOf(name, index, names) {
  const type = capital(name);
  const next = capital(names[(index + 1) % names.length]);
  const fields = {
    name: { type: 'string', minLength: 1, description: `What the ${name} is called.` },
    state: { type: 'string', enum: ['open', 'held', 'closed'], description: 'How far it is.' },
    labels: { type: 'array', items: { type: 'string' } },
    size: { type: ['number', 'null'], description: 'In metres; null where nobody has measured it.' },
    address: {
      type: 'object',
      properties: { street: { type: 'string' }, town: { type: 'string' }, country: { type: 'string', minLength: 2 } },
    },
  };
  return {
    [`New${type}`]: { type: 'object', required: ['name'], properties: fields },
    [type]: {
      type: 'object',
      required: ['id', 'name'],
      properties: {
        id: { type: 'integer', readOnly: true },
        ...fields,
        created_at: { type: 'string', format: 'date-time', readOnly: true },
        next: { description: 'What comes next.', ...refTo(next) },
      },
    },
  };
}

const errorSchema = () => ({
  Failure: { type: 'object', properties: { message: { type: 'string' }, code: { type: 'integer' } } },
});
