// A deterministic directory API: thousands of operations over one graph of entity types in which every type reaches
// every other one, through base types, navigation properties, collections, and the bodies of actions.

const AREAS = ['user', 'group', 'device', 'mailbox', 'calendar', 'site', 'drive', 'team', 'policy', 'report'];
const ROLES = ['', 'Setting', 'Member', 'Assignment', 'Rule', 'Item', 'Event', 'Template', 'Profile', 'Request'];
const TYPES = 600;

/** An OpenAPI 3.0 document with `operations` operations over 600 types. */
export function connectedDocument(operations) {
  const paths = {};
  let left = operations;
  for (let index = 0; left > 0; index++) {
    for (const [path, item] of Object.entries(pathsOf(index))) {
      const kept = Object.entries(item).slice(0, left);
      if (kept.length) paths[path] = Object.fromEntries(kept);
      left -= kept.length;
    }
  }
  return {
    openapi: '3.0.3',
    info: { title: 'Connected directory API', version: '1.0.0', description: 'Made for measuring.' },
    servers: [{ url: 'https://directory.example.com/v1.0' }],
    paths,
    components: {
      schemas: Object.assign(sharedTypes(), ...Array.from({ length: TYPES }, (_, index) => entityOf(index))),
      responses: { error: { description: 'Error', content: json(refTo('error')) } },
    },
  };
}

const refTo = (name) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema) => ({ 'application/json': { schema } });
const capital = (name) => name[0].toUpperCase() + name.slice(1);

function typeName(index) {
  const at = index % TYPES;
  const area = AREAS[at % AREAS.length];
  const role = ROLES[Math.floor(at / AREAS.length) % ROLES.length];
  const generation = Math.floor(at / (AREAS.length * ROLES.length));
  return `${area}${role}${generation || ''}`;
}

/** Type `index` reaches its successor, so the graph is one cycle, and others far away, so that it is also shallow. */
const neighbours = (index) => [1, 7, 31, 97, 211, 389].map((step) => typeName(index + step));

/** The type, the body of an action on it, and the settings in it. */
function entityOf(index) {
  const name = typeName(index);
  const [next, ...others] = neighbours(index);
  const properties = Object.assign(
    {},
    ...Array.from({ length: 3 + (index % 4) }, (_, at) => scalarProperty(name, at)),
    ...others.map((other, at) => navigationProperty(name, other, at)),
  );
  const own = {
    title: name,
    type: 'object',
    ...(index % 3 === 0 && { required: ['displayName'] }),
    properties: {
      displayName: { type: 'string', description: `The display name of the ${name}. Supports filter and orderby.` },
      ...properties,
      settings: refTo(`${name}Configuration`),
      [next]: refTo(next),
    },
  };
  return {
    [name]: { allOf: [refTo(index % 2 ? 'entity' : 'directoryObject'), own] },
    [`${name}Configuration`]: {
      title: `${name}Configuration`,
      type: 'object',
      properties: {
        isEnabled: { type: 'boolean', description: 'Whether the configuration applies.', default: false },
        appliesTo: { anyOf: [refTo(others[0]), refTo(`${others[1]}Configuration`)], nullable: true },
        limits: { type: 'object', additionalProperties: refTo('quota') },
        state: refTo('lifecycleState'),
      },
    },
  };
}

function scalarProperty(name, at) {
  const kinds = [
    { type: 'string', nullable: true },
    { type: 'string', format: 'date-time', nullable: true, readOnly: at % 4 === 1 },
    { type: 'boolean', nullable: true },
    { type: 'integer', format: 'int32', minimum: 0 },
    { type: 'array', items: { type: 'string' } },
    refTo('lifecycleState'),
  ];
  const described = { description: `Attribute ${at} of the ${name}, as administrators see it. Returned by default.` };
  const kind = kinds[at % kinds.length];
  return { [`attribute${at}`]: kind.$ref ? kind : { ...kind, ...described } };
}

function navigationProperty(name, other, at) {
  if (at % 2 === 0) return { [other]: refTo(other) };
  return {
    [`${other}s`]: {
      type: 'array',
      items: refTo(other),
      description: `The ${other} objects that are related to this ${name}. Nullable. Supports expand.`,
    },
  };
}

const sharedTypes = () => ({
  entity: {
    title: 'entity',
    type: 'object',
    properties: { id: { type: 'string', description: 'Unique identifier.' } },
  },
  directoryObject: {
    allOf: [
      refTo('entity'),
      {
        type: 'object',
        properties: {
          deletedDateTime: { type: 'string', format: 'date-time', nullable: true },
          owner: refTo(typeName(0)),
        },
      },
    ],
  },
  quota: { type: 'object', required: ['total'], properties: { total: { type: 'integer' }, unit: { type: 'string' } } },
  lifecycleState: { type: 'string', enum: ['draft', 'active', 'suspended', 'retired', 'unknownFutureValue'] },
  error: {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['code', 'message'],
        properties: { code: { type: 'string' }, message: { type: 'string' }, target: { type: 'string' } },
      },
    },
  },
});

/** The same types are reached below many roots, as navigation paths are. */
function pathsOf(index) {
  const type = typeName(index);
  const round = Math.floor(index / TYPES);
  const parent = typeName(index + 13 * round + 1);
  const base = round === 0 ? `/${type}s` : `/${parent}s/{${parent}-id}/${type}${round}s`;
  const id = `${type}-id`;
  const operationId = (verb) => `${round === 0 ? '' : `${parent}s.`}${type}${round || ''}.${verb}${capital(type)}`;
  const operation = (verb, summary, more) => ({
    tags: [`${parent}s.${type}`],
    summary,
    description: `${summary}. The caller needs a permission for ${type} objects, delegated or of the application.`,
    operationId: operationId(verb),
    ...more,
  });
  const found = (schema) => ({ '2XX': { description: 'Retrieved', content: json(schema) }, ...failed });
  const within = round === 0 ? [] : [pathParameter(`${parent}-id`, parent)];
  const one = [...within, pathParameter(id, type)];
  return {
    [base]: {
      get: operation('List', `List ${type} objects`, {
        parameters: [...within, ...listParameters(index)],
        responses: found({
          title: `Collection of ${type}`,
          type: 'object',
          properties: { value: { type: 'array', items: refTo(type) }, '@odata.nextLink': { type: 'string' } },
        }),
      }),
      post: operation('Create', `Create a ${type}`, {
        parameters: within,
        requestBody: { description: 'New object', required: true, content: json(refTo(type)) },
        responses: found(refTo(type)),
      }),
    },
    [`${base}/{${id}}`]: {
      get: operation('Get', `Get a ${type}`, {
        parameters: [...one, ...selection(index)],
        responses: found(refTo(type)),
      }),
      patch: operation('Update', `Update a ${type}`, {
        parameters: one,
        requestBody: { description: 'New values', required: true, content: json(refTo(type)) },
        responses: found(refTo(type)),
      }),
      delete: operation('Delete', `Delete a ${type}`, {
        parameters: [...one, { name: 'If-Match', in: 'header', description: 'ETag', schema: { type: 'string' } }],
        responses: { 204: { description: 'Success' }, ...failed },
      }),
    },
    [`${base}/{${id}}/assign`]: {
      post: operation('Assign', `Assign a ${type} to others`, {
        parameters: one,
        requestBody: { description: 'Action parameters', required: true, content: json(actionBody(index)) },
        responses: found({ type: 'object', properties: { value: { type: 'array', items: refTo(type) } } }),
      }),
    },
  };
}

const failed = { '4XX': { $ref: '#/components/responses/error' }, '5XX': { $ref: '#/components/responses/error' } };

function actionBody(index) {
  const [next, other] = neighbours(index);
  return {
    type: 'object',
    required: ['targets'],
    properties: {
      targets: { type: 'array', items: refTo(next) },
      template: refTo(other),
      notify: { type: 'boolean', default: true },
      comment: { type: 'string', nullable: true },
    },
  };
}

const pathParameter = (name, type) => ({
  name,
  in: 'path',
  description: `The unique identifier of the ${type}`,
  required: true,
  schema: { type: 'string' },
});

function listParameters(index) {
  return [
    { name: '$top', in: 'query', description: 'Show only the first n items', schema: { type: 'integer', minimum: 0 } },
    { name: '$skip', in: 'query', description: 'Skip the first n items', schema: { type: 'integer', minimum: 0 } },
    { name: '$search', in: 'query', description: 'Search items by search phrases', schema: { type: 'string' } },
    { name: '$filter', in: 'query', description: 'Filter items by property values', schema: { type: 'string' } },
    { name: '$count', in: 'query', description: 'Include count of items', schema: { type: 'boolean' } },
    listOf(
      '$orderby',
      'Order items by property values',
      fieldsOf(index).flatMap((name) => [name, `${name} desc`]),
    ),
    ...selection(index),
  ];
}

const selection = (index) => [
  listOf('$select', 'Select properties to be returned', [...fieldsOf(index), ...neighbours(index)]),
  listOf('$expand', 'Expand related entities', ['*', ...neighbours(index)]),
];

const fieldsOf = (index) => [
  'id',
  'displayName',
  ...Array.from({ length: 3 + (index % 4) }, (_, at) => `attribute${at}`),
];

const listOf = (name, description, values) => ({
  name,
  in: 'query',
  description,
  style: 'form',
  explode: false,
  schema: { uniqueItems: true, type: 'array', items: { type: 'string', enum: values } },
});
