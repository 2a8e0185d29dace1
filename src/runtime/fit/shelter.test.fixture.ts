// An API of the shape that is often used to compare servers by tokens: 19 operations, three tags, bodies in three media
// types, an upload, and arguments that are mostly optional.
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const MEDIA_TYPES = ['application/json', 'application/xml', 'application/x-www-form-urlencoded'];
const body = (name: string) => ({
  content: Object.fromEntries(MEDIA_TYPES.map((type) => [type, { schema: ref(name) }])),
  required: true,
});
const text = { type: 'string' };
const int64 = { type: 'integer', format: 'int64' };
const query = (name: string, schema: object = text, description = '') => ({ name, in: 'query', schema, description });
const path = (name: string, schema: object, description: string) => ({
  name,
  in: 'path',
  required: true,
  schema,
  description,
});
const status = { type: 'string', enum: ['available', 'pending', 'adopted'] };
const responses = { 200: { description: 'Successful operation' } };
const operation = (operationId: string, tag: string, summary: string, more: object = {}) => ({
  operationId,
  tags: [tag],
  summary,
  ...more,
  responses,
});

const dogId = path('dogId', int64, 'ID of the dog');
const adoptionId = path('adoptionId', int64, 'ID of the adoption');
const keeperName = path('username', text, 'The name of the keeper');

/** An OpenAPI document. */
export const SHELTER = {
  openapi: '3.0.4',
  info: { title: 'Dog shelter', version: '1.0.0' },
  servers: [{ url: 'https://shelter.test/api' }],
  paths: {
    '/dog': {
      put: operation('updateDog', 'dog', 'Update an existing dog.', { requestBody: body('Dog') }),
      post: operation('addDog', 'dog', 'Add a new dog to the shelter.', { requestBody: body('Dog') }),
    },
    '/dog/findByStatus': {
      get: operation('findDogsByStatus', 'dog', 'Finds dogs by status.', {
        parameters: [query('status', { ...status, default: 'available' }, 'Status values to filter by')],
      }),
    },
    '/dog/findByTags': {
      get: operation('findDogsByTags', 'dog', 'Finds dogs by tags.', {
        parameters: [query('tags', { type: 'array', items: text }, 'Tags to filter by')],
      }),
    },
    '/dog/{dogId}': {
      get: operation('getDogById', 'dog', 'Find dog by ID.', { parameters: [dogId] }),
      post: operation('updateDogWithForm', 'dog', 'Updates a dog with form data.', {
        parameters: [dogId, query('name'), query('status')],
      }),
      delete: operation('deleteDog', 'dog', 'Deletes a dog.', {
        parameters: [{ name: 'api_key', in: 'header', schema: text }, dogId],
      }),
    },
    '/dog/{dogId}/uploadPhoto': {
      post: operation('uploadPhoto', 'dog', 'Uploads an image of the dog.', {
        parameters: [dogId, query('additionalMetadata')],
        requestBody: { content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } },
      }),
    },
    '/adoption/inventory': { get: operation('getInventory', 'adoption', 'Returns dog inventories by status.') },
    '/adoption': {
      post: operation('placeAdoption', 'adoption', 'Place an adoption of a dog.', { requestBody: body('Adoption') }),
    },
    '/adoption/{adoptionId}': {
      get: operation('getAdoptionById', 'adoption', 'Find signed adoption by ID.', { parameters: [adoptionId] }),
      delete: operation('deleteAdoption', 'adoption', 'Delete signed adoption by identifier.', {
        parameters: [adoptionId],
      }),
    },
    '/keeper': { post: operation('createKeeper', 'keeper', 'Create keeper.', { requestBody: body('Keeper') }) },
    '/keeper/createWithList': {
      post: operation('createKeepersWithListInput', 'keeper', 'Creates list of keepers with given input array.', {
        requestBody: { content: { 'application/json': { schema: { type: 'array', items: ref('Keeper') } } } },
      }),
    },
    '/keeper/login': {
      get: operation('loginKeeper', 'keeper', 'Logs keeper into the system.', {
        parameters: [query('username'), query('password')],
      }),
    },
    '/keeper/logout': { get: operation('logoutKeeper', 'keeper', 'Logs out current logged in keeper session.') },
    '/keeper/{username}': {
      get: operation('getKeeperByName', 'keeper', 'Get keeper by username.', { parameters: [keeperName] }),
      put: operation('updateKeeper', 'keeper', 'Update keeper resource.', {
        parameters: [keeperName],
        requestBody: body('Keeper'),
      }),
      delete: operation('deleteKeeper', 'keeper', 'Delete keeper resource.', { parameters: [keeperName] }),
    },
  },
  components: {
    schemas: {
      Breed: { type: 'object', properties: { id: int64, name: text } },
      Tag: { type: 'object', properties: { id: int64, name: text } },
      Dog: {
        type: 'object',
        required: ['name', 'photoUrls'],
        properties: {
          id: { ...int64, example: 10 },
          name: { ...text, example: 'Rex' },
          breed: ref('Breed'),
          photoUrls: { type: 'array', items: text },
          tags: { type: 'array', items: ref('Tag') },
          status: { ...status, description: 'dog status in the shelter' },
        },
      },
      Adoption: {
        type: 'object',
        properties: {
          id: int64,
          dogId: int64,
          quantity: { type: 'integer', format: 'int32', example: 7 },
          pickupDate: { type: 'string', format: 'date-time' },
          status: { type: 'string', enum: ['placed', 'approved', 'completed'] },
          complete: { type: 'boolean' },
        },
      },
      Keeper: {
        type: 'object',
        properties: {
          id: int64,
          username: text,
          firstName: text,
          lastName: text,
          email: text,
          password: text,
          phone: text,
          keeperStatus: { type: 'integer', format: 'int32' },
        },
      },
    },
  },
};
