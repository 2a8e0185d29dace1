import { createServer } from 'openapi-mcp';

const server = createServer({ name: 'people', version: '1.0.0' });
const people = new Map([
  ['1', { name: 'Alice', city: 'Basel' }],
  ['2', { name: 'Bob', city: 'Turin' }],
]);

// One resource: text, bytes, or data that is returned as JSON.
server.resource('config://app', { name: 'configuration', mimeType: 'application/json' }, () => ({ debug: true }));

// A URI template (RFC 6570). The types of its variables are inferred.
server.resource(
  'users://{id}/profile{?fields*}',
  { name: 'profile', description: 'Who a user is.', complete: { id: [...people.keys()] } },
  ({ id, fields = [] }) => {
    const person = people.get(id);
    if (!person) throw new Error(`There is no user ${id}.`);
    const wanted = Object.entries(person).filter(([key]) => fields.length === 0 || fields.includes(key));
    return Object.fromEntries(wanted);
  },
);

export default server;
