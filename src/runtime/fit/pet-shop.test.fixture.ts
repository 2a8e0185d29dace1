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
const status = { type: 'string', enum: ['available', 'pending', 'sold'] };
const responses = { 200: { description: 'Successful operation' } };
const operation = (operationId: string, tag: string, summary: string, more: object = {}) => ({
  operationId,
  tags: [tag],
  summary,
  ...more,
  responses,
});

const petId = path('petId', int64, 'ID of the pet');
const orderId = path('orderId', int64, 'ID of the order');
const userName = path('username', text, 'The name of the user');

/** An OpenAPI document. */
export const PET_SHOP = {
  openapi: '3.0.4',
  info: { title: 'Pet shop', version: '1.0.0' },
  servers: [{ url: 'https://shop.test/api' }],
  paths: {
    '/pet': {
      put: operation('updatePet', 'pet', 'Update an existing pet.', { requestBody: body('Pet') }),
      post: operation('addPet', 'pet', 'Add a new pet to the store.', { requestBody: body('Pet') }),
    },
    '/pet/findByStatus': {
      get: operation('findPetsByStatus', 'pet', 'Finds pets by status.', {
        parameters: [query('status', { ...status, default: 'available' }, 'Status values to filter by')],
      }),
    },
    '/pet/findByTags': {
      get: operation('findPetsByTags', 'pet', 'Finds pets by tags.', {
        parameters: [query('tags', { type: 'array', items: text }, 'Tags to filter by')],
      }),
    },
    '/pet/{petId}': {
      get: operation('getPetById', 'pet', 'Find pet by ID.', { parameters: [petId] }),
      post: operation('updatePetWithForm', 'pet', 'Updates a pet with form data.', {
        parameters: [petId, query('name'), query('status')],
      }),
      delete: operation('deletePet', 'pet', 'Deletes a pet.', {
        parameters: [{ name: 'api_key', in: 'header', schema: text }, petId],
      }),
    },
    '/pet/{petId}/uploadFile': {
      post: operation('uploadFile', 'pet', 'Uploads an image of the pet.', {
        parameters: [petId, query('additionalMetadata')],
        requestBody: { content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } },
      }),
    },
    '/store/inventory': { get: operation('getInventory', 'store', 'Returns pet inventories by status.') },
    '/store/order': {
      post: operation('placeOrder', 'store', 'Place an order for a pet.', { requestBody: body('Order') }),
    },
    '/store/order/{orderId}': {
      get: operation('getOrderById', 'store', 'Find purchase order by ID.', { parameters: [orderId] }),
      delete: operation('deleteOrder', 'store', 'Delete purchase order by identifier.', {
        parameters: [orderId],
      }),
    },
    '/user': { post: operation('createUser', 'user', 'Create user.', { requestBody: body('User') }) },
    '/user/createWithList': {
      post: operation('createUsersWithListInput', 'user', 'Creates list of users with given input array.', {
        requestBody: { content: { 'application/json': { schema: { type: 'array', items: ref('User') } } } },
      }),
    },
    '/user/login': {
      get: operation('loginUser', 'user', 'Logs user into the system.', {
        parameters: [query('username'), query('password')],
      }),
    },
    '/user/logout': { get: operation('logoutUser', 'user', 'Logs out current logged in user session.') },
    '/user/{username}': {
      get: operation('getUserByName', 'user', 'Get user by username.', { parameters: [userName] }),
      put: operation('updateUser', 'user', 'Update user resource.', {
        parameters: [userName],
        requestBody: body('User'),
      }),
      delete: operation('deleteUser', 'user', 'Delete user resource.', { parameters: [userName] }),
    },
  },
  components: {
    schemas: {
      Category: { type: 'object', properties: { id: int64, name: text } },
      Tag: { type: 'object', properties: { id: int64, name: text } },
      Pet: {
        type: 'object',
        required: ['name', 'photoUrls'],
        properties: {
          id: { ...int64, example: 10 },
          name: { ...text, example: 'Rex' },
          category: ref('Category'),
          photoUrls: { type: 'array', items: text },
          tags: { type: 'array', items: ref('Tag') },
          status: { ...status, description: 'pet status in the store' },
        },
      },
      Order: {
        type: 'object',
        properties: {
          id: int64,
          petId: int64,
          quantity: { type: 'integer', format: 'int32', example: 7 },
          shipDate: { type: 'string', format: 'date-time' },
          status: { type: 'string', enum: ['placed', 'approved', 'delivered'] },
          complete: { type: 'boolean' },
        },
      },
      User: {
        type: 'object',
        properties: {
          id: int64,
          username: text,
          firstName: text,
          lastName: text,
          email: text,
          password: text,
          phone: text,
          userStatus: { type: 'integer', format: 'int32' },
        },
      },
    },
  },
};
