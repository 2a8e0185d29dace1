import { createServer, fromOpenApi, maskErrors, redact, ToolError } from 'openapi-mcp';

const seenByOperators: string[] = [];
const onError = (error: Error) => seenByOperators.push(error.message);

// The model learns that something failed, you learn why. It still sees errors that it can fix: invalid arguments, most
// 4xx responses of an API, and a ToolError, which is meant for it.
const server = createServer({ name: 'accounts', version: '1.0.0' });
server.use(maskErrors({ onError }));
server.tool('balance', {}, () => {
  throw new Error('connect ECONNREFUSED db.internal:5432');
});
server.tool('transfer', {}, () => {
  throw new ToolError('The amount must be positive.');
});

const pets = await fromOpenApi(new URL('../../test-specs/petstore.yaml', import.meta.url), {
  baseUrl: process.env.PET_SHOP_URL,
});
server.mount('pets', pets);

// Hides the values of keys that look like secrets, and any text in `secrets`.
server.use(redact({ secrets: ['tr0ub4dor'] }));
server.tool('account', {}, () => ({ user: 'ann', apiKey: 'k-123', hint: 'it is tr0ub4dor' }));

export { seenByOperators, server as default };
