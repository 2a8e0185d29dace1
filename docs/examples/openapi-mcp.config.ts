import { defineConfig, filter, type Middleware } from 'openapi-mcp';

/** Your own middleware and transforms go in the same lists as the named ones. */
const polite: Middleware = async (call, next) => {
  const answer = await next(call);
  if (call.method === 'tools/call') process.stderr.write(`Thank you for ${call.params.name}.\n`);
  return answer;
};

export default defineConfig({
  name: 'desk',
  apis: {
    pets: {
      spec: '../../test-specs/petstore.yaml',
      headers: { 'X-Desk': process.env.DESK ?? '1' },
      transforms: [(provider) => filter(provider, { exclude: [{ name: 'remove*' }] })],
    },
  },
  // Tools, resources and prompts on the server itself, without a namespace.
  setup(server) {
    server.tool('about', { description: 'What this is.' }, () => 'The desk of the pet shop.');
  },
  middleware: [polite, { timeout: { ms: 10_000 } }],
});
